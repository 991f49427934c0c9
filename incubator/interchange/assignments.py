"""Assignments as a table: exported for the office's own lists, and imported after a check."""

from dataclasses import dataclass, field

from incubator.core.contributions import Report, ReportColumn
from incubator.core.email_address import normalised, readable
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.candidates import Matcher, matcher_for
from incubator.reviews.assignment.declared_conflicts import reason_in_words
from incubator.reviews.assignment.proposal import waiting_submissions
from incubator.reviews.assignment.reviewers import Reviewer
from incubator.reviews.tables import Assignment, Review
from incubator.tabular.rows import Problem, Row
from incubator.tabular.sheets import Cell

#: Maximum number of rows of an uploaded table.
MOST_ROWS = 5000


async def table() -> list[tuple[Cell, ...]]:
    """Return one row for each assignment of submissions in review, without a header. Four queries."""
    waiting = await waiting_submissions()
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


@dataclass(slots=True)
class AssignmentCheck:
    """What importing a file would do."""

    wanted: list[Wanted] = field(default_factory=list)
    known: int = 0
    """Assignments that exist already."""
    problems: list[Problem] = field(default_factory=list)


def _address(typed: str) -> str:
    """Return the address as accounts store it; empty if it is invalid."""
    try:
        return normalised(typed)
    except ValueError:
        return ""


async def check(rows: list[Row]) -> AssignmentCheck:
    """Check columns ``submission`` (its number) and ``mentor`` (their address); rows without a mentor are ignored."""
    waiting = await waiting_submissions()
    checking = _Checking(waiting, await matcher_for(waiting))
    for row in rows:
        checking.take(row)
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

    def take(self, row: Row) -> None:
        """Record in ``found`` what ``row`` would do, or what is wrong with it."""
        number, typed = row.text("submission").lstrip("'"), row.text("mentor").lstrip("'")
        if row.problem:
            self._wrong(row, "", row.problem)
        elif not typed:
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
        if candidate.is_assigned or pair in self._seen:
            self.found.known += 1
        elif candidate.is_barred:
            conflict = next(c for c in candidate.conflicts if c.is_hard)
            self._wrong(row, "mentor", reason_in_words(conflict.code, conflict.text))
        else:
            self._seen.add(pair)
            self.found.wanted.append(Wanted(submission, reviewer.person, bool(candidate.conflicts)))

    def _wrong(self, row: Row, column: str, text: str) -> None:
        self.found.problems.append(Problem(row.number, column, text))


async def carry_out(pairs: list[tuple[int, str]], *, by: Person) -> tuple[int, list[str]]:
    """Assign (submission id, mentor's address) pairs one by one; return how many, and why the others failed."""
    people = {p.email: p for p in await people_who_may(StaffAction.REVIEW)}
    waiting = {s.id: s for s in await waiting_submissions()}
    done, refused = 0, []
    for submission_id, address in pairs:
        if submission_id not in waiting or address not in people:
            refused.append(f"{submission_id}, {address}: {_('эта заявка больше не ждёт наставников')}")
            continue
        try:
            await assign(waiting[submission_id], people[address], by=by)
            done += 1
        except Refusal as refusal:
            refused.append(f"{waiting[submission_id].title}: {refusal.message}")
    return done, refused
