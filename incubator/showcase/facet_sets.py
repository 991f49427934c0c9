"""In-memory sets of publications by facet value, which filter and count a million of them at once."""

import asyncio
from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from pyroaring import BitMap

from incubator.db import current_engine
from incubator.db.engines import AnyEngine
from incubator.publication.facets import FACETS
from incubator.search.postings import CHUNK_BITS, EVERYTHING, facets_since, version

#: Number of publications by facet and value.
Counts = dict[str, dict[str, int]]


class FacetSets:
    """The places of every value of every facet, kept in memory and updated with each change.

    A million publications take some twenty megabytes. Sets are replaced, never modified.
    """

    def __init__(self) -> None:
        self._number = -1
        self._sets: dict[str, BitMap] = {}
        self._values: list[tuple[str, str, str]] = []
        """Facet, value and term of each set."""
        self._turn = asyncio.Lock()

    async def refresh(self) -> None:
        """Update the sets. One query; two when the index has changed."""
        async with self._turn:  # an older answer must not be applied after a newer one
            await self._refresh()

    async def _refresh(self) -> None:
        number = await version()
        if number == self._number:
            return
        for term, chunk, places in await facets_since(self._number):
            known = self._sets.get(term)
            if known is None:
                self._sets[term] = places
                continue
            fresh = known.copy()
            fresh.remove_range(chunk << CHUNK_BITS, (chunk + 1) << CHUNK_BITS)
            fresh |= places
            self._sets[term] = fresh
        parted = [(term, *term.removeprefix(EVERYTHING).partition("=")) for term in self._sets]
        self._values = [(name, value, term) for term, name, _sep, value in parted if name]
        self._number = number

    @property
    def everything(self) -> BitMap:
        return self._sets.get(EVERYTHING, BitMap())

    def having(self, name: str, value: str) -> BitMap:
        return self._sets.get(f"{EVERYTHING}{name}={value}", BitMap())

    def within(self, found: BitMap, chosen: Mapping[str, Sequence[str]], *, but: str = "") -> BitMap:
        """Return those of ``found`` that have one of the values of every facet of ``chosen`` except ``but``."""
        for name, values in chosen.items():
            if name != but:
                found = found & BitMap.union(*(self.having(name, value) for value in values))
        return found

    def counts(self, found: BitMap, chosen: Mapping[str, Sequence[str]]) -> Counts:
        """Return, for each facet, how many of ``found`` each value would leave, with the other filters kept."""
        bases = {name: self.within(found, chosen, but=name) for name in FACETS}
        counts: Counts = {name: {} for name in FACETS}
        for name, value, term in self._values:
            if n := bases[name].intersection_cardinality(self._sets[term]):
                counts[name][value] = n
        return counts


_known: "WeakKeyDictionary[AnyEngine, FacetSets]" = WeakKeyDictionary()


async def facet_sets() -> FacetSets:
    """Return the up-to-date sets of the current database."""
    sets = _known.setdefault(current_engine(), FacetSets())
    await sets.refresh()
    return sets
