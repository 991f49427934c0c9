"""Correcting a decision that the team already knows: a new one supersedes it, and the team is told. Never silently."""

from collections.abc import Sequence
from dataclasses import dataclass

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.visible import says_something
from incubator.db import writing
from incubator.db.references import id_of, some_id_of
from incubator.gates.decide import require_same, require_words
from incubator.gates.release import give_time_for
from incubator.gates.submit import close_submission
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_office
from incubator.projects.deadline import Cause
from incubator.projects.deadlines import binding_deadline, time_from_now
from incubator.projects.lifecycle import State, position_after
from incubator.projects.locking import lock_project_of
from incubator.projects.tables import Project, Submission
from incubator.projects.transition import StageChanged, put
from incubator.publication.entry import refresh_facets
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.tables import Decision, Post, Remark
from incubator.search.postings import hold


@dataclass(frozen=True, slots=True)
class Correction:
    """What is decided instead, and why the decision is corrected."""

    outcome: str
    reason: str
    why: str
    remarks: Sequence[tuple[str, str]] = ()
    next_step: str = ""
    revise_days: int | None = None


async def correct_decision(read: Decision, to: Correction, *, by: Person) -> Decision:
    """Supersede a released decision; the project goes where the new outcome leads, and the team keeps its texts.

    A submission that the team has made since then is taken off review. Raises Refusal if
    something is missing or a later submission has been decided as well, StageChanged if the
    decision is pending, or no longer the one that was read.
    """
    await require_staff(by, StaffAction.DECIDE)
    if not says_something(to.why):
        raise Refusal(_("Напишите, почему решение меняется: команда это прочтёт"))
    async with writing():
        project, submission = await lock_project_of(some_id_of(read.submission))
        await require_office(by, project.id)
        require_words(submission, to.outcome, to.reason, to.remarks, to.next_step)
        await require_same(read)
        await hold()
        new = await _supersede(read, to, project, by)
        is_other = to.outcome != read.outcome
        moved, closed = await _move(project, submission, to.outcome, by) if is_other else (project, None)
        await record(
            Happened.DECISION_CORRECTED, by=by, project=project.id, submission=submission.id, decision=new.id,
            before=read.outcome, outcome=to.outcome, reason=to.why, closed=closed,
        )  # fmt: skip
        if is_other or (_gives_other_days(moved, submission, read, new) and await _is_later(moved, new)):
            await give_time_for(moved, new, by=by)
        return new


async def _is_later(project: Project, new: Decision) -> bool:
    """Return whether the days of the decision end later than the team's date now, which may have been extended: nobody loses time."""
    own = await binding_deadline(project)
    season = some_id_of(project.season)
    given = await time_from_now(season, project.stage, project.round, Cause.RETURNED, days=new.revise_days)
    return given is not None and (own is None or given.until > own.until)


def _gives_other_days(project: Project, submission: Submission, read: Decision, new: Decision) -> bool:
    """Return whether the team, which revises by this very decision, gets another number of days by the new one."""
    revises = position_after(new.outcome, submission.stage, submission.round)
    is_here = (project.state, project.stage, project.round) == (revises.state, revises.stage, revises.round)
    return new.outcome == "return" and is_here and new.revise_days not in {None, read.revise_days}


async def _supersede(read: Decision, to: Correction, project: Project, by: Person) -> Decision:
    at = now()
    superseded = (
        await Decision.update({Decision.superseded_at: at})
        .where((Decision.id == read.id) & Decision.released())
        .returning(Decision.id)
    )
    if not superseded:
        raise StageChanged
    new = Decision(
        submission=some_id_of(read.submission), outcome=to.outcome, reason=to.reason, next_step=to.next_step,
        revise_days=to.revise_days if to.outcome == "return" else None, override_reason=read.override_reason,
        decided_by=by.id, decided_at=at, released_at=at, released_by=by.id, supersedes=read.id,
        correction_reason=to.why,
    )  # fmt: skip
    await new.save()
    if to.outcome == "return":
        await _take_over_remarks(read, new, to.remarks, project)
    return new


async def _take_over_remarks(
    before: Decision, new: Decision, remarks: Sequence[tuple[str, str]], project: Project
) -> None:
    """Store the remarks; one that was there already keeps what the team and the mentors have marked and written at it.

    Also one of a return that was a stop in between: what was said at it stays with the newest of its kind.
    """
    earlier = await _superseded_by(before)
    rows = await Remark.objects().where(Remark.decision.is_in(earlier)).order_by(Remark.id)
    known = {(row.key, row.text): row for row in sorted(rows, key=lambda row: -earlier.index(row.decision))}
    for key, text in remarks:
        row = Remark(decision=new.id, project=project.id, key=key, text=text)
        if (old := known.get((key, text))) is not None:
            row.addressed_at, row.addressed_by = old.addressed_at, old.addressed_by
            row.answer = old.answer
            row.confirmed_at, row.confirmed_by = old.confirmed_at, old.confirmed_by
            row.doubt, row.doubted_by = old.doubt, old.doubted_by
        await row.save()
        if old is not None:
            await Post.update({Post.remark: row.id}).where(Post.remark == old.id)


async def _superseded_by(before: Decision) -> list[int]:
    """Return the ids of a decision and of those that it superseded, the newest first."""
    ids = [before.id]
    while before.supersedes is not None:
        earlier = await Decision.objects().get(Decision.id == id_of(before.supersedes))
        assert earlier is not None
        before = earlier
        ids.append(before.id)
    return ids


async def later_versions(submission: Submission) -> tuple[Submission | None, Submission | None]:
    """Return the newest version that the team has submitted since, and the newest of those that are decided."""
    later = (
        await Submission.objects()
        .where(
            (Submission.project == submission.project) & (Submission.number > submission.number) & Submission.standing()
        )
        .order_by(Submission.number, ascending=False)
    )
    ids = [each.id for each in later]
    decided = {
        row["submission"]
        for row in await Decision.select(Decision.submission).where(Decision.submission.is_in(ids or [0]))
    }
    return next(iter(later), None), next((each for each in later if each.id in decided), None)


async def _move(project: Project, submission: Submission, outcome: str, by: Person) -> tuple[Project, int | None]:
    """Put the project where the outcome leads; a team that has left stays away until it is reopened.

    Also return the id of the submission that was taken off review for it, if there was one.
    """
    _later, decided = await later_versions(submission)
    if decided:
        raise Refusal(_("По этой команде есть решение и по следующей заявке: сначала исправьте его"))
    is_pending = project.state == State.IN_REVIEW
    closed = (await close_submission(project, Ending.CORRECTED, by=by)).id if is_pending else None
    to = position_after(outcome, submission.stage, submission.round)
    state = State.WITHDRAWN if project.state == State.WITHDRAWN else to.state
    moved = await put(project, state, stage=to.stage, round=to.round)
    await refresh_facets(moved.id)
    return moved, closed
