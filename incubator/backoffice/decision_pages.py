"""One page for each gate: everything in review with statistics; deciding, and releasing a selection."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post

from incubator.backoffice.review_queue import (
    CALIBRATED,
    FLAGS,
    NEEDS,
    InReview,
    Where,
    at_stage,
    counts,
    flagged,
    needing,
    not_of,
    number_of,
    page_of,
    queued,
    saying,
)
from incubator.core.formatting import percent
from incubator.core.languages import _, current_locale, ngettext
from incubator.core.refusals import Refusal
from incubator.gates.decide import mark_of
from incubator.gates.decision_mail import letter_of
from incubator.gates.release import release
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.keyset import After, after_of
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect, render
from incubator.notifications.mail_templates import worded
from incubator.people.guards import PersonRequest, organiser
from incubator.people.tables import Person
from incubator.programme.stages import Stage
from incubator.projects.deadline import Cause, Deadline
from incubator.projects.deadlines import time_from_now
from incubator.projects.document import Frozen, frozen_parts
from incubator.projects.lifecycle import Position, State, position_after
from incubator.projects.tables import Submission
from incubator.reviews.tables import Decision

PER_PAGE = 25
#: How many mails somebody can read through before they are sent.
MOST_AT_ONCE = 50
SORTS = ("oldest", "best", CALIBRATED, "apart")


@dataclass(frozen=True, slots=True)
class View:
    """What part of a gate is shown, according to the address."""

    stage: str
    need: str
    flag: str
    words: str
    sort: str
    after: After | None

    @classmethod
    def of(cls, request: AnyRequest) -> "View":
        query = request.query_params

        def one_of(name: str, options: Any, otherwise: str) -> str:
            value = query.get(name, "")
            return value if value in options else otherwise

        return cls(
            one_of("stage", [s.value for s in Stage], ""), one_of("need", NEEDS, ""),
            one_of("flag", FLAGS, ""), query.get("q", "").strip()[:80],
            one_of("sort", SORTS, "oldest"), after_of(request),
        )  # fmt: skip

    def filters(self) -> Where:
        """Return the condition for what it shows of its gate."""
        which = needing(self.need) if self.need else Where()
        which &= flagged(self.flag) if self.flag else Where()
        return which & saying(self.words) if self.words else which

    def address(self, **changes: Any) -> str:
        """Return the address of the same view with changes; defaults are left out."""
        values = {
            "stage": self.stage,
            "need": self.need,
            "flag": self.flag,
            "q": self.words,
            "sort": self.sort,
        } | changes
        kept = {k: v for k, v in values.items() if v and (k, v) != ("sort", "oldest")}
        return "/organiser/decisions" + (f"?{urlencode(kept)}" if kept else "")


class DecisionListPages(Controller):
    path = "/organiser/decisions"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        view = View.of(request)
        gate = await _gate(view, request.user)
        fields = _fields(request, gate.pop("sections"))
        return page(request, "backoffice/decisions.html", view=view, form=Form(), fields=fields, **gate)

    @get("/release")
    async def preview(self, request: PersonRequest) -> Response[Any]:
        """Show what will be announced: the mails as they will be sent, and what to check first."""
        pending = await _pending(request.user)
        return page(
            request, "backoffice/release.html", pending=[await _announcement(i) for i in pending[:MOST_AT_ONCE]],
            more=max(0, len(pending) - MOST_AT_ONCE),
        )  # fmt: skip

    @post("/release")
    async def release_all(self, request: PersonRequest) -> Response[Any]:
        """Release the selected pending decisions, each in its own transaction."""
        chosen = set((await read_form(request)).values("decision")[:MOST_AT_ONCE])
        released, missed = 0, []
        for item in await _pending(request.user):
            decision = await Decision.objects().where(Decision.standing_on(item.id)).first()
            if decision is None or mark_of(decision) not in chosen:
                continue
            chosen.discard(mark_of(decision))
            try:
                await release(decision, by=request.user)
                released += 1
            except Refusal as refusal:
                missed.append(f"{item.title}: {refusal.message}")
        if chosen:
            missed.append(
                ngettext(
                    "%(n)s решение за это время отменили или сменили: оно не объявлено",
                    "%(n)s решений за это время отменили или сменили: они не объявлены",
                    len(chosen),
                )
            )
        text = ngettext("Объявлено %(n)s решение", "Объявлено %(n)s решений", released)
        flashes = [Flash("success" if released else "info", text), *(Flash("warning", line) for line in missed[:5])]
        return redirect("/organiser/decisions", *flashes)


async def _gate(view: View, person: Person) -> dict[str, Any]:
    """Return one page of the view's gate; by default the first gate at which something waits."""
    others = not_of(person.id)
    counted = await counts(others)
    stage = view.stage or counted.first_stage or Stage.IDEA.value
    needs = counted.by_need(stage)
    which = others & at_stage(stage) & view.filters()
    rows, following_page = await page_of(which, stage, order=view.sort, after=view.after, size=PER_PAGE)
    return {
        "stage": stage,
        "items": rows,
        "found": await number_of(which) if view.filters().conditions else needs.total(),
        "of": needs.total(),
        "counts": {s.value: counted.by_stage[s.value] for s in Stage},
        "needs": {need: needs[need] for need in NEEDS},
        "next": following_page,
        "sections": await _open_sections(rows),
        "pending": counted.needing("release"),
    }


def _fields(request: PersonRequest, sections: dict[int, list[Frozen]]) -> dict[int, str]:
    """Return the fields for deciding on each submission; those with the same sections share them."""
    rendered: dict[tuple[str, ...], str] = {}
    found: dict[int, str] = {}
    for submission, parts in sections.items():
        titles = tuple(f"{part.key} {part.title}" for part in parts)
        if titles not in rendered:
            rendered[titles] = render(request, "backoffice/_decision_fields.html", parts=parts)
        found[submission] = rendered[titles]
    return found


async def _open_sections(items: list[InReview]) -> dict[int, list[Frozen]]:
    """Return the sections of undecided submissions, to which a decision's remarks are anchored."""
    open_ids = [item.id for item in items if not item.outcome]
    submissions = await Submission.objects().where(Submission.id.is_in(open_ids or [0]))
    return {submission.id: frozen_parts(submission) for submission in submissions}


async def _pending(person: Person) -> list[InReview]:
    return await queued(not_of(person.id) & needing("release"))


@dataclass(frozen=True, slots=True)
class Announcement:
    """A pending decision as its team will read it."""

    item: InReview
    decision: Decision
    mark: str
    subject: str
    body: list[str]
    doubts: list[str]
    """What an organiser may want to check again."""


async def _announcement(item: InReview) -> Announcement:
    decision = await Decision.objects().where(Decision.standing_on(item.id)).first()
    submission = await Submission.objects().get(Submission.id == item.id)
    assert decision is not None
    assert submission is not None
    to = position_after(item.outcome, item.stage, item.round)
    deadline = await _deadline_then(item, decision, to)
    key, paragraphs, values = await letter_of(to.state, to.stage, submission, decision, deadline, current_locale())
    words = await worded(key, current_locale(), values)
    doubts = []
    if item.statistics.count < item.required:
        doubts.append(_("рецензий меньше, чем просит сезон"))
    elif item.statistics.is_short_of(item.required):
        doubts.append(_("наставников, которые оценили хотя бы половину критериев, меньше, чем просит сезон"))
    if item.statistics.is_divided:
        doubts.append(_("мнения наставников разошлись"))
    if item.statistics.covers_little:
        doubts.append(
            _("наставники оценили только %(share)s критериев по весу", share=percent(100 * item.statistics.coverage))
        )
    if item.outcome == "stop" and item.statistics.recommendations["stop"] == 0:
        doubts.append(_("никто из наставников не советовал остановить"))
    return Announcement(item, decision, mark_of(decision), words.subject, [words.body, *paragraphs], doubts)


async def _deadline_then(item: InReview, decision: Decision, to: Position) -> Deadline | None:
    """Return the deadline that the team gets if the decision is released now."""
    if to.state is not State.DRAFT:
        return None
    days = decision.revise_days if item.outcome == "return" else None
    return await time_from_now(item.season, to.stage, to.round, Cause.RETURNED, days=days)


PAGES = [DecisionListPages]
