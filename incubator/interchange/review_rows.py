"""One row of a table of reviews, checked: whose review of what it is, its levels, and everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from incubator.core.clock import end_of_day, now, today
from incubator.core.folding import folded
from incubator.core.languages import _
from incubator.core.text import clean_line
from incubator.core.typed_dates import date_in, dated
from incubator.core.typed_numbers import NotANumber, typed_number
from incubator.core.visible import says_something
from incubator.interchange.import_report import ImportReport
from incubator.projects.tables import Submission
from incubator.reviews.outcomes import OUTCOMES
from incubator.tabular.rows import Problem, Row

LONGEST_ADVICE = 40_000
#: The end of the longest scale of confidence.
MOST_CONFIDENT = 100
#: Words for a criterion that does not apply.
_NOT_APPLICABLE = frozenset({"", "-", "–", "—", "n/a", "na", "н/п", "н/д", "не применимо", "неприменимо", "нет оценки"})
#: What a mentor recommends, in the words of other programmes.
_RECOMMENDED = {
    "advance": ("допустить", "пропустить", "принять", "дальше", "рекомендую", "accept", "advance", "yes", "да"),
    "return": ("доработать", "вернуть", "на доработку", "revise", "return", "revision"),
    "stop": ("остановить", "отклонить", "не допускать", "не рекомендую", "reject", "stop", "no", "нет"),
}
_OUTCOME_BY_WORD = {folded(word): outcome for outcome, words in _RECOMMENDED.items() for word in (*words, outcome)}


@dataclass(frozen=True, slots=True)
class ReviewImport:
    """How a table of reviews is brought in. ``criteria``: key → column of its level."""

    project_column: str
    source: str
    mentor_column: str
    criteria: dict[str, str]
    lowest: int
    highest: int
    advice_columns: tuple[str, ...]
    confidence_column: str = ""
    recommendation_column: str = ""
    date_column: str = ""
    title_column: str = ""
    """With the project's title, which is compared with the one that stands for its id."""
    scales: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By criterion, where they differ from ``lowest`` and ``highest``."""
    words: Mapping[str, int] = field(default_factory=dict)
    """Words for levels."""
    times: int = 1
    """What the levels of the file are multiplied by: 2 where it has halves."""
    sheet: str = ""
    most: int | None = None
    """Rows that may be read of an uploaded file."""
    is_looked_at: bool = False
    """Somebody has looked at the rows that seem to be shifted against each other."""

    def scale(self, key: str) -> tuple[int, int]:
        """Return the lowest and the highest level of a criterion, as they are stored."""
        low, high = self.scales.get(key, (self.lowest, self.highest))
        return low * self.times, high * self.times


def is_not_applicable(text: str) -> bool:
    """Return whether a cell says that the criterion does not apply."""
    return text.casefold() in _NOT_APPLICABLE


class ImportedVersions:
    """The versions of imported projects: found by the id of their row, or by a title that only one of them has."""

    def __init__(self, by_id: Mapping[str, Submission]) -> None:
        self._by_id = by_id
        titles: dict[str, list[Submission]] = {}
        for version in by_id.values():
            titles.setdefault(folded(version.title), []).append(version)
        self._by_title = {title: several[0] for title, several in titles.items() if len(several) == 1}

    def __iter__(self) -> Iterator[Submission]:
        return iter(self._by_id.values())

    def find(self, text: str) -> Submission | None:
        return self._by_id.get(text) or self._by_title.get(folded(text))


@dataclass(slots=True)
class CheckedReview:
    number: int
    """Of the row."""
    submission: Submission
    mentor: str
    advice: str
    levels: dict[str, int | None] = field(default_factory=dict)
    confidence: int | None = None
    """On the file's own scale; None: not stated."""
    recommendation: str = ""
    sent_at: datetime = field(default_factory=now)
    title: str = ""
    """Of the project, as the file says; empty if it does not."""


def check_review(
    row: Row, wish: ReviewImport, submissions: ImportedVersions, report: ImportReport
) -> CheckedReview | None:
    """Return the row ready to be written; None, with problems in the report, if it is invalid."""
    if row.problem:
        report.add(Problem(row.number, "", row.problem))
        return None
    return _CheckedReviewRow(row, wish).checked(submissions, report)


class _CheckedReviewRow:
    """One row that is being checked."""

    def __init__(self, row: Row, wish: ReviewImport) -> None:
        self._row, self._wish = row, wish
        self._problems: list[Problem] = []

    def checked(self, submissions: ImportedVersions, report: ImportReport) -> CheckedReview | None:
        row, wish = self._row, self._wish
        submission = submissions.find(row.text(wish.project_column))
        if submission is None:
            self._wrong(
                wish.project_column, _("проекта «%(id)s» среди загруженных нет", id=row.text(wish.project_column)[:60])
            )
        for column in (wish.mentor_column, wish.project_column, *wish.advice_columns):
            if fault := row.fault(column):
                self._wrong(column, fault)
        mentor = clean_line(row.text(wish.mentor_column))
        if not says_something(mentor):
            self._wrong(wish.mentor_column, _("не сказано, чья это рецензия"))
        levels = {key: self._level(key, column) for key, column in wish.criteria.items()}
        advice = "\n\n".join(filter(says_something, (row.readable(column) for column in wish.advice_columns)))
        if len(advice) > LONGEST_ADVICE:
            self._wrong(
                wish.advice_columns[0],
                _("знаков %(n)s, а можно не больше %(most)s", n=len(advice), most=LONGEST_ADVICE),
            )
        confidence, recommendation, sent_at = self._confidence(), self._recommendation(), self._sent_at()
        report.add(*self._problems)
        if self._problems or submission is None:
            return None
        title = clean_line(row.readable(wish.title_column)) if wish.title_column else ""
        return CheckedReview(row.number, submission, mentor, advice, levels, confidence, recommendation, sent_at, title)

    def _wrong(self, column: str, text: str) -> None:
        self._problems.append(Problem(self._row.number, column, text))

    def _level(self, key: str, column: str) -> int | None:
        """Return the level; None for a criterion that does not apply, and, with a problem, for an invalid one."""
        if fault := self._row.fault(column):
            self._wrong(column, fault)
            return None
        text = self._row.text(column)
        if is_not_applicable(text):
            return None
        low, high = self._wish.scale(key)
        words = {folded(word): level for word, level in self._wish.words.items()}
        try:
            level = words[folded(text)] if folded(text) in words else typed_number(text)
        except NotANumber:
            self._no_level(column, text, low, high)
            return None
        level *= self._wish.times
        if level != int(level):
            halves = _(
                "«%(text)s» – не целый уровень: скажите, что в таблице есть половины (--times 2)", text=text[:20]
            )
            self._wrong(column, halves)
            return None
        if not low <= level <= high:
            self._no_level(column, text, low, high)
            return None
        return int(level)

    def _no_level(self, column: str, text: str, low: int, high: int) -> None:
        times = self._wish.times
        self._wrong(
            column,
            _("«%(text)s» – не уровень от %(low)s до %(high)s", text=text[:20], low=low // times, high=high // times),
        )

    def _confidence(self) -> int | None:
        column = self._wish.confidence_column
        text = self._row.text(column) if column else ""
        if not text:
            return None
        try:
            number = typed_number(text, places=0)
        except NotANumber:
            number = None
        if number is None or not 1 <= number <= MOST_CONFIDENT:
            self._wrong(column, _("«%(text)s» – не число от 1 до %(most)s", text=text[:20], most=MOST_CONFIDENT))
            return None
        return int(number)

    def _recommendation(self) -> str:
        column = self._wish.recommendation_column
        text = self._row.text(column) if column else ""
        found = _OUTCOME_BY_WORD.get(folded(text), "")
        if text and not found:
            names = ", ".join(dict.fromkeys(word for outcome in OUTCOMES for word in _RECOMMENDED[outcome]))
            self._wrong(column, _("«%(text)s» нет в списке.", text=text[:60]) + " " + _("Есть: %(names)s", names=names))
        return found

    def _sent_at(self) -> datetime:
        """Return when it was sent: the end of a day that the file names, at the latest now."""
        column = self._wish.date_column
        value = self._row.values.get(column) if column else None
        if value in (None, ""):
            return now()
        if isinstance(value, date):
            day: date | None = value.date() if isinstance(value, datetime) else value
        else:
            place = date_in(self._row.text(column))
            day = dated(place, today()) if place else None
        if day is None or day > today() or day.year < 1990:
            self._wrong(column, _("«%(text)s» – не дата", text=self._row.text(column)[:40]))
            return now()
        return min(now(), end_of_day(day))
