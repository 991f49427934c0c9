"""The proposal as an organiser sees it: who is proposed for what and why, and where somebody is missing."""

from dataclasses import dataclass

import msgspec

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.projects.tables import Submission
from incubator.reviews.assignment.candidates import Candidate, Matcher, matcher_for
from incubator.reviews.assignment.matching import CostTerm
from incubator.reviews.assignment.proposal import waiting_submissions
from incubator.reviews.assignment.reviewers import Reviewer
from incubator.reviews.assignment.submission_cases import SubmissionCase
from incubator.reviews.tables import REFUSED, Assignment, Proposed

#: How many mentors are offered for assigning by hand.
_OTHERS = 12
_decode = msgspec.json.Decoder(list[tuple[str, int]]).decode


@dataclass(frozen=True, slots=True)
class Pair:
    row: Proposed
    candidate: Candidate

    @property
    def why(self) -> list[CostTerm]:
        return [CostTerm(code, points) for code, points in _decode(self.row.why)]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why nobody else was found, and hence what would help."""

    missing: int
    barred: int
    """Mentors with a conflict of interest."""
    full: int
    away: int
    withdrawn: int
    """Mentors who took back the consent to process their data."""
    asked: int
    """Mentors who have it, declined it or were taken off."""


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One submission of the proposal."""

    case: SubmissionCase
    pairs: list[Pair]
    refused: list[Pair]
    shortage: Shortage | None
    others: list[Candidate]
    """Mentors who could be assigned by hand, best first; no more than anybody reads."""


@dataclass(frozen=True, slots=True)
class Overload:
    """A mentor who has more than they offer, and what waits for them: somebody has to take some of it off."""

    reviewer: Reviewer
    waiting: list[Assignment]
    """With their submissions, those that are due last first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the proposal, and the totals of all of it."""

    lines: list[ProposalLine]
    total: int
    """Submissions that still need somebody, or have somebody proposed."""
    has_more: bool
    pairs: int
    short: int
    """Reviewers still to be named."""
    is_solved: bool
    """They were looked for after the newest submission came."""
    overloads: list[Overload]


@dataclass(frozen=True, slots=True)
class _OpenCase:
    """A submission that needs somebody, or has rows in the proposal."""

    case: SubmissionCase
    rows: list[Proposed]

    @property
    def named(self) -> int:
        return sum(row.state != REFUSED for row in self.rows)

    @property
    def missing(self) -> int:
        return max(0, self.case.short - self.named)


async def proposal(after: int, count: int) -> Shown:
    """Return a page, oldest submissions first, those after the submission ``after``.

    Weighing mentors is expensive, so it is done for this page only.
    """
    matcher = await matcher_for(await waiting_submissions())
    shown = await _open_cases(matcher)
    rest = [each for each in shown if each.case.submission.id > after]
    return Shown(
        lines=[_line(matcher, each.case, each.rows) for each in rest[:count]],
        has_more=len(rest) > count,
        total=len(shown),
        pairs=sum(each.named for each in shown),
        short=sum(each.missing for each in shown),
        overloads=await overloads_among(matcher.reviewers),
        is_solved=await _is_solved([each.case.submission for each in shown if each.missing]),
    )


async def _open_cases(matcher: Matcher) -> list[_OpenCase]:
    """Return the submissions that need somebody or have rows in the proposal, oldest first. One query."""
    rows: dict[int, list[Proposed]] = {}
    for row in await Proposed.objects().order_by(Proposed.id):
        rows.setdefault(row.submission, []).append(row)
    every = [_OpenCase(case, rows.get(case.submission.id, [])) for case in matcher.cases]
    return sorted((each for each in every if each.rows or each.case.short), key=lambda each: each.case.submission.id)


async def overloads_among(reviewers: list[Reviewer]) -> list[Overload]:
    """Return the mentors who have more than they offer, by name. One query, none if there are none."""
    over = sorted((r for r in reviewers if r.over), key=lambda r: r.person.name)
    if not over:
        return []
    rows = (
        await Assignment.objects(Assignment.submission)
        .where(Assignment.mentor.is_in([r.person.id for r in over]) & Assignment.waiting())
        .order_by(Assignment.due_on, Assignment.id, ascending=False)
    )
    return [Overload(r, [row for row in rows if row.mentor == r.person.id]) for r in over]


async def _is_solved(waiting: list[Submission]) -> bool:
    """Return whether the proposal was computed since the newest of ``waiting`` was handed in."""
    newest = max((submission.submitted_at for submission in waiting), default=None)
    if newest is None:
        return True
    return await Event.exists().where(
        (Event.happened == Happened.PROPOSAL_CHANGED.value) & Event.submission_id.is_null() & (Event.at >= newest)
    )


def _line(matcher: Matcher, case: SubmissionCase, rows: list[Proposed]) -> ProposalLine:
    candidates = matcher.candidates(case)
    by_id = {candidate.person.id: candidate for candidate in candidates}
    pairs = [Pair(row, by_id[row.mentor]) for row in rows if row.mentor in by_id]
    named = [pair for pair in pairs if pair.row.state != REFUSED]
    taken = {pair.row.mentor for pair in named}
    return ProposalLine(
        case=case,
        pairs=named,
        refused=[pair for pair in pairs if pair.row.state == REFUSED],
        shortage=_shortage(case.short - len(named), candidates),
        others=[each for each in candidates if each.could_be_asked and each.person.id not in taken][:_OTHERS],
    )


def _shortage(missing: int, candidates: list[Candidate]) -> Shortage | None:
    """Return the reasons for a shortage; None if nobody is missing."""
    if missing <= 0:
        return None
    askable = [candidate for candidate in candidates if candidate.could_be_asked and not candidate.has_left]
    return Shortage(
        missing,
        barred=sum(candidate.is_barred for candidate in candidates),
        full=sum(candidate.is_full for candidate in askable),
        away=sum(candidate.is_away for candidate in askable),
        withdrawn=sum(candidate.has_withdrawn for candidate in candidates),
        asked=sum(candidate.is_assigned or candidate.has_left for candidate in candidates),
    )
