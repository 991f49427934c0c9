"""The table of verbs: how each is called, and its events when it is called twice at the same moment."""

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
    """Creates what the verb needs; returns the call."""
    told: tuple[Happened, ...]
    """The events of both calls together."""


class Room:
    """Verbs of one package in an order that works: each finds what the earlier ones left."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def once(self, *told: Happened) -> Callable[[Prepare], Prepare]:
        """The second call does nothing or is refused: the journal has the events of one call."""
        return self._row(told)

    def twice(self, *told: Happened) -> Callable[[Prepare], Prepare]:
        """Both calls write: the journal has the events of each."""
        return self._row(told * 2)

    def _row(self, told: tuple[Happened, ...]) -> Callable[[Prepare], Prepare]:
        def add(prepare: Prepare) -> Prepare:
            self.rows.append(Row(prepare.__name__, prepare, told))
            return prepare

        return add
