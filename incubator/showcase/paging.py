"""Paging through places, largest first, stable while projects are added. Pure."""

from dataclasses import dataclass

from pyroaring import BitMap

from incubator.showcase.filters import Cursor


@dataclass(frozen=True, slots=True)
class Page:
    """Places in order, each with its tier, and the cursors of the neighbouring pages."""

    rows: list[tuple[int, int]]
    """(tier, place) pairs."""
    has_previous: bool = False
    has_next: bool = False
    previous: Cursor | None = None
    """The previous page begins after this; None: at the beginning."""
    last: Cursor | None = None
    """The last page begins after this; None if it was not computed, or this is the last page."""
    start: int | None = 0
    """How many precede the first; None if they were not counted."""

    @property
    def next(self) -> Cursor | None:
        """Return the cursor of the next page."""
        return Cursor(*self.rows[-1]) if self.has_next else None


class Order:
    """Tiers of places, one after the other, each with the largest first."""

    def __init__(self, *tiers: BitMap) -> None:
        self._tiers = tiers

    def __len__(self) -> int:
        return sum(map(len, self._tiers))

    def page(self, after: Cursor | None, size: int) -> Page:
        """Return the page that follows ``after``, which may have been removed since."""
        start = self._rank(after) if after else 0
        count = len(self)
        last = (count - 1) // size * size
        return Page(
            rows=[self._at(n) for n in range(start, min(start + size, count))],
            has_previous=start > 0,
            has_next=start + size < count,
            previous=self._cursor(start - size),
            last=self._cursor(last) if start + size < count else None,
            start=start,
        )

    def _rank(self, after: Cursor) -> int:
        """Return how many come up to and including ``after``."""
        ahead = sum(map(len, self._tiers[: after.tier]))
        if after.tier >= len(self._tiers):
            return ahead
        tier = self._tiers[after.tier]
        return ahead + len(tier) - tier.rank(after.place - 1)

    def _at(self, index: int) -> tuple[int, int]:
        for tier, places in enumerate(self._tiers):
            if index < len(places):
                return tier, places[len(places) - 1 - index]
            index -= len(places)
        raise IndexError(index)

    def _cursor(self, start: int) -> Cursor | None:
        return Cursor(*self._at(start - 1)) if start > 0 else None
