"""Rows that a page is about: what may not be seen is not found."""

from typing import TypeVar

from litestar.exceptions import NotFoundException

T = TypeVar("T")


def get_or_404(row: T | None) -> T:
    """``row``, or 404: what you may not see is not there."""
    if row is None:
        raise NotFoundException
    return row
