"""A team's projects; the document with its gate; its history."""

from datetime import UTC, datetime
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.gates.begin_again import season_for_another_try
from incubator.gates.contents import contents_of
from incubator.gates.facts import dossier_of, in_words, renamed
from incubator.gates.idea_deletion import may_delete_idea, may_restore_idea
from incubator.gates.journal import days_of, journal_of
from incubator.gates.milestone import landscape
from incubator.gates.others_writing import written_by_others
from incubator.gates.rules import GATES
from incubator.gates.workplace import in_document, on_its_own, projects_of, workplace
from incubator.http.templating import page, wants_json
from incubator.notifications.bell import unread_since_yesterday
from incubator.people.enrolments import may_keep_class
from incubator.people.guards import PersonRequest, signed_in, unread_by
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage
from incubator.projects.access import require
from incubator.projects.deadlines import binding_deadline
from incubator.projects.enter import enter
from incubator.projects.permissions import Action
from incubator.projects.staff_consents import staff_consent_notice
from incubator.projects.team import team_of

#: A page that asks for the first time was made some time before: its scripts may have come late. In seconds.
_FIRST = 15 * 60
_DIGITS = 12


class DocumentPages(Controller):
    path = "/projects"
    guards = [signed_in]

    @get()
    async def mine(self, request: PersonRequest) -> Response[Any]:
        return page(
            request, "gates/projects.html", projects=await projects_of(request.user), season=await current_season(),
            keeps_class=await may_keep_class(request.user), notice=await staff_consent_notice(request.user),
            happened=await unread_since_yesterday(request.user, unread=unread_by(request)),
        )  # fmt: skip

    @get("/{project_id:int}")
    async def document(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        another = await season_for_another_try(way.project) if way.may(Action.BEGIN_AGAIN) else None
        work = await workplace(way)
        return page(
            request, "gates/document.html", work=work, way=way, project=way.project, another=another,
            lines=contents_of(work, glances=True), may_delete=await may_delete_idea(way),
            may_restore=await may_restore_idea(way), landscape=await landscape(way.project) if work.is_passed else "",
        )  # fmt: skip

    @get("/{project_id:int}/gate")
    async def gate(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Return the checklist alone: a fragment for the page's script, or JSON."""
        way = await enter(request, project_id)
        if wants_json(request):
            mates, deadline = await team_of(way.project.id), await binding_deadline(way.project)
            names = {mate.person.id: way.name_of(mate.person) for mate in mates}
            dossier = renamed(await dossier_of(way.project), names.__getitem__)
            missing = GATES[Stage(way.project.stage)].blockers(dossier)
            return Response(
                {
                    "stage": way.project.stage,
                    "state": way.project.state,
                    "round": way.project.round,
                    "deadline": deadline.until.isoformat() if deadline else None,
                    "blockers": [{"code": b.code, "key": b.key, "text": in_words(b)} for b in missing],
                }
            )
        place = on_its_own if "apart" in request.query_params else in_document
        return page(request, "gates/_gate.html", work=await workplace(way, place), way=way, project=way.project)

    @get("/{project_id:int}/changes")
    async def changes(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Return what the others saved since a moment, for the page's script: JSON."""
        way = await enter(request, project_id)
        require(way.may(Action.WRITE))
        at = int(now().timestamp())
        sections = await written_by_others(way, since=_seconds(request.query_params.get("since", ""), at))
        return Response({"now": at, "sections": sections})

    @get("/{project_id:int}/history")
    async def history(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        entries = await journal_of(way.project, request.user)
        return page(request, "gates/history.html", way=way, project=way.project, days=days_of(entries))


def _seconds(text: str, at: int) -> datetime:
    """Return the moment that a page names in seconds since 1970; what is no moment before ``at`` counts as a first question."""
    is_moment = text.isascii() and text.isdigit() and len(text) < _DIGITS and int(text) <= at
    return datetime.fromtimestamp(int(text) if is_moment else at - _FIRST, UTC)


PAGES = [DocumentPages]
