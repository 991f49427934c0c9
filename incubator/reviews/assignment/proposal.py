"""The proposal: who should review what, solved for all waiting submissions, shown before it counts."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import people_who_may, require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.locking import lock_project
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.candidates import Candidate, Matcher, matcher_for
from incubator.reviews.assignment.matching import CostTerm
from incubator.reviews.assignment.next_best import why_of
from incubator.reviews.assignment.solver import AssignmentProblem, AssignmentSolution, solve_apart
from incubator.reviews.assignment.submission_cases import SubmissionCase
from incubator.reviews.review_statistics import CURRENT
from incubator.reviews.tables import KEPT, REFUSED, SOLVED, Assignment, Proposed

#: S608: our own words.
_WAITING = f'SELECT s."id" AS id FROM {CURRENT} WHERE s."id" NOT IN (SELECT "submission" FROM "decision")'  # noqa: S608
_decode = msgspec.json.Decoder(list[tuple[str, int]]).decode


async def waiting_submissions() -> list[Submission]:
    """Everything in review on which nothing was decided, oldest first. Two queries."""
    rows = await Submission.raw(_WAITING)
    return (
        await Submission.objects()
        .where(Submission.id.is_in([row["id"] for row in rows] or [0]))
        .order_by(Submission.submitted_at, Submission.id)
    )


def problem_of(
    matcher: Matcher, own: Iterable[Proposed] = ()
) -> tuple[AssignmentProblem, dict[tuple[int, int], Candidate]]:
    """What the solver gets, and who stands behind each pair. ``own``: the organiser's kept and refused pairs."""
    fixed = {(p.submission, p.mentor): p.state for p in own}
    kept = [pair for pair, state in fixed.items() if state == KEPT]
    seasons = {case.submission.id: int(case.project.season) for case in matcher.cases}
    pairs: dict[tuple[int, int], Candidate] = {}
    for case in matcher.cases:
        for reviewer in matcher.reviewers:
            pair = (case.submission.id, reviewer.person.id)
            if pair in fixed or reviewer.person.id in case.asked:
                continue
            candidate = matcher.candidate(case, reviewer)
            if not candidate.is_barred and not candidate.is_away and not candidate.is_full:
                pairs[pair] = candidate
    named, busy = Counter(s for s, _m in kept), Counter(m for _s, m in kept)
    needs = {
        case.submission.id: max(0, case.needed - case.active - named[case.submission.id]) for case in matcher.cases
    }
    # Seasons rarely overlap; where they do, the tightest of them counts.
    room = {
        reviewer.person.id: max(
            0,
            min((reviewer.room_in(season) for season in set(seasons.values())), default=0) - busy[reviewer.person.id],
        )
        for reviewer in matcher.reviewers
    }
    load = {r.person.id: r.load + busy[r.person.id] for r in matcher.reviewers}
    return AssignmentProblem(needs, room, {pair: c.cost for pair, c in pairs.items()}, load), pairs


async def propose(*, by: Person) -> AssignmentSolution:
    """Solve anew; what the organiser kept or refused by hand stays. The old solution is replaced as one."""
    await require_staff(by, StaffAction.ASSIGN)
    before = await _moment()
    matcher = await matcher_for(await waiting_submissions())
    own = await Proposed.objects().where(Proposed.state != SOLVED)
    # Thousands of pairs to weigh: the server goes on answering meanwhile.
    problem, pairs = await asyncio.to_thread(problem_of, matcher, own)
    solution = await asyncio.to_thread(solve_apart, problem)
    async with writing():
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


@dataclass(frozen=True, slots=True)
class Pair:
    row: Proposed
    candidate: Candidate

    @property
    def why(self) -> list[CostTerm]:
        return [CostTerm(code, points) for code, points in _decode(self.row.why)]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why nobody else could be found, and so what would help."""

    missing: int
    barred: int
    """Mentors with a conflict of interest."""
    full: int
    away: int
    asked: int
    """Who were asked before: declined, or taken off."""


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One submission of the proposal."""

    case: SubmissionCase
    pairs: list[Pair]
    refused: list[Pair]
    shortage: Shortage | None
    others: list[Candidate]
    """Who could be put in by hand, the best first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the proposal, and what all of it comes to."""

    lines: list[ProposalLine]
    total: int
    """Submissions that still need somebody, or to which somebody is proposed."""
    pairs: int
    short: int
    """Reviewers that nobody could be found for."""


async def proposal(first: int, count: int) -> Shown:
    """What the organiser looks at, oldest submissions first. Weighing mentors is dear: only this page's are."""
    matcher = await matcher_for(await waiting_submissions())
    rows: dict[int, list[Proposed]] = {}
    for row in await Proposed.objects().order_by(Proposed.id):
        rows.setdefault(row.submission, []).append(row)
    open_cases = [
        (case, own, named)
        for case in matcher.cases
        for own in (rows.get(case.submission.id, []),)
        for named in (sum(row.state != REFUSED for row in own),)
        if own or case.active < case.needed
    ]
    return Shown(
        lines=[_line(matcher, case, own) for case, own, _named in open_cases[first : first + count]],
        total=len(open_cases),
        pairs=sum(named for _case, _own, named in open_cases),
        short=sum(max(0, case.needed - case.active - named) for case, _own, named in open_cases),
    )


def _line(matcher: Matcher, case: SubmissionCase, rows: list[Proposed]) -> ProposalLine:
    candidates = matcher.candidates(case)
    by_id = {c.person.id: c for c in candidates}
    pairs = [Pair(row, by_id[row.mentor]) for row in rows if row.mentor in by_id]
    named = [p for p in pairs if p.row.state != REFUSED]
    missing = max(0, case.needed - case.active - len(named))
    free = [c for c in candidates if not c.is_barred and not c.is_assigned]
    return ProposalLine(
        case=case,
        pairs=named,
        refused=[p for p in pairs if p.row.state == REFUSED],
        shortage=Shortage(
            missing, sum(c.is_barred for c in candidates), sum(c.is_full for c in free),
            sum(c.is_away for c in free), sum(c.is_assigned for c in candidates),
        ) if missing else None,
        others=[c for c in free if c.person.id not in {p.row.mentor for p in named}][:12],
    )  # fmt: skip


async def set_by_hand(submission_id: int, mentor_id: int, state: str, *, by: Person) -> None:
    """Keep a pair, refuse it, or (``solved``) leave it to the solver again. Raises Refusal for a barred one."""
    await require_staff(by, StaffAction.ASSIGN)
    submission = next((s for s in await waiting_submissions() if s.id == submission_id), None)
    if submission is None:
        raise Refusal(_("Эта заявка больше не ждёт наставников"))
    matcher = await matcher_for([submission])
    candidate = next((c for c in matcher.candidates(matcher.cases[0]) if c.person.id == mentor_id), None)
    if candidate is None or candidate.is_assigned:
        raise Refusal(_("Этого наставника сюда поставить нельзя"))
    if state == KEPT and candidate.is_barred:
        raise Refusal(_("%(name)s не может рецензировать эту заявку: конфликт интересов", name=candidate.person.name))
    async with writing():
        await Proposed.delete().where((Proposed.submission == submission_id) & (Proposed.mentor == mentor_id))
        if state != SOLVED:
            await Proposed(submission=submission_id, mentor=mentor_id, state=state, why=why_of(candidate.terms)).save()
        await record(
            Happened.PROPOSAL_CHANGED, by=by, project=submission.project, submission=submission_id, subject=mentor_id,
            state=state,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    assigned: int
    refused: list[str]
    """Why single ones were not assigned."""


async def apply(*, by: Person) -> Applied:
    """Turn the proposal into assignments with their mails: each in a transaction of its own, none twice.

    What can no longer be (taken back, decided, a new conflict) is left out and told.
    """
    await require_staff(by, StaffAction.ASSIGN)
    assigned, refused = 0, []
    people = {p.id: p for p in await people_who_may(StaffAction.REVIEW)}
    rows = await Proposed.objects(Proposed.submission).where(Proposed.state != REFUSED).order_by(Proposed.id)
    for row in rows:
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
    """Since it was proposed others may have been assigned, and mentors filled up or gone; what was kept by hand
    may exceed what a mentor can take."""
    matcher = await matcher_for([submission], only=mentor.id if mentor else -1)
    if not matcher.reviewers:
        raise Refusal(_("Этот человек — не наставник"))
    case = matcher.cases[0]
    if case.active >= case.needed:
        raise Refusal(_("наставников уже хватает"))
    candidate = matcher.candidate(case, matcher.reviewers[0])
    if not is_kept and (candidate.is_full or candidate.is_away):
        raise Refusal(_("%(name)s сейчас не может взять больше", name=candidate.person.name))


async def _moment() -> tuple[int, int, int]:
    """What an assignment or a decision by somebody else would change."""
    rows = await Assignment.raw(
        'SELECT count(*) AS n, coalesce(max("id"), 0) AS newest, (SELECT count(*) FROM "decision") AS decided FROM "assignment" '
        'WHERE "declined_at" IS NULL AND "cancelled_at" IS NULL'
    )
    return rows[0]["n"], rows[0]["newest"], rows[0]["decided"]
