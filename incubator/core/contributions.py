"""What features add to each other for reading, as data: each lists its own, ``app.py`` joins the lists.

A feature that is told of in another's page exports a list here instead of being imported
from below. ``tests/test_contributions.py`` proves that no list is missing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """Something with a date that concerns one person: an entry of their calendar."""

    key: str
    """Its identity for calendar programs, the same for ever."""
    starts_on: date
    title: str
    """In the current language, as far as the person may know it."""
    url: str
    """A path of ours."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DatedSource:
    """Where a feature's dated entries come from."""

    name: str
    entries_of: Callable[[Any], Awaitable[Sequence[DatedEntry]]]
    """Given a Person."""


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """A recorded fact that shows what somebody did."""

    kind: str
    at: datetime
    project: int | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """Where a feature's evidence about a person comes from."""

    kind: str
    entries_of: Callable[[int], Awaitable[Sequence[EvidenceEntry]]]
    """Given a person's id; oldest first."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a declared table."""

    key: str
    title_ru: str
    title_en: str
    explanation_ru: str
    explanation_en: str


@dataclass(frozen=True, slots=True)
class Report:
    """A table that an organiser can take away, declared once."""

    name: str
    title_ru: str
    title_en: str
    columns: tuple[Column, ...]
    rows: Callable[[], Awaitable[Sequence[Sequence[Any]]]]
    """One value for each column."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Columns of a table that are about a person, and the column that says about whom."""

    table: str
    person: str
    columns: tuple[str, ...]
    is_record: bool = False
    """It must stay, without the person, where they are deleted: a decision, a review."""


@dataclass(frozen=True, slots=True)
class Contributions:
    """The lists of all features together."""

    dated: tuple[DatedSource, ...] = field(default=())
    evidence: tuple[EvidenceSource, ...] = field(default=())
    reports: tuple[Report, ...] = field(default=())
    personal_data: tuple[PersonalData, ...] = field(default=())
