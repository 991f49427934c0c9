"""A long list of people that fits a page: those in whom some words stand, a page of them, and how many come after it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from incubator.core.folding import says

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Narrowed(Generic[T]):
    rows: list[T]
    more: int
    """How many others that the words fit come after them."""
    words: str
    """What was looked for; empty for everybody."""


def narrowed(
    rows: Sequence[T], words: str, text_of: Callable[[T], str], *, most: int, after: Callable[[T], bool] = lambda row: False
) -> Narrowed[T]:  # fmt: skip
    """Return the first ``most`` rows whose text contains ``words``, however both are spelt, in the order of ``rows``. Pure.

    ``after``: true for the last row of the page before; if it is in the list no more, the first page.
    """
    fitting = [row for row in rows if says(text_of(row), words)] if words else list(rows)
    start = next((at + 1 for at, row in enumerate(fitting) if after(row)), 0)
    return Narrowed(fitting[start : start + most], max(0, len(fitting) - start - most), words)
