"""Submitting at a gate, withdrawing the submission, leaving the programme, and reopening."""

from contextlib import suppress
from datetime import datetime

import msgspec

from incubator.core.clock import arrival, now
from incubator.core.folding import folded
from incubator.core.formatting import deadline as formatted
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.gates.facts import GateClosed, blockers_of
from incubator.history.record import Happened, record
from incubator.http.markdown.version import GRAMMAR
from incubator.http.prose import Prose, prose_of
from incubator.people.tables import Person
from incubator.programme.seasons import criteria_at, mark_in_use
from incubator.projects.access import require_may, require_reason
from incubator.projects.deadline import Cause, Deadline
from incubator.projects.deadlines import (
    binding_deadline,
    give_days,
    give_until,
    require_ahead,
    require_not_earlier_than_everybody,
    round_after_reopening,
)
from incubator.projects.document import freeze, parts_of, texts_to_render
from incubator.projects.lifecycle import State, Step
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, ProjectRole
from incubator.projects.revisions import complete_revisions
from incubator.projects.tables import Project, Submission
from incubator.projects.transition import StageChanged, transition
from incubator.publication.publish import retract_version
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.tables import Assignment, Decision


async def submit(project: Project, *, by: Person) -> Submission:
    """Freeze the document as the next version and submit it.

    Raises NotAllowed for all but the captain, StageChanged if the project is no longer in
    draft, as the page showed it, GateClosed with everything that is missing.
    """
    while True:
        # Rendering takes time, so it is done before the transaction, and repeated if a section was saved meanwhile.
        prose = await prose_of(texts_to_render(await parts_of(project)))
        with suppress(_Unrendered):
            return await _submit(project, prose, by=by)


class _Unrendered(Exception):
    """A section was saved after the document was rendered."""


async def _submit(seen: Project, prose: Prose, *, by: Person) -> Submission:
    async with writing():
        project = await lock_project(seen.id)
        await require_may(by, Action.SUBMIT, project.id)
        if (project.state, project.stage, project.round) != (seen.state, seen.stage, seen.round):
            raise StageChanged
        moved = await transition(project, Step.SUBMIT)
        if blockers := await blockers_of(moved):
            raise GateClosed(blockers)
        submission = await freeze_version(moved, prose, by=by)
        await record(Happened.SUBMITTED, by=by, project=moved.id, submission=submission.id, number=submission.number)
        return submission


async def freeze_version(project: Project, prose: Prose, *, by: Person | None) -> Submission:
    """Store the next numbered version of ``project`` as it is now. Call inside a transaction."""
    parts = await parts_of(project)
    if not all(text in prose for text in texts_to_render(parts)):
        raise _Unrendered
    rubric = await criteria_at(project.season, project.stage)
    await mark_in_use([p.section for p in parts], rubric)
    number = 1 + await Submission.count().where(Submission.project == project.id)
    submission = Submission(
        project=project.id, number=number, stage=project.stage, round=project.round, title=project.title,
        folded=folded(project.title)[:300], content=freeze(parts, prose), grammar=GRAMMAR, rubric=msgspec.json.encode([c.id for c in rubric]).decode(),
        submitted_at=arrival(), submitted_by=by.id if by else None,
    )  # fmt: skip
    await submission.save()
    await complete_revisions(project.id)
    return submission


async def pending_submission(project: Project) -> Submission | None:
    """Return the submission in review, if any."""
    return (
        await Submission.objects()
        .where(
            (Submission.project == project.id)
            & (Submission.stage == project.stage)
            & (Submission.round == project.round)
            & Submission.standing()
        )
        .order_by(Submission.number, ascending=False)
        .first()
    )


class TooLateToReturn(Refusal):
    """Taken back now, the submission could hardly be handed in again; the captain has to say that they know it."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__(
            _("Сдать ещё раз можно только до %(until)s. Подтвердите, что заявку всё равно надо забрать.",
              until=formatted(deadline.until))
        )  # fmt: skip
        self.deadline = deadline


async def take_back(project: Project, *, by: Person, is_sure: bool = False) -> None:
    """Withdraw the submission, as captain, before a decision is taken.

    Raises TooLateToReturn when the deadline is over or less than a day away, unless
    ``is_sure``: the captain has read what it means.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.TAKE_BACK, project.id)
        deadline = await binding_deadline(project)
        if project.state == State.IN_REVIEW and deadline and deadline.is_close(now()) and not is_sure:
            raise TooLateToReturn(deadline)
        submission = await close_submission(project, Ending.TAKEN_BACK, by=by)
        await transition(project, Step.TAKE_BACK)
        await record(Happened.TAKEN_BACK, by=by, project=project.id, submission=submission.id)


async def close_submission(project: Project, ending: Ending, *, by: Person) -> Submission:
    """Take the submission off review, and return it.

    Record an event with its id, from which its mentors are told (``reviews/assignment/audiences.py``). Call inside a
    transaction that has locked the project.
    """
    submission = await pending_submission(project)
    if submission is None:
        raise StageChanged
    if await Decision.exists().where(Decision.submission == submission.id):
        raise Refusal(
            _("Решение по этой заявке уже готовится: снять её с рецензии можно, только если организатор его отменит")
        )
    at = now()
    await Submission.update({Submission.taken_back_at: at}).where(Submission.id == submission.id)
    await Assignment.update({Assignment.cancelled_at: at, Assignment.cancel_code: ending.value}).where(
        (Assignment.submission == submission.id) & Assignment.cancelled_at.is_null()
    )
    await retract_version(project, submission, by=by)
    return submission


async def leave(project: Project, *, by: Person, reason: str = "") -> None:
    """Leave the programme, as captain or teacher, or withdraw the team, as organiser; the document stays readable.

    An organiser gives a ``reason``, and the team is told by mail.
    """
    async with writing():
        fresh = await lock_project(project.id)
        role = await require_may(by, Action.LEAVE, project.id)
        is_office = role == ProjectRole.ORGANISER
        if is_office:
            require_reason(reason)
        ending = Ending.WITHDRAWN if is_office else Ending.LEFT
        closed = await close_submission(fresh, ending, by=by) if fresh.state == State.IN_REVIEW else None
        await transition(fresh, Step.LEAVE)
        about = {"project": project.id, "submission": closed.id if closed else None}
        if not is_office:
            await record(Happened.LEFT, by=by, **about)
            return
        await record(Happened.WITHDRAWN, by=by, **about, reason=reason)


async def reopen(project: Project, *, by: Person, until: datetime | None = None) -> None:
    """Let a stopped or withdrawn team continue, as organiser: a stopped one in a new round, a withdrawn one where it left.

    ``until``: the team's date; by default it gets the season's days for revising. The team is told by mail.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.REOPEN, project.id)
        if project.merged_into is not None:
            raise Refusal(_("Этот проект уже объединён с другим"))
        moved = await transition(project, Step.REOPEN, round=await round_after_reopening(project))
        if until is None:
            deadline = await give_days(moved, Cause.REOPENED, by=by)
        else:
            require_ahead(until)
            await require_not_earlier_than_everybody(moved, until)
            deadline = await give_until(moved, until, Cause.REOPENED, by=by)
        await record(
            Happened.REOPENED, by=by, project=project.id, until=deadline.until.isoformat() if deadline else None
        )
