"""Search: which publications have a visitor's words, by set operations; the engines do no ranking.

Publications with all words in the title come first, then those with the words anywhere; within each
tier the newest. If nothing is found, an unknown word is forgiven one typing error.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce

from pyroaring import BitMap
from rapidfuzz.distance import OSA

from incubator.core.portions import portions
from incubator.db import any_of, in_thread, run_sql
from incubator.language.dictionary import lemmas
from incubator.language.scripts import is_cyrillic
from incubator.publication.index import TITLE
from incubator.search.keys import Keys, keys
from incubator.search.postings import commonest, counts_of, counts_within, sets_of
from incubator.search.query import Query, Term, parse
from incubator.search.respelling import respellings
from incubator.search.stemming import neighbours, stem, stems_once, words

#: How many publications, newest first, are checked word by word for a phrase.
MOST_READ = 3000
_READ_AT_ONCE = 250
#: How many keys an incomplete word may be completed to, most frequent first.
_MOST_GROWN = 100
#: How many misspelt words of a query are corrected, and how many keys are considered for each.
_MOST_STRANGE, _MOST_MEANT = 3, 8
#: From how many letters on two errors are forgiven, and by how many letters the form of a word may differ from its key.
_LONG, _TWO, _LONGER = 8, 2, 4


@dataclass(frozen=True, slots=True)
class Matches:
    """Search results; ``title``: places that have all words in the title, a subset of ``found``."""

    title: BitMap
    found: BitMap
    query: Query
    """The query used, after correction."""
    near: BitMap = field(default_factory=BitMap)
    """Those of ``found`` that have a word only like one that was typed, where others have it."""
    is_only_near: bool = False
    """Nothing has what was typed."""
    instead: str = ""
    """What was searched for, where it is another text than was typed."""
    unknown: tuple[str, ...] = ()
    """The words that nothing has, if nothing was found."""
    is_cut: bool = False
    """A phrase of such frequent words that only the newest publications were checked."""

    @property
    def rest(self) -> str:
        """Return what was typed without the words that nothing has; empty if nothing is left, or nothing would go."""
        parts = self.query.text.split()
        left = [part for part in parts if not {*words(part)} <= {*self.unknown}]
        return " ".join(left) if len(left) < len(parts) else ""

    @property
    def meant(self) -> list[str]:
        """Return the words used instead of misspelt ones."""
        return [other for term in self.query.wanted for other in term.others]


async def matches(query: Query, everything: BitMap) -> Matches:
    """Return the matches of ``query`` in ``everything``.

    What was typed comes first, and after it what is only like a word that no dictionary has. Only if nothing has it, its last
    word is taken for the beginning of one, then for one of another layout or alphabet, and then errors in each word are forgiven.
    """
    met = await _met(query.as_ended, everything)
    if not query.wanted:
        return met
    if met.found:
        return await _with_near(met, everything)
    respelt = None if query.has_quotes else await _respelt(query)  # what stands in quotes is meant as it stands
    for other in (query, respelt, await _forgiving(query, _is_nowhere)):
        if other is not None and (found := await _met(other, everything)).found:
            return replace(
                found, is_only_near=bool(found.meant), instead=other.text if other.text != query.text else ""
            )  # fmt: skip
    return replace(met, unknown=await _unknown(query))


async def _with_near(met: Matches, everything: BitMap) -> Matches:
    """Return the matches with those of which a word is only like one that was typed: whoever wrote it may have made a mistake, too."""
    mended = await _forgiving(met.query, _is_in_no_dictionary) if any(map(_may_be_wrong, met.query.wanted)) else None
    if mended is None:
        return met
    found = await _met(mended, everything)
    return replace(found, title=met.title, near=found.found - met.found)


def _may_be_wrong(term: Term) -> bool:
    """Return whether a word is in no dictionary. Of English ones nobody knows."""
    return is_cyrillic(term.word) and not lemmas(term.word)


def _is_in_no_dictionary(term: Term, _known: Collection[str]) -> bool:
    return _may_be_wrong(term)


def _is_nowhere(term: Term, known: Collection[str]) -> bool:
    return not {*term.words[0]} & {*known}


async def _respelt(query: Query) -> Query | None:
    """Return the query with its unknown words in the other layout or alphabet, if those are known; None if there are none."""
    parts = query.text.split()
    ways = {part: [part, *respellings(part)] for part in parts if part not in {"-", "−", "–"}}
    keys_by_way = {way: keys(way) for each in ways.values() for way in each}
    known = (await counts_of({key for found in keys_by_way.values() for word in found for key in word})).keys()

    def is_known(way: str) -> bool:
        return bool(keys_by_way[way]) and all(known & {*word} for word in keys_by_way[way])

    text = " ".join(next((way for way in ways.get(part, ()) if is_known(way)), part) for part in parts)
    return parse(text).as_ended if text != " ".join(parts) else None


async def _unknown(query: Query) -> tuple[str, ...]:
    """Return the words that no publication has, as they were typed."""
    known = (await counts_of({key for term in query.wanted for word in term.words for key in word})).keys()
    return tuple(term.word for term in query.wanted if term.word and not known & {*term.words[0]})


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
    return Matches(title if query.wanted else BitMap(), found, query, is_cut=is_cut)


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
                terms |= {where + key for word in (*term.words, term.others, term.completed) for key in word}
                if term.start:
                    start = where + term.start
                    grown[start] = await commonest(start, _MOST_GROWN)
                    terms.update(grown[start])
        return cls(await sets_of(terms), grown)

    def having(self, term: Term, where: str = "") -> BitMap:
        """Return the places with all words of ``term``, or with any of its corrections or completions."""
        whole = reduce(BitMap.__and__, (self._any(where + key for key in word) for word in term.words))
        grown = self.grown[where + term.start] if term.start else []
        return whole | self._any([*grown, *(where + key for key in (*term.others, *term.completed))])

    def _any(self, terms: Iterable[str]) -> BitMap:
        return BitMap.union(BitMap(), *(self.by_term[each] for each in terms))


async def _side_by_side(candidates: BitMap, term: Term) -> BitMap:
    """Return the newest candidates whose words are adjacent in this order. Reads their texts."""
    newest = candidates[-MOST_READ:] if len(candidates) > MOST_READ else candidates
    said = _said(term.words)
    met = BitMap()
    for part in portions(newest, _READ_AT_ONCE):
        marks, places = any_of(part)
        with in_thread():
            rows = await run_sql(
                f"SELECT place, words FROM publication WHERE place IN ({marks})",  # noqa: S608 - marks only
                *places,
            )
        met |= BitMap(row["place"] for row in rows if any(way.search(" " + row["words"]) for way in said))
    return met


@lru_cache(100)
def _said(phrase: tuple[Keys, ...]) -> tuple[re.Pattern[str], ...]:
    """Match these words next to each other in the stored words of a publication, after a blank (``keys.index_of``).

    One pattern for each key of the first word, which begins with this key, so that it is looked for as plain text.
    """
    first, *others = phrase
    each = (rf" (?:[^ ]*\|)?(?:{'|'.join(map(re.escape, word))})(?:\|[^ ]*)?" for word in others)
    following = rf"(?:\|[^ ]*)?{''.join(each)}(?![^ ])"
    return tuple(re.compile(rf"{re.escape(key)}(?<=[ |]{re.escape(key)}){following}") for key in first)


async def _forgiving(query: Query, is_strange: Callable[[Term, Collection[str]], bool]) -> Query | None:
    """Return ``query`` with corrections for its strange words; None if there are none."""
    known = await counts_of({key for term in query.wanted for word in term.words for key in word})
    strange = [term for term in query.wanted if term.word and is_strange(term, known.keys())][:_MOST_STRANGE]
    near = {term: await _near(term.word) - {*term.words[0]} for term in strange}
    counts = await counts_of({each for others in near.values() for each in others})
    mended = tuple(replace(term, others=_likeliest(near.get(term, set()), counts)) for term in query.wanted)
    return Query(mended, query.unwanted, query.text) if mended != query.wanted else None


async def _near(word: str) -> set[str]:
    """Return the keys in use that are one error away, in the word as typed or in its stem; of a long one else two errors."""
    near = neighbours(word)
    near = neighbours(stem(word)) | stems_once(near) | {key for each in near for key in lemmas(each)}
    if len(word) < _LONG or await counts_of(near):
        return near
    used = [term for term in await counts_within(word[0]) if ":" not in term and abs(len(term) - len(word)) <= _LONGER]
    return {term for term in used if _is_like(word, term)}


def _is_like(word: str, term: str) -> bool:
    """Return whether two errors make one word of the other, or the stem of the one that of the other."""
    pairs = ((word, term), (stem(word), stem(term)))
    return any(OSA.distance(*pair, score_cutoff=_TWO) <= _TWO for pair in pairs)


def _likeliest(near: set[str], counts: dict[str, int]) -> tuple[str, ...]:
    """Return those that are in use, most frequent first."""
    return tuple(sorted(near & counts.keys(), key=lambda each: (-counts[each], each))[:_MOST_MEANT])
