"""The result of an import or a dry run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from incubator.tabular.rows import Problem

T = TypeVar("T")

#: Returns a progress bar for a number of rows: a context manager with ``update(n)``.
Progress = Callable[[int], Any]


@dataclass(slots=True)
class ImportReport:
    rows: int = 0
    created: int = 0
    known: int = 0
    """Rows imported by an earlier run."""
    long: int = 0
    """Texts longer than their section allows: kept whole; the gate will ask for them to be shortened."""
    problems: list[Problem] = field(default_factory=list)


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
