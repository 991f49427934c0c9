"""Query counting: tests compare the number of queries at one row and at three."""

from collections.abc import Iterator
from contextlib import contextmanager

_watching: list[list[str]] = []


def note(sql: str) -> None:
    """Record that an engine is about to run ``sql``."""
    for seen in _watching:
        seen.append(sql)


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect the SQL of every query of this process while the block runs.

    BEGIN and COMMIT are not counted: they differ between the engines, queries do not.
    """
    seen: list[str] = []
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching[:] = [other for other in _watching if other is not seen]
