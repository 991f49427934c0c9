"""What a visitor typed into the search field, understood. Pure.

Words are joined by "and". «Кавычки» keep words together, a minus leaves a word out, and the
last word may be unfinished.
"""

import re
from dataclasses import dataclass, field

from incubator.showcase.words import stem, stems, words

MOST_TERMS = 8
_SHORTEST_START = 2
_PART = re.compile(
    r"(?P<minus>(?<!\S)[-−–])?(?:«(?P<a>[^»]*)»?|\"(?P<b>[^\"]*)\"?|“(?P<c>[^”]*)”?|(?P<word>[^\s«\"“]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Stems that stand side by side; ``start``: or any stem that begins so; ``others``: or one of these."""

    stems: tuple[str, ...]
    start: str = ""
    others: tuple[str, ...] = ()
    word: str = field(default="", compare=False)
    """A single word as it was typed, folded."""

    def takes(self, found: str) -> bool:
        """Whether ``found``, a stem, is one that this term looks for."""
        return found in self.stems or found in self.others or bool(self.start and found.startswith(self.start))


@dataclass(frozen=True, slots=True)
class Query:
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.wanted and not self.unwanted


def parse(text: str) -> Query:
    """The terms of ``text``, at most eight of each kind; what holds no word is no term."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for part in _PART.finditer(text):
        quoted = next((part[name] for name in "abc" if part[name] is not None), None)
        may_grow = part.end() == len(text) and not part["minus"]
        term = _phrase(quoted) if quoted is not None else _word(part["word"], may_grow=may_grow)
        if term.stems:
            (unwanted if part["minus"] else wanted).append(term)
    return Query(tuple(dict.fromkeys(wanted))[:MOST_TERMS], tuple(dict.fromkeys(unwanted))[:MOST_TERMS])


def _phrase(text: str) -> Term:
    return Term(tuple(stems(text)))


def _word(text: str, *, may_grow: bool) -> Term:
    """«3d-печать» is two words side by side; only a single one may be unfinished."""
    found = words(text)
    if len(found) != 1:
        return Term(tuple(stem(word) for word in found))
    start = found[0] if may_grow and len(found[0]) >= _SHORTEST_START else ""
    return Term((stem(found[0]),), start, word=found[0])
