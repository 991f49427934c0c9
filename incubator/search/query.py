"""Parsing of what a visitor typed into the search field. Pure.

Words are combined with "and". «Кавычки» make a phrase, or of one word exactly that word; a minus excludes a word, and
the last word may be incomplete.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from incubator.search.keys import Keys, completions, keys, keys_of
from incubator.search.stemming import words

MOST_TERMS = 8
#: Words that are in every text and so tell nothing beside others.
STOP_WORDS = frozenset(
    words(
        "и а но или не ни же бы ли в во на с со о об про для по к ко у из от до за при под над без через между как что чтобы где "
        "это этот эта эти тот та те мы вы я он она они его её их наш ваш "
        "a an the of in on at for to and or with about by from is are"
    )
)
#: Keys of what every text is about.
_EVERYWHERE = frozenset({"проект", "project"})
_SHORTEST_START = 2
_QUOTE = re.compile('[«"“]')
_PART = re.compile(
    r"(?P<minus>(?<!\S)[-−–])?(?:«(?P<a>[^»]*)»?|\"(?P<b>[^\"]*)\"?|“(?P<c>[^”]*)”?|(?P<word>[^\s«\"“]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must all occur, each by one of its keys; ``start``: or any key with this prefix; ``others``: or one of these."""

    words: tuple[Keys, ...]
    start: str = ""
    others: Keys = ()
    is_phrase: bool = False
    """The words must be adjacent, in this order."""
    word: str = field(default="", compare=False)
    """A single word as typed, folded."""

    @property
    def completed(self) -> Keys:
        """Return the keys of what an incomplete word may become that do not begin like it."""
        return completions(self.start) if self.start else ()

    def takes(self, found: Collection[str]) -> bool:
        """Return whether this term matches a word with the keys ``found``."""
        wanted = {key for word in self.words for key in word} | {*self.others, *self.completed}
        return bool(wanted & {*found}) or bool(self.start and any(key.startswith(self.start) for key in found))


@dataclass(frozen=True, slots=True)
class Query:
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    text: str = field(default="", compare=False)
    """As it was typed."""

    @property
    def has_quotes(self) -> bool:
        return bool(_QUOTE.search(self.text))

    @property
    def as_ended(self) -> "Query":
        """Return the same with its last word taken as it is."""
        return Query(tuple(replace(term, start="") for term in self.wanted), self.unwanted, self.text)


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
    wanted = _telling(list(dict.fromkeys(wanted)))
    return Query(tuple(wanted[:MOST_TERMS]), tuple(dict.fromkeys(unwanted))[:MOST_TERMS], text)


def in_quotes(text: str) -> str:
    """Return ``text`` with each word in quotes, so that nothing else is searched for; empty if it has quotes already."""
    parts = [] if _QUOTE.search(text) else text.split()
    return " ".join(part if part[0] in "-−–" else f'"{part}"' for part in parts)


def _telling(terms: list[Term]) -> list[Term]:
    """Return the terms without those that tell nothing beside others: «проекты про роботов» are those with robots."""
    return [term for term in terms if term.word not in STOP_WORDS and not _EVERYWHERE & {*term.words[0]}] or terms


def _phrase(text: str) -> list[Term]:
    found = tuple(keys(text))
    return [Term(found, is_phrase=len(found) > 1)] if found else []


def _together(text: str) -> list[Term]:
    """Return the terms of a group: «-3d-печать» excludes what has both words, not what has either."""
    found = words(text)
    return [Term(tuple(keys_of(word) for word in found), word=found[0] if len(found) == 1 else "")] if found else []


def _words(text: str, *, is_last: bool) -> list[Term]:
    """Return a term for each word: «3d-печать» is two words; the very last one may be incomplete."""
    found = words(text)
    return [
        Term((keys_of(word),), word if may_grow and len(word) >= _SHORTEST_START else "", word=word)
        for word, may_grow in ((word, is_last and n == len(found)) for n, word in enumerate(found, start=1))
    ]
