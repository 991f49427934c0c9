"""Parsing of what a visitor typed into the search field. Pure.

Words are combined with "and". «Кавычки» make a phrase, a minus excludes a word, and the
last word may be incomplete.
"""

import re
from dataclasses import dataclass, field

from incubator.search.stemming import stem, stems, words

MOST_TERMS = 8
_SHORTEST_START = 2
_PART = re.compile(
    r"(?P<minus>(?<!\S)[-−–])?(?:«(?P<a>[^»]*)»?|\"(?P<b>[^\"]*)\"?|“(?P<c>[^”]*)”?|(?P<word>[^\s«\"“]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Stems that must all occur; ``start``: or any stem with this prefix; ``others``: or one of these."""

    stems: tuple[str, ...]
    start: str = ""
    others: tuple[str, ...] = ()
    is_phrase: bool = False
    """The stems must be adjacent, in this order."""
    word: str = field(default="", compare=False)
    """A single word as typed, folded."""

    def takes(self, found: str) -> bool:
        """Return whether this term matches the stem ``found``."""
        return found in self.stems or found in self.others or bool(self.start and found.startswith(self.start))


@dataclass(frozen=True, slots=True)
class Query:
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()


def parse(text: str) -> Query:
    """Return the terms of ``text``, at most eight of each kind; anything without a word is ignored."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for part in _PART.finditer(text):
        quoted = next((part[name] for name in "abc" if part[name] is not None), None)
        if quoted is not None:
            (unwanted if part["minus"] else wanted).extend(_phrase(quoted))
        elif part["minus"]:
            unwanted += _together(part["word"])
        else:
            wanted += _words(part["word"], is_last=part.end() == len(text))
    return Query(tuple(dict.fromkeys(wanted))[:MOST_TERMS], tuple(dict.fromkeys(unwanted))[:MOST_TERMS])


def _phrase(text: str) -> list[Term]:
    found = tuple(stems(text))
    return [Term(found, is_phrase=len(found) > 1)] if found else []


def _together(text: str) -> list[Term]:
    """Return the terms of a group: «-3d-печать» excludes what has both words, not what has either."""
    found = words(text)
    return [Term(tuple(stem(word) for word in found), word=found[0] if len(found) == 1 else "")] if found else []


def _words(text: str, *, is_last: bool) -> list[Term]:
    """Return a term for each word: «3d-печать» is two words; the very last one may be incomplete."""
    found = words(text)
    return [
        Term((stem(word),), word if may_grow and len(word) >= _SHORTEST_START else "", word=word)
        for word, may_grow in ((word, is_last and n == len(found)) for n, word in enumerate(found, start=1))
    ]
