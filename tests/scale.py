"""Scale of the tests: everything in ``python -m tests.acceptance``, about a tenth on every change."""

import os
from collections.abc import Sequence
from math import ceil
from typing import TypeVar

IS_WHOLE = os.environ.get("INCUBATOR_ACCEPTANCE", "") not in {"", "0"}

T = TypeVar("T")


def scaled(full: int, *, share: int = 10) -> int:
    """Return ``full`` rounds, examples or rows; on every change that number divided by ``share``, at least one."""
    return full if IS_WHOLE else ceil(full / share)


def part_of(items: Sequence[T], *, least: int = 200) -> Sequence[T]:
    """Return all items; on every change an evenly spread tenth of them, but not fewer than ``least``."""
    if IS_WHOLE or len(items) <= least:
        return items
    return items[:: len(items) // max(least, scaled(len(items)))]
