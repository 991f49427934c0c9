"""Search: which publications have a visitor's words, by set operations; the engines do no ranking.

Publications with all words in the title come first, then those with the words anywhere; within each
tier the newest. If nothing is found, an unknown word is forgiven one typing error.
"""

from dataclasses import dataclass, replace
from functools import reduce

from pyroaring import BitMap

from incubator.core.portions import portions
from incubator.db import in_thread
from incubator.publication.index import TITLE
from incubator.publication.tables import Publication
from incubator.search.postings import commonest, counts_of, sets_of
from incubator.search.query import Query, Term
from incubator.search.stemming import neighbours, stem, stems_once

#: How many publications, newest first, are checked word by word for a phrase.
MOST_READ = 3000
_READ_AT_ONCE = 500
#: How many stems an incomplete word may be completed to, most frequent first.
_MOST_GROWN = 100
#: How many misspelt words of a query are corrected, and how many stems are considered for each.
_MOST_STRANGE, _MOST_MEANT = 3, 8


@dataclass(frozen=True, slots=True)
class Matches:
    """Search results; ``title``: places that have all words in the title, a subset of ``found``."""

    title: BitMap
    found: BitMap
    query: Query
    """The query used, after correction."""
    is_cut: bool = False
    """A phrase of such frequent words that only the newest publications were checked."""

    @property
    def meant(self) -> list[str]:
        """Return the words used instead of misspelt ones."""
        return [other for term in self.query.wanted for other in term.others]


async def matches(query: Query, everything: BitMap) -> Matches:
    """Return the matches of ``query`` in ``everything``; if there are none, with one error per word forgiven."""
    met = await _met(query, everything)
    if met.found or not query.wanted:
        return met
    mended = await _forgiving(query)
    return await _met(mended, everything) if mended else met


async def _met(query: Query, everything: BitMap) -> Matches:
    sets = await _Sets.of(query)
    found = reduce(BitMap.__and__, (sets.having(term) for term in query.wanted), everything)
    is_cut = False
    for term in query.wanted:
        if term.is_phrase:
            is_cut |= len(found) > MOST_READ
            found = await _side_by_side(found, term)
    for term in query.unwanted:
        bad = found & sets.having(term)
        found = found - (await _side_by_side(bad, term) if term.is_phrase else bad)
    title = reduce(BitMap.__and__, (sets.having(term, TITLE) for term in query.wanted), found)
    return Matches(title if query.wanted else BitMap(), found, query, is_cut)


@dataclass(frozen=True, slots=True)
class _Sets:
    """The sets that a query needs, read at once."""

    by_term: dict[str, BitMap]
    grown: dict[str, list[str]]
    """For an incomplete word, the terms that it may be completed to."""

    @classmethod
    async def of(cls, query: Query) -> "_Sets":
        terms: set[str] = set()
        grown: dict[str, list[str]] = {}
        for term, wheres in (*((t, ("", TITLE)) for t in query.wanted), *((t, ("",)) for t in query.unwanted)):
            for where in wheres:
                terms |= {where + each for each in (*term.stems, *term.others)}
                if term.start:
                    start = where + term.start
                    grown[start] = await commonest(start, _MOST_GROWN)
                    terms.update(grown[start])
        return cls(await sets_of(terms), grown)

    def having(self, term: Term, where: str = "") -> BitMap:
        """Return the places with all stems of ``term``, or with any of its corrections or completions."""
        whole = reduce(BitMap.__and__, (self.by_term[where + each] for each in term.stems))
        ways = [where + each for each in term.others] + (self.grown[where + term.start] if term.start else [])
        return BitMap.union(whole, *(self.by_term[each] for each in ways))


async def _side_by_side(candidates: BitMap, term: Term) -> BitMap:
    """Return the newest candidates whose words are adjacent in this order. Reads their texts."""
    newest = candidates[-MOST_READ:] if len(candidates) > MOST_READ else candidates
    phrase = f" {' '.join(term.stems)} "
    met = BitMap()
    for part in portions(newest, _READ_AT_ONCE):
        with in_thread():
            rows = await Publication.select(Publication.place, Publication.words).where(Publication.place.is_in(part))
        met |= BitMap(row["place"] for row in rows if phrase in f" {row['words']} ")
    return met


async def _forgiving(query: Query) -> Query | None:
    """Return ``query`` with corrections for unknown words; None if there are none."""
    known = await counts_of({stem for term in query.wanted for stem in term.stems})
    strange = [term for term in query.wanted if term.word and term.stems[0] not in known][:_MOST_STRANGE]
    near = {term: _near(term.word) for term in strange}
    counts = await counts_of({each for others in near.values() for each in others})
    mended = tuple(replace(term, others=_likeliest(near.get(term, set()), counts)) for term in query.wanted)
    return Query(mended, query.unwanted) if mended != query.wanted else None


def _near(word: str) -> set[str]:
    """Return the stems one error away, in the word as typed or in its stem."""
    return neighbours(stem(word)) | stems_once(neighbours(word))


def _likeliest(near: set[str], counts: dict[str, int]) -> tuple[str, ...]:
    """Return those that are in use, most frequent first."""
    return tuple(sorted(near & counts.keys(), key=lambda each: (-counts[each], each))[:_MOST_MEANT])
