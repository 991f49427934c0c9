"""Assignments as a table: exported for the office's own lists, and imported after a check."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from incubator.core.contributions import Report, ReportColumn
from incubator.core.email_address import normalised, readable
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.candidates import Matcher, matcher_for
from incubator.reviews.assignment.declared_conflicts import reason_in_words
from incubator.reviews.assignment.proposal import waiting_submissions
from incubator.reviews.assignment.reviewers import Excess, Reviewer
from incubator.reviews.tables import Assignment, Review
from incubator.tabular.rows import Problem, Row
from incubator.tabular.sheets import Cell

#: Maximum number of rows of an uploaded table.
MOST_ROWS = 5000


async def table(reader: Person | None = None) -> list[tuple[Cell, ...]]:
    """Return one row for each assignment of submissions in review that ``reader`` may handle, without a header. Four queries."""
    waiting = await waiting_submissions(reader)
    titles = {s.id: s for s in waiting}
    rows = (
        await Assignment.objects(Assignment.mentor)
        .where(Assignment.submission.is_in(list(titles) or [0]))
        .order_by(Assignment.submission, Assignment.id)
    )
    sent = {r["assignment"] for r in await Review.select(Review.assignment).where(Review.sent())}

    def state(a: Assignment) -> str:
        if a.declined_at:
            return "declined"
        if a.cancelled_at:
            return "withdrawn"
        return "sent" if a.id in sent else "assigned"

    found: list[tuple[Cell, ...]] = [
        (a.submission, titles[a.submission].title, titles[a.submission].stage, readable(a.mentor.email), a.mentor.name,
         state(a), a.due_on)
        for a in rows
    ]  # fmt: skip
    asked = {a.submission for a in rows}
    return found + [(s.id, s.title, s.stage, "", "", "", None) for s in waiting if s.id not in asked]


#: Uploaded files are read by the same keys.
ASSIGNMENTS = Report(
    "assignments", "Назначения", "Assignments",
    (
        ReportColumn("submission", "Заявка", "Submission", "Номер заявки", "Number of the submission"),
        ReportColumn("title", "Проект", "Project"),
        ReportColumn("stage", "Этап", "Stage"),
        ReportColumn("mentor", "Адрес наставника", "Mentor's address"),
        ReportColumn("name", "Наставник", "Mentor"),
        ReportColumn("state", "Состояние", "State", "Назначено, отправлено, отказ, снято", "Assigned, sent, declined, withdrawn"),
        ReportColumn("due", "Срок", "Due"),
    ),
    table,
)  # fmt: skip

REPORTS = (ASSIGNMENTS,)


@dataclass(frozen=True, slots=True)
class Wanted:
    submission: Submission
    mentor: Person
    is_soft: bool
    """Possible, but with a conflict that the organiser should see."""
    is_away: bool
    """The mentor is away until it is due."""


@dataclass(frozen=True, slots=True)
class OpenAssignment:
    """An open assignment of a submission in the file."""

    assignment: Assignment
    submission: Submission
    mentor: Person
    has_draft: bool
    """The mentor has begun to write; the draft remains readable for them and for organisers."""
    is_sent: bool


@dataclass(frozen=True, slots=True)
class OverCapacity:
    """A mentor who would have more reviews than they offer, at a time or in a season."""

    mentor: Person
    excesses: list[Excess]


@dataclass(slots=True)
class AssignmentCheck:
    """What importing a file would do."""

    wanted: list[Wanted] = field(default_factory=list)
    known: int = 0
    """Assignments that exist already, and stay."""
    removed: list[OpenAssignment] = field(default_factory=list)
    """Assignments that the file does not list any more; only where it replaces."""
    sent: list[OpenAssignment] = field(default_factory=list)
    """Those of them that stay, because their review was sent."""
    overloads: list[OverCapacity] = field(default_factory=list)
    """Mentors of ``wanted`` who would have too many; an organiser may ask them all the same."""
    problems: list[Problem] = field(default_factory=list)


def names_submissions(rows: list[Row]) -> bool:
    """Return whether the file has a column with numbers of submissions at all."""
    return any(row.text("submission") for row in rows)


def _address(typed: str) -> str:
    """Return the address as accounts store it; empty if it is invalid."""
    try:
        return normalised(typed)
    except ValueError:
        return ""


#: Values of the column ``state`` in rows that tell of the past: they ask for nothing.
_PAST = frozenset({"declined", "withdrawn"})


async def check(rows: list[Row], *, by: Person, replaces: bool = False) -> AssignmentCheck:
    """Check columns ``submission`` (its number) and ``mentor`` (their address).

    Rows without a mentor, and those that the export marks as declined or withdrawn, ask for nothing. With
    ``replaces``, the file lists all mentors of each submission that it names: whoever else is assigned is to be
    removed, except where a review was sent, or a row of the submission has a problem.
    """
    waiting = await waiting_submissions(by)
    checking = _Checking(waiting, await matcher_for(waiting))
    for row in rows:
        checking.take(row)
    if replaces:
        await checking.take_off_others()
    checking.count_overloads()
    return checking.found


class _Checking:
    """One file being checked, row by row."""

    def __init__(self, waiting: list[Submission], matcher: Matcher) -> None:
        self.found = AssignmentCheck()
        self._matcher = matcher
        self._waiting = {str(submission.id): submission for submission in waiting}
        self._cases = {case.submission.id: case for case in matcher.cases}
        self._reviewers = {reviewer.person.email: reviewer for reviewer in matcher.reviewers}
        self._seen: set[tuple[int, int]] = set()
        self._named: set[int] = set()
        """Submissions that the file names."""
        self._spoilt: set[int] = set()
        """Those of them with a row that has a problem."""

    def take(self, row: Row) -> None:
        """Record in ``found`` what ``row`` would do, or what is wrong with it."""
        number, typed = row.text("submission").lstrip("'"), row.text("mentor").lstrip("'")
        if number in self._waiting:
            self._named.add(self._waiting[number].id)
        if row.problem:
            self._wrong(row, "", row.problem)
        elif not typed or row.text("state") in _PAST:
            return
        elif (submission := self._waiting.get(number)) is None:
            self._wrong(row, "submission", _("такой заявки на рецензии нет"))
        elif (reviewer := self._reviewers.get(_address(typed))) is None:
            self._wrong(row, "mentor", _("такого наставника нет"))
        else:
            self._pair(row, submission, reviewer)

    def _pair(self, row: Row, submission: Submission, reviewer: Reviewer) -> None:
        candidate = self._matcher.candidate(self._cases[submission.id], reviewer)
        pair = (submission.id, reviewer.person.id)
        if pair in self._seen:
            self.found.known += 1
        elif candidate.is_assigned:
            self._seen.add(pair)
            self.found.known += 1
        elif candidate.is_barred:
            conflict = next(c for c in candidate.conflicts if c.is_hard)
            self._wrong(row, "mentor", reason_in_words(conflict.code, conflict.text))
        elif candidate.has_withdrawn:
            self._wrong(row, "mentor", _("согласие на обработку данных отозвано"))
        else:
            self._seen.add(pair)
            self.found.wanted.append(Wanted(submission, reviewer.person, bool(candidate.conflicts), candidate.is_away))

    async def take_off_others(self) -> None:
        """Record in ``found`` which assignments of the named submissions the file does not list."""
        named = {s.id: s for s in self._waiting.values() if s.id in self._named - self._spoilt}
        rows = (
            await Assignment.objects(Assignment.mentor)
            .where(Assignment.submission.is_in(list(named) or [0]) & Assignment.open())
            .order_by(Assignment.id)
        )
        others = [row for row in rows if (row.submission, row.mentor.id) not in self._seen]
        reviews = await Review.select(Review.assignment, Review.sent_at).where(
            Review.assignment.is_in([row.id for row in others] or [0])
        )
        written = {review["assignment"]: review["sent_at"] is not None for review in reviews}
        for row in others:
            is_sent = written.get(row.id, False)
            standing = OpenAssignment(
                row, named[row.submission], row.mentor, row.id in written and not is_sent, is_sent
            )
            (self.found.sent if is_sent else self.found.removed).append(standing)

    def count_overloads(self) -> None:
        """Record in ``found`` who would have more than they offer, once all that the file asks for is done."""
        more: dict[int, Counter[int]] = defaultdict(Counter)
        for wanted in self.found.wanted:
            more[wanted.mentor.id][self._cases[wanted.submission.id].season] += 1
        asked = set(more)
        for row in self.found.removed:
            more[row.mentor.id][self._cases[row.submission.id].season] -= 1
        for reviewer in self._matcher.reviewers:
            excesses = reviewer.excesses(more[reviewer.person.id]) if reviewer.person.id in asked else []
            if excesses:
                self.found.overloads.append(OverCapacity(reviewer.person, excesses))

    def _wrong(self, row: Row, column: str, text: str) -> None:
        if (submission := self._waiting.get(row.text("submission").lstrip("'"))) is not None:
            self._spoilt.add(submission.id)
        self.found.problems.append(Problem(row.number, column, text))


@dataclass(slots=True)
class CarriedOut:
    assigned: int = 0
    removed: int = 0
    refused: list[str] = field(default_factory=list)
    """Why individual pairs were not assigned, or assignments not removed."""


async def carry_out(pairs: list[tuple[int, str]], removals: Sequence[int] = (), *, by: Person) -> CarriedOut:
    """Assign (submission id, mentor's address) pairs, then cancel the assignments ``removals``, one by one."""
    done = CarriedOut()
    people = {p.email: p for p in await people_who_may(StaffAction.REVIEW)}
    waiting = {s.id: s for s in await waiting_submissions(by)}
    for submission_id, address in pairs:
        if submission_id not in waiting or address not in people:
            done.refused.append(f"{submission_id}, {address}: {_('эта заявка больше не ждёт наставников')}")
            continue
        try:
            await assign(waiting[submission_id], people[address], by=by)
            done.assigned += 1
        except Refusal as refusal:
            done.refused.append(f"{waiting[submission_id].title}: {refusal.message}")
    for row in await Assignment.objects(Assignment.submission).where(Assignment.id.is_in(list(removals) or [0])):
        try:
            await cancel_assignment(row, by=by)
            done.removed += 1
        except Refusal as refusal:
            done.refused.append(f"{row.submission.title}: {refusal.message}")
    return done
