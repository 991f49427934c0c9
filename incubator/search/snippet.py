"""Highlighting: the passage of a text where the words were found, and which of its words to mark. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from incubator.search.keys import forms_of, keys
from incubator.search.query import Query, Term
from incubator.search.stemming import WORD

#: Pieces of text, each with whether it is a match.
Marked = Sequence[tuple[str, bool]]


def marked(text: str, query: Query) -> Marked:
    """Return the whole of ``text`` in pieces, with matches separated."""
    pieces: list[tuple[str, bool]] = []
    last = 0
    for find in _finds(text, query):
        if find.start() > last:
            pieces.append((text[last : find.start()], False))
        pieces.append((find[0], True))
        last = find.end()
    if last < len(text):
        pieces.append((text[last:], False))
    return pieces


def has_all(texts: Sequence[str], query: Query) -> bool:
    """Return whether every wanted term occurs in one of ``texts``."""
    seen = [each for text in texts for find in _finds(text, query) for each in keys(find[0])]
    return all(any(term.takes(each) for each in seen) for term in query.wanted)


def snippet(texts: Sequence[str], query: Query, *, length: int = 180) -> Marked:
    """Return about ``length`` characters of the text with the most matches close together; empty without any."""
    best: tuple[int, int, str] | None = None
    for text in texts:
        starts = [find.start() for find in _finds(text, query)][:_MOST_FINDS]
        for i, start in enumerate(starts):
            near = sum(begin < start + length for begin in starts[i : i + 20])
            if best is None or near > best[0]:
                best = (near, start, text)
    if best is None:
        return []
    _count, start, text = best
    begin = _whole_word(text, max(0, start - length // 4))
    end = len(text) if begin + length >= len(text) else text.rfind(" ", begin, begin + length)
    piece = text[begin : end if end > start else begin + length].strip()
    return marked(("… " if begin else "") + piece + ("…" if begin + len(piece) < len(text.rstrip()) else ""), query)


_MOST_FINDS = 200


def _whole_word(text: str, at: int) -> int:
    """Return the start of the word at or after ``at``."""
    return at if at == 0 else text.find(" ", at) + 1 or at


def _finds(text: str, query: Query) -> Iterator[re.Match[str]]:
    """Yield the matching words of ``text``. The pattern only avoids looking up words that cannot match."""
    if not query.wanted:
        return
    likely = _likely(query.wanted)
    for word in WORD.finditer(text):
        if likely.match(word[0]) and any(term.takes(each) for each in keys(word[0]) for term in query.wanted):
            yield word


#: Letters of a form by which a word is told to be likely: no more patterns than a word has stems.
_HEAD = 3


@lru_cache(100)
def _likely(terms: tuple[Term, ...]) -> re.Pattern[str]:
    """Match words that begin like a form of one of the keys; a stem differs from its words only in its last letters."""
    found = {key for term in terms for word in (*term.words, term.others, term.completed) for key in word}
    forms = {form for key in found for form in forms_of(key)}
    heads = {form[: min(_HEAD, max(1, len(form) - 2))] for form in forms} | {t.start for t in terms if t.start}
    alike = "|".join(re.escape(head).replace("е", "[её]") for head in sorted(heads))
    return re.compile(alike, re.I)
