"""Which publications have the words that a visitor typed: sets, cut and joined; no engine ranks anything.

Who has all words in the title comes first, then who has them anywhere; within each the
newest. A word that nobody has is forgiven one mistake when nothing is found.
"""

from dataclasses import dataclass, replace
from functools import reduce

from pyroaring import BitMap

from incubator.db import in_thread
from incubator.publication.index import TITLE
from incubator.publication.tables import Publication
from incubator.search.postings import commonest, counts_of, portions, sets_of
from incubator.search.query import Query, Term
from incubator.search.stemming import neighbours, stem

#: Publications, the newest first, that are looked through word by word for a phrase.
MOST_READ = 3000
#: Stems that an unfinished word may grow into, the most frequent first.
_MOST_GROWN = 100
#: Mistyped words of a query that are mended, and stems that each may have meant.
_MOST_STRANGE, _MOST_MEANT = 3, 8


@dataclass(frozen=True, slots=True)
class Matches:
    """``title``: places that have all words in the title; they are among ``found``."""

    title: BitMap
    found: BitMap
    query: Query
    """What was looked for: mended, where a mistake was forgiven."""
    is_cut: bool = False
    """A phrase of such frequent words that only the newest were looked through."""

    @property
    def meant(self) -> list[str]:
        """Words that were taken for mistyped ones."""
        return [other for term in self.query.wanted for other in term.others]


async def matches(query: Query, everything: BitMap) -> Matches:
    """Where ``query`` is met among ``everything``; with one mistake forgiven if nowhere."""
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
    """The sets that a query speaks of, read at once."""

    by_term: dict[str, BitMap]
    grown: dict[str, list[str]]
    """For the start of a word, the terms that it may grow into."""

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
        """All stems of ``term``, or any of what it may have meant or may grow into."""
        whole = reduce(BitMap.__and__, (self.by_term[where + each] for each in term.stems))
        ways = [where + each for each in term.others] + (self.grown[where + term.start] if term.start else [])
        return BitMap.union(whole, *(self.by_term[each] for each in ways))


async def _side_by_side(candidates: BitMap, term: Term) -> BitMap:
    """Of the newest candidates, those whose words stand in this order. Reads their texts."""
    newest = candidates[-MOST_READ:] if len(candidates) > MOST_READ else candidates
    phrase = f" {' '.join(term.stems)} "
    met = BitMap()
    for part in portions(newest):
        with in_thread():
            rows = await Publication.select(Publication.place, Publication.words).where(Publication.place.is_in(part))
        met |= BitMap(row["place"] for row in rows if phrase in f" {row['words']} ")
    return met


async def _forgiving(query: Query) -> Query | None:
    """``query`` with what unknown words may have been meant as; None where nothing near is known."""
    known = await counts_of({stem for term in query.wanted for stem in term.stems})
    strange = [term for term in query.wanted if term.word and term.stems[0] not in known][:_MOST_STRANGE]
    near = {term: _near(term.word) for term in strange}
    counts = await counts_of({each for others in near.values() for each in others})
    mended = tuple(replace(term, others=_likeliest(near.get(term, set()), counts)) for term in query.wanted)
    return Query(mended, query.unwanted) if mended != query.wanted else None


def _near(word: str) -> set[str]:
    """Stems one mistake away, in the word as typed or in its stem."""
    return neighbours(stem(word)) | {stem(other) for other in neighbours(word)}


def _likeliest(near: set[str], counts: dict[str, int]) -> tuple[str, ...]:
    """Those that somebody uses, the most frequent first."""
    return tuple(sorted(near & counts.keys(), key=lambda each: (-counts[each], each))[:_MOST_MEANT])
