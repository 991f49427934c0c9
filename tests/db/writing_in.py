"""Calling what has to be called inside a transaction."""

from collections.abc import Awaitable
from typing import TypeVar

from incubator.db import writing

T = TypeVar("T")


async def in_writing(work: Awaitable[T]) -> T:
    """Await ``work`` inside one transaction."""
    async with writing():
        return await work
