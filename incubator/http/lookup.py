"""Lookup of the row that a page is about."""

from typing import TypeVar

from litestar.exceptions import NotFoundException

T = TypeVar("T")


def get_or_404(row: T | None) -> T:
    """Return ``row``, or raise 404: what a reader may not see is not found."""
    if row is None:
        raise NotFoundException
    return row
