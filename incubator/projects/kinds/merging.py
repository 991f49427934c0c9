"""Bringing together the cells of two people who worked on one sheet. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from enum import Enum, auto
from typing import TypeVar

from incubator.core.three_way import ChangedTwice, brought_together

T = TypeVar("T")
Rows = Sequence[dict[str, str]]


class Preferred(Enum):
    """Whose of two different things is preferred where both have changed one."""

    MINE = auto()
    THEIRS = auto()


def together(read: T, typed: T, stored: T, preferred: Preferred | None) -> T:
    """Return what one value becomes. Raises ChangedTwice if it is not said whose is ``preferred``."""
    try:
        return brought_together(read, typed, stored)
    except ChangedTwice:
        if preferred is None:
            raise
        return typed if preferred is Preferred.MINE else stored


def merged_cells(
    read: Mapping[str, str], typed: Mapping[str, str], stored: Mapping[str, str], preferred: Preferred | None
) -> dict[str, str]:
    """Return the cells of both. Raises ChangedTwice like ``together``."""
    keys = {**read, **stored, **typed}
    cells = {key: together(read.get(key, ""), typed.get(key, ""), stored.get(key, ""), preferred) for key in keys}
    return {key: cell for key, cell in cells.items() if cell}


def merged_rows(
    read: Rows, typed: Rows, stored: Rows, preferred: Preferred | None, *, named_by: str
) -> list[dict[str, str]]:
    """Return the rows with the cells of both; rows that came, went or moved are one thing. Raises ChangedTwice like ``together``."""
    if not len(read) == len(typed) == len(stored):
        return [*together(list(read), list(typed), list(stored), preferred)]
    often = Counter(row.get(named_by, "") for row in read)
    return [_merged_row(*each, preferred, named_by, often) for each in zip(read, typed, stored, strict=True)]


def merged_by_name(
    read: Rows, typed: Rows, stored: Rows, preferred: Preferred | None, *, named_by: str
) -> list[dict[str, str]]:
    """Return the rows of both where the first cell of each is a name that nobody types: rows may come, go and move.

    Raises ChangedTwice like ``together``, also if one changed what the other took out. Of two orders that of ``typed`` holds.
    """
    was, mine, there = ({row.get(named_by, ""): row for row in rows} for rows in (read, typed, stored))
    first, then = (mine, there) if _has_moved(was, mine) else (there, mine)
    order = [*first, *(name for name in then if name not in first)]
    rows = [_one_of_a_name(was.get(name, {}), mine.get(name, {}), there.get(name, {}), preferred) for name in order]
    return [row for row in rows if row]


def _has_moved(was: Collection[str], now: Collection[str]) -> bool:
    """Return whether what stood there before stands in another order."""
    return [name for name in now if name in was] != [name for name in was if name in now]


def _one_of_a_name(
    read: dict[str, str], typed: dict[str, str], stored: dict[str, str], preferred: Preferred | None
) -> dict[str, str]:
    """Return the row with the cells of both; none if one took out what the other left as it was."""
    merge = merged_cells if typed and stored else together
    return merge(read, typed, stored, preferred)


def _merged_row(
    read: dict[str, str], typed: dict[str, str], stored: dict[str, str], preferred: Preferred | None, named_by: str,
    often: Mapping[str, int],
) -> dict[str, str]:  # fmt: skip
    """Return one row with the cells of both; whole rows where one of them may be another that was moved here.

    It is the same row as long as its first cell stands and names no other: a price never goes to what it is not the price of.
    """
    name = read.get(named_by, "")
    if name and often[name] == 1 and name == typed.get(named_by) == stored.get(named_by):
        return merged_cells(read, typed, stored, preferred)
    return together(read, typed, stored, preferred)
