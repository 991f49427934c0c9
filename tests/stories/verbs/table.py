"""The table of verbs: how each is called, and what the journal says when it is called twice at the same moment."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from incubator.history.record import Happened
from tests.cast import Cast

Call = Callable[[], Awaitable[Any]]
Prepare = Callable[[Cast], Awaitable[Call]]


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    prepare: Prepare
    """Makes what the verb needs; returns the call."""
    told: tuple[Happened, ...]
    """What both calls leave in the journal, together."""


class Room:
    """Verbs of one room, in an order that works: each finds what those before it left."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def once(self, *told: Happened) -> Callable[[Prepare], Prepare]:
        """The second call does nothing or is refused: the journal has one call's events."""
        return self._row(told)

    def twice(self, *told: Happened) -> Callable[[Prepare], Prepare]:
        """Both are honest writes: the journal has the events of each."""
        return self._row(told * 2)

    def _row(self, told: tuple[Happened, ...]) -> Callable[[Prepare], Prepare]:
        def add(prepare: Prepare) -> Prepare:
            self.rows.append(Row(prepare.__name__, prepare, told))
            return prepare

        return add
