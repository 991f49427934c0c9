"""The result of an import, or of the check before it."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeVar

from incubator.tabular.rows import Problem

T = TypeVar("T")

#: Returns a progress bar for a number of rows: a context manager with ``update(n)``.
Progress = Callable[[int], Any]
#: Called in the transaction of each portion with the number of rows that are done.
Step = Callable[[int], Awaitable[None]]

#: Problems and changes that a report lists; the others are counted.
LISTED = 1000


class _NoBar:
    def update(self, rows: int) -> None: ...


def unseen(_total: int) -> Any:
    """Show no progress: nobody sits before a terminal."""
    return nullcontext(_NoBar())


class ImportRefused(Exception):
    """The file as a whole cannot be imported as wished; the message says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that the file changes in what an earlier import made."""

    row: int
    title: str
    """Of the project."""
    column: str
    before: str
    after: str


@dataclass(slots=True)
class ImportReport:
    rows: int = 0
    created: int = 0
    updated: int = 0
    """Rows that change what an earlier run made."""
    known: int = 0
    """Rows imported by an earlier run, and left alone."""
    kept: int = 0
    """Rows that differ from what an earlier run made, and are left alone: people have gone on working there."""
    long: int = 0
    """Texts longer than their section allows: kept whole; the gate will ask for them to be shortened."""
    invited: int = 0
    """Addresses to which an invitation goes."""
    unaddressed: int = 0
    """People without an address, whom nobody can invite."""
    failed: int = 0
    """Problems, those that are not listed among them."""
    problems: list[Problem] = field(default_factory=list)
    changes: list[ValueChange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What somebody should know about the file."""
    columns: dict[str, str] = field(default_factory=dict)
    """The column of each field."""
    refusal: str = ""
    """Why the file as a whole cannot be imported."""
    suspicion: str = ""
    """Why rows seem to be shifted against each other; somebody has to look at them first."""

    def add(self, *problems: Problem) -> None:
        """Count problems, and list them as long as there is room."""
        self.failed += len(problems)
        self.problems += problems[: max(0, LISTED - len(self.problems))]

    def change(self, *changes: ValueChange) -> None:
        self.changes += changes[: max(0, LISTED - len(self.changes))]


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
