"""What every kind of section does with its value. Pure.

A value is stored as one string where a text is stored, so that versions, conflicts, freezing and drafts are the same for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Typed(Protocol):
    """A form, as far as a kind reads it."""

    def value(self, name: str) -> str: ...

    def values(self, name: str) -> list[str]: ...

    def __contains__(self, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Something in a value that has to be put right before the gate; ``place`` names the cell, as in the form."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that a machine sees and people judge: said at the gate and beside the section, never a score."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs between two values; empty: it was not there."""

    place: str
    before: str
    after: str


class SectionKind(Protocol):
    """A kind of section."""

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str:
        """Its name for organisers, in the reader's language."""
        ...

    def typed(self, form: Typed, suffix: str = "") -> str:
        """Return the value that was typed, as it is stored; each name in the form ends with ``suffix``."""
        ...

    def text(self, stored: str) -> str:
        """Return the value as Markdown: for search, feeds, export, mail, and whoever cannot see its drawing."""
        ...

    def problems(self, stored: str) -> Sequence[CellProblem]: ...

    def advice(self, stored: str) -> Sequence[Advice]: ...

    def changes(self, before: str, after: str) -> Sequence[CellChange]:
        """Return the cells that differ; texts are compared by words instead."""
        ...
