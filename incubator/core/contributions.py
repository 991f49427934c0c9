"""What features add to each other for reading, as data: each lists its own, ``app.py`` joins the lists.

A feature that is told of in another's page exports a list here instead of being imported
from below. ``tests/test_contributions.py`` proves that no list is missing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """Something with a date that concerns one person: an entry of their calendar."""

    key: str
    """Its identity for calendar programs, the same for ever."""
    on: date
    title: str
    """In the current language, as far as the person may know it."""
    url: str
    """A path of ours."""
    note: str = ""


#: A feature's dated entries of a Person; listed as ``DATED``.
DatedSource = Callable[[Any], Awaitable[Sequence[DatedEntry]]]


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """A recorded fact that shows what somebody did."""

    kind: str
    at: datetime
    project: int


#: A feature's evidence of a Person, oldest first; listed as ``EVIDENCE``.
EvidenceSource = Callable[[Any], Awaitable[Sequence[EvidenceEntry]]]


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column of a declared table, with what it means in both languages."""

    key: str
    title_ru: str
    title_en: str
    explanation_ru: str = ""
    explanation_en: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A table that an organiser can take away, declared once; listed as ``REPORTS``."""

    name: str
    title_ru: str
    title_en: str
    columns: tuple[ReportColumn, ...]
    rows: Callable[[], Awaitable[Sequence[Sequence[Any]]]]
    """Of each row, one value a column."""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Rows of a table that are about a person; listed as ``PERSONAL_DATA``."""

    table: str
    person: str
    """The column that says about whom."""
    is_record: bool = False
    """It stays, without the person, where they are deleted: a decision, a review, who did something for others."""
