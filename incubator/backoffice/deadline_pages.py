"""Until when each team may submit: who is late or nearly so, and one later date for those that are chosen."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post

from incubator.backoffice.team_deadlines import TeamDeadline, writing_teams
from incubator.core import limits
from incubator.core.languages import _, ngettext
from incubator.core.refusals import Refusal
from incubator.gates.extend import extend, mark_of
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.programme.stages import Stage
from incubator.projects.tables import Project

#: How many teams can be given a date at once, and how many are shown.
MOST_AT_ONCE = 200
#: Which teams are shown: whose date is over, whose date comes within a week, who has a date of its own, or all.
WHEN = ("late", "soon", "own", "all")


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """What part of the teams is shown, according to the address."""

    when: str
    stage: str

    @classmethod
    def of(cls, request: AnyRequest) -> "DeadlineView":
        when, stage = request.query_params.get("when", ""), request.query_params.get("stage", "")
        return cls(when if when in WHEN else "late", stage if stage in set(Stage) else "")

    def shows(self, row: TeamDeadline) -> bool:
        return {"late": row.is_late, "soon": row.is_soon, "own": row.is_own, "all": True}[self.when]

    def address(self, path: str = "", **changes: str) -> str:
        """Return the address of the same view with changes; ``path``: of an action on it."""
        values = {"when": self.when, "stage": self.stage} | changes
        kept = {k: v for k, v in values.items() if v and (k, v) != ("when", "late")}
        return f"/organiser/deadlines{path}" + (f"?{urlencode(kept)}" if kept else "")


class DeadlinePages(Controller):
    path = "/organiser/deadlines"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await _page(request, DeadlineView.of(request), Form())

    @post("/extensions")
    async def extend(self, request: PersonRequest) -> Response[Any]:
        """Give each chosen team the same date, each in a transaction of its own."""
        view, form = DeadlineView.of(request), await read_form(request)
        until = form.until("until", required=True)
        reason = form.text("reason", longest=limits.OFFICE_REASON)
        chosen = await _all_shown(request, view) if form.flag("all") else _chosen(form)
        if not chosen:
            form.refuse("until", _("Отметьте хотя бы одну команду"))
        if form.errors or until is None:
            return await _page(request, view, form, status=422)
        projects = {p.id: p for p in await Project.objects().where(Project.id.is_in([*chosen]))}
        given, missed = 0, []
        for project_id, read in chosen.items():
            if (project := projects.get(project_id)) is None:
                continue
            try:
                given += await extend(project, until, reason=reason, read=read, by=request.user)
            except Refusal as refusal:
                missed.append(f"{project.title or _('без названия')}: {refusal.message}")
        text = ngettext("Новый срок получила %(n)s команда", "Новый срок получили %(n)s команд", given)
        flashes = [Flash("success" if given else "info", text), *(Flash("warning", line) for line in missed[:5])]
        return redirect(view.address(), *flashes)


def _chosen(form: Form) -> dict[int, str]:
    """Return the chosen teams with the deadline that was shown for each."""
    pairs = [value.partition(" ")[::2] for value in form.values("team")[:MOST_AT_ONCE]]
    return {number: read for own, read in pairs if (number := id_in(own)) is not None}


async def _all_shown(request: PersonRequest, view: DeadlineView) -> dict[int, str]:
    """Return every team of the view with its deadline, beyond the page as well."""
    rows = await writing_teams(request.user, view.stage)
    return {row.project.id: mark_of(row.deadline) for row in rows if view.shows(row)}


async def _page(request: PersonRequest, view: DeadlineView, form: Form, *, status: int = 200) -> Response[Any]:
    rows = await writing_teams(request.user, view.stage)
    shown = [row for row in rows if view.shows(row)]
    return page(
        request, "backoffice/deadlines.html", status=status, view=view, form=form, rows=shown[:MOST_AT_ONCE],
        found=len(shown), more=max(0, len(shown) - MOST_AT_ONCE), stages=[s.value for s in Stage], chosen=set(form.values("team")),
        counts={when: sum(DeadlineView(when, "").shows(row) for row in rows) for when in WHEN},
    )  # fmt: skip


PAGES = [DeadlinePages]
