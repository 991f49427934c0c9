"""Pages of a list that begin after a row, so that none repeats or is left out while people work.

``?after=`` names the last row of the page before: its value in the order, and its id. Both stay
meaningful when the row has changed or is gone.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from piccolo.columns import Column
from piccolo.columns.combination import And, Or

from incubator.http.forms import LARGEST_ID
from incubator.http.requests import AnyRequest

Row = TypeVar("Row")

#: No value holds a NUL: PostgreSQL stores none, and refuses to compare with one.
_CURSOR = re.compile(r"(\d{1,10})(?:~([^\0]{0,300}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class After:
    """The row after which a page begins."""

    id: int
    value: str = ""
    """The row's value in the order, as text; empty where the id itself is the order."""

    def __str__(self) -> str:
        return f"{self.id}~{self.value}" if self.value else str(self.id)


def after_of(request: AnyRequest) -> After | None:
    """Return the cursor in ``?after=``; None at the beginning, and for an invalid one."""
    found = _CURSOR.fullmatch(request.query_params.get("after", ""))
    if not found or int(found[1]) > LARGEST_ID:
        return None
    return After(int(found[1]), found[2] or "")


def beyond(after: After, order: Column, identity: Column, *, ascending: bool) -> Any:
    """Return the condition for rows that follow ``after`` in the order of ``order``, then ``identity``.

    Raises ValueError if its value is no value of that column.
    """
    value: Any = datetime.fromisoformat(after.value) if order.value_type is datetime else after.value
    further = order > value if ascending else order < value
    same_but_further = identity > after.id if ascending else identity < after.id
    return Or(further, And(order == value, same_but_further))


def after_row(row_id: int, value: datetime | str = "") -> After:
    """Return the cursor for the page that follows this row."""
    return After(row_id, value.isoformat() if isinstance(value, datetime) else value)


def following(
    rows: Sequence[Row], key: Callable[[Row], tuple[float, ...]], after: After | None, size: int
) -> tuple[list[Row], After | None]:
    """Return the page of ``rows`` that follows ``after``, and the cursor of the next page, or None.

    For lists that are filtered and sorted in memory: ``key`` gives a row's values in the order, and its id last.
    """
    start = _key_of(after)
    rest = [row for row in sorted(rows, key=key) if start is None or key(row) > start]
    page = rest[:size]
    if len(rest) <= size:
        return page, None
    *values, row_id = key(page[-1])
    return page, After(int(row_id), ",".join(repr(float(value)) for value in values))


def _key_of(after: After | None) -> tuple[float, ...] | None:
    try:
        return (*map(float, filter(None, after.value.split(","))), after.id) if after else None
    except ValueError:  # typed by hand
        return None
