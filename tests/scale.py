"""How much of a promise is tried: the whole of it by ``python -m tests.acceptance``, about a tenth on every change."""

import os
from collections.abc import Sequence
from math import ceil
from typing import TypeVar

IS_WHOLE = os.environ.get("INCUBATOR_ACCEPTANCE", "") not in {"", "0"}

T = TypeVar("T")


def scaled(full: int, *, share: int = 10) -> int:
    """``full`` rounds, examples or rows; on every change one of ``share``, at least one."""
    return full if IS_WHOLE else ceil(full / share)


def part_of(items: Sequence[T], *, least: int = 200) -> Sequence[T]:
    """All items; on every change a tenth of them, spread evenly, where that leaves ``least``."""
    if IS_WHOLE or len(items) <= least:
        return items
    return items[:: len(items) // max(least, scaled(len(items)))]
