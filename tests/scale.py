"""Scale of the tests: everything in ``python -m tests.acceptance``, about a tenth on every change."""

import os
from collections.abc import Mapping, Sequence
from math import ceil
from typing import TypeVar
from zlib import crc32

import pytest

IS_WHOLE = os.environ.get("INCUBATOR_ACCEPTANCE", "") not in {"", "0"}

T = TypeVar("T")


#: Files whose tests look at pages and prints: the code of those is the same on both engines, what they ask has tests of its own.
_OF_PAGES = ("_in_chromium.py", "_pages.py", "_on_paper.py")


def is_told_elsewhere(item: pytest.Item) -> bool:
    """Return whether a test of pages runs on the other engine as well, on every change."""
    indices: dict[str, int] = getattr(getattr(item, "callspec", None), "indices", {})
    if not item.path.name.endswith(_OF_PAGES) or "database" not in indices:
        return False
    return is_second_telling(item.nodeid.partition("[")[0], indices)


def is_second_telling(name: str, indices: Mapping[str, int]) -> bool:
    """Return true for one of the two engines, by the test's name; by its parameters in turn.

    A story with scripts and without is then told with them on one engine, and without them on the other.
    """
    return (sum(indices.values()) + crc32(name.encode())) % 2 == 1


def scaled(full: int, *, share: int = 10) -> int:
    """Return ``full`` rounds, examples or rows; on every change that number divided by ``share``, at least one."""
    return full if IS_WHOLE else ceil(full / share)


def part_of(items: Sequence[T], *, least: int = 200) -> Sequence[T]:
    """Return all items; on every change an evenly spread tenth of them, but not fewer than ``least``."""
    if IS_WHOLE or len(items) <= least:
        return items
    return items[:: len(items) // max(least, scaled(len(items)))]
