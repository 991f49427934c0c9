"""Similar projects: by the rare words they share, and slightly by cluster and competencies."""

from collections import defaultdict
from collections.abc import Iterable
from heapq import nlargest
from math import log
from typing import Any

from incubator.publication.facets import values_in
from incubator.publication.tables import Publication
from incubator.search.keys import keys, keys_in
from incubator.search.postings import counts_of, sets_of
from incubator.showcase.catalogue import cards_at
from incubator.showcase.facet_sets import FacetSets, facet_sets

#: How many stems of the project are compared, rarest first; and how many projects each may contribute, newest first.
_STEMS, _EACH = 20, 300
#: A stem in up to this many projects is rare, however small the showcase is.
_FEW = 10
#: Weight of a shared facet value, as a number of shared stems that nobody else has.
_ALIKE = {"cluster": 0.5, "competency": 0.5}


async def similar_to(publication: Publication, limit: int, *, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return cards of at most ``limit`` other publications, most similar first; newest first among equals.

    ``names`` of its facets are among its words but do not make texts similar. Each shared stem counts its inverse document frequency (Spärck Jones, 1972).
    """
    facets = await facet_sets()
    total = len(facets.everything)
    rare = await _rare_stems(publication, {key for name in names for word in keys(name) for key in word}, total)
    worth: defaultdict[int, float] = defaultdict(float)
    sets = await sets_of({stem for _n, stem in rare})
    for n, stem in rare:
        rarity = log(total / n)
        for place in sets[stem][-_EACH:]:
            worth[place] += rarity
    _add_alike(worth, publication, facets)
    worth.pop(publication.place or 0, None)
    best = nlargest(limit, ((value, place) for place, value in worth.items()))
    return await cards_at([place for _value, place in best])


async def _rare_stems(publication: Publication, named: set[str], total: int) -> list[tuple[int, str]]:
    """Return the rarest stems of the project that others have, too, each after the number of projects with it."""
    counts = await counts_of({key for key in keys_in(publication.words) if len(key) > 2} - named)
    return sorted((n, stem) for stem, n in counts.items() if 1 < n <= max(_FEW, total // 4))[:_STEMS]


def _add_alike(worth: defaultdict[int, float], publication: Publication, facets: FacetSets) -> None:
    one_stem = log(len(facets.everything))
    for name, values in values_in(publication.facets).items():
        for value in values if name in _ALIKE else ():
            alike = facets.having(name, value)
            for place in [place for place in worth if place in alike] or alike[-_STEMS:]:
                worth[place] += _ALIKE[name] * one_stem
