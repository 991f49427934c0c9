"""Data that features contribute to shared pages: each lists its own, and ``app.py`` joins the lists.

A feature that appears on another feature's page exports a list here, so that lower layers
need not import it. ``tests/test_contributions.py`` proves that no list is missing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """A dated item in one person's calendar."""

    key: str
    """A permanent identifier for calendar programs."""
    on: date
    title: str
    """In the current language, containing only what the person may know."""
    url: str
    """A path on this site."""
    note: str = ""


#: Returns a feature's dated entries for a Person; listed as ``DATED``.
DatedSource = Callable[[Any], Awaitable[Sequence[DatedEntry]]]


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """A recorded fact that shows what somebody did."""

    kind: str
    at: datetime
    project: int


#: Returns a feature's evidence for a Person, oldest first; listed as ``EVIDENCE``.
EvidenceSource = Callable[[Any], Awaitable[Sequence[EvidenceEntry]]]


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column of a report, described in both languages."""

    key: str
    title_ru: str
    title_en: str
    explanation_ru: str = ""
    explanation_en: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A table that an organiser can download, declared once; listed as ``REPORTS``."""

    name: str
    title_ru: str
    title_en: str
    columns: tuple[ReportColumn, ...]
    rows: Callable[..., Awaitable[Sequence[Sequence[Any]]]]
    """Returns the rows, with one value per column; where it depends on that, takes the organiser who asks."""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Rows of a table that hold personal data; listed as ``PERSONAL_DATA``."""

    table: str
    person: str
    """The column that refers to the person."""
    is_record: bool = False
    """The row stays, without the reference, when the person is deleted: a decision, a review, work done for others."""
    is_address: bool = False
    """The column holds an email address of somebody who may have no account."""
