"""The proposal of assignments: solved for all waiting submissions, and shown before it takes effect."""

import asyncio
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import people_who_may, require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.locking import lock_season
from incubator.projects.access import require_outside
from incubator.projects.locking import lock_project
from incubator.projects.tables import SUBMISSIONS_IN_REVIEW, Member, Project, Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.candidates import Candidate, Matcher, matcher_for, require_assignable
from incubator.reviews.assignment.next_best import why_of
from incubator.reviews.assignment.reviewers import Reviewer
from incubator.reviews.assignment.solver import AssignmentProblem, AssignmentSolution, solve_apart
from incubator.reviews.tables import KEPT, OPEN_ASSIGNMENT, REFUSED, SOLVED, Assignment, Proposed

#: S608: the SQL contains only our own text.
_NEWEST = f"""SELECT count(*) AS n, coalesce(max("id"), 0) AS newest, (SELECT count(*) FROM "decision") AS decided
FROM "assignment" a WHERE {OPEN_ASSIGNMENT}"""  # noqa: S608
_WAITING = f'SELECT s."id" AS id FROM {SUBMISSIONS_IN_REVIEW} WHERE s."id" NOT IN (SELECT "submission" FROM "decision")'  # noqa: S608
_OF_OTHERS = 'AND s."project" NOT IN (SELECT "project" FROM "member" WHERE "person" = {})'


async def waiting_submissions(reader: Person | None = None) -> list[Submission]:
    """Return everything in review and undecided, oldest first; without what ``reader`` may not handle, being of its team. Two queries."""
    rows = await Submission.raw(f"{_WAITING} {_OF_OTHERS}", reader.id if reader else 0)
    return (
        await Submission.objects()
        .where(Submission.id.is_in([row["id"] for row in rows] or [0]))
        .order_by(Submission.submitted_at, Submission.id)
    )


def problem_of(
    matcher: Matcher, own: Iterable[Proposed] = ()
) -> tuple[AssignmentProblem, dict[tuple[int, int], Candidate]]:
    """Return the solver's input, and the candidate behind each pair. ``own``: pairs kept and refused by the organiser."""
    fixed = {(p.submission, p.mentor): p.state for p in own}
    kept = [pair for pair, state in fixed.items() if state == KEPT]
    named, busy = Counter(s for s, _m in kept), Counter(m for _s, m in kept)
    pairs = _free_pairs(matcher, fixed)
    seasons = {case.season for case in matcher.cases}
    problem = AssignmentProblem(
        needs={case.submission.id: max(0, case.short - named[case.submission.id]) for case in matcher.cases},
        room={r.person.id: max(0, _room(r, seasons) - busy[r.person.id]) for r in matcher.reviewers},
        costs={pair: candidate.cost for pair, candidate in pairs.items()},
        load={r.person.id: r.load + busy[r.person.id] for r in matcher.reviewers},
    )
    return problem, pairs


def _free_pairs(matcher: Matcher, fixed: Container[tuple[int, int]]) -> dict[tuple[int, int], Candidate]:
    """Return every (submission, mentor) pair that can be proposed, without ``fixed`` pairs."""
    return {
        pair: candidate
        for case in matcher.cases
        for reviewer in matcher.reviewers
        if (pair := (case.side.id, reviewer.side.id)) not in fixed
        and (candidate := matcher.candidate(case, reviewer)).is_free
    }


def _room(reviewer: Reviewer, seasons: Iterable[int]) -> int:
    """Return the remaining capacity; where seasons overlap, which is rare, the smallest counts."""
    return min((reviewer.room_in(season) for season in seasons), default=0)


async def propose(*, by: Person) -> AssignmentSolution:
    """Solve again, keeping the organiser's own choices. The previous solution is replaced in one transaction."""
    await require_staff(by, StaffAction.ASSIGN)
    before = await _moment()
    matcher = await matcher_for(await waiting_submissions())
    own = await Proposed.objects().where(Proposed.state != SOLVED)
    # In threads: there may be thousands of pairs to weigh, and the server must go on answering.
    problem, pairs = await asyncio.to_thread(problem_of, matcher, own)
    solution = await asyncio.to_thread(solve_apart, problem)
    async with writing():
        for season in sorted({case.season for case in matcher.cases}):
            await lock_season(season)
        if await _moment() != before:
            raise Refusal(_("Пока мы считали, кто-то менял назначения. Посчитайте ещё раз."))
        await Proposed.delete().where(Proposed.state == SOLVED)
        rows = [
            Proposed(submission=s, mentor=m, state=SOLVED, why=why_of(pairs[s, m].terms)) for s, m in solution.pairs
        ]
        for start in range(0, len(rows), 500):
            await Proposed.insert(*rows[start : start + 500])
        await record(Happened.PROPOSAL_CHANGED, by=by, pairs=len(rows), short=len(solution.short))
    return solution


async def set_by_hand(submission_id: int, mentor_id: int, state: str, *, by: Person) -> None:
    """Keep a pair, refuse it, or (``solved``) return it to the solver. Raises Refusal for an excluded one."""
    await require_staff(by, StaffAction.ASSIGN)
    submission = next((s for s in await waiting_submissions() if s.id == submission_id), None)
    if submission is None:
        raise Refusal(_("Эта заявка больше не ждёт наставников"))
    await require_outside(by, submission.project)
    candidate = await _candidate(submission, mentor_id)
    if state == KEPT:
        require_assignable(candidate)
    async with writing():
        await _lock_season_of(submission)
        await Proposed.delete().where((Proposed.submission == submission_id) & (Proposed.mentor == mentor_id))
        if state != SOLVED:
            await Proposed(submission=submission_id, mentor=mentor_id, state=state, why=why_of(candidate.terms)).save()
        await record(
            Happened.PROPOSAL_CHANGED, by=by, project=submission.project, submission=submission_id, subject=mentor_id,
            state=state,
        )  # fmt: skip


async def _lock_season_of(submission: Submission) -> None:
    rows = await Project.select(Project.season).where(Project.id == submission.project)
    await lock_season(rows[0]["season"])


async def _candidate(submission: Submission, mentor_id: int) -> Candidate:
    """Return the candidate. Raises Refusal for somebody who is not a mentor or has it already."""
    matcher = await matcher_for([submission], only=mentor_id or -1)
    candidate = matcher.candidate(matcher.cases[0], matcher.reviewers[0]) if matcher.reviewers else None
    if candidate is None or candidate.is_assigned:
        raise Refusal(_("Этого наставника сюда поставить нельзя"))
    return candidate


@dataclass(frozen=True, slots=True)
class Applied:
    assigned: int
    refused: list[str]
    """Why individual pairs were not assigned."""


async def apply(*, by: Person) -> Applied:
    """Turn the proposal into assignments with their mails, each in its own transaction, none twice.

    Pairs that are no longer possible (withdrawn, decided, a new conflict) are skipped and reported; those of a team in
    which ``by`` is stay.
    """
    await require_staff(by, StaffAction.ASSIGN)
    assigned, refused = 0, []
    people = {p.id: p for p in await people_who_may(StaffAction.REVIEW)}
    rows = await Proposed.objects(Proposed.submission).where(Proposed.state != REFUSED).order_by(Proposed.id)
    own = {row["project"] for row in await Member.select(Member.project).where(Member.person == by.id)}
    for row in rows:
        if row.submission.project in own:  # another organiser chooses who judges the team
            continue
        try:
            async with writing():
                if not await Proposed.delete().where(Proposed.id == row.id).returning(Proposed.id):
                    continue
                await lock_project(row.submission.project)
                await _require_wanted(row.submission, people.get(row.mentor), is_kept=row.state == KEPT)
                await assign(row.submission, people[row.mentor], by=by)
            assigned += 1
        except Refusal as refusal:
            refused.append(f"{row.submission.title}: {refusal.message}")
            await Proposed.delete().where(Proposed.id == row.id)
    return Applied(assigned, refused)


async def _require_wanted(submission: Submission, mentor: Person | None, *, is_kept: bool) -> None:
    """Check again: since the proposal, others may have been assigned, and mentors filled up or left; a pair kept
    by hand may exceed a mentor's capacity."""
    matcher = await matcher_for([submission], only=mentor.id if mentor else -1)
    if not matcher.reviewers:
        raise Refusal(_("Этот человек – не наставник"))
    case = matcher.cases[0]
    if not case.short:
        raise Refusal(_("наставников уже хватает"))
    candidate = matcher.candidate(case, matcher.reviewers[0])
    if not is_kept and (candidate.is_full or candidate.is_away):
        raise Refusal(_("%(name)s сейчас не может взять больше", name=candidate.person.name))


async def _moment() -> tuple[int, int, int]:
    """Return numbers that change with any assignment or decision by somebody else."""
    rows = await Assignment.raw(_NEWEST)
    return rows[0]["n"], rows[0]["newest"], rows[0]["decided"]
