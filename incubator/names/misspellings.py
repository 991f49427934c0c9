"""Names with a slip of the pen, «Кузнецоова», «Кузнцеова», «Кузницова», and names written backwards, «авоцензуК». Pure.

Only a long name is recognised so: one letter of a short one makes another word. What the dictionary has is no slip.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from incubator.language.dictionary import is_known
from incubator.names.folding import Word
from incubator.names.latin import is_latin_key, latin_key

#: The fewest letters of a form that is recognised, and of the shortest form of the same name.
_SHORTEST, _SHORTEST_STEM = 6, 5
_REPEATED = re.compile(r"(.)\1+")


@dataclass(slots=True)
class Misspellings:
    """The forms of family names, by what is left of each if one letter is missing."""

    forms: set[str] = field(default_factory=set)
    _shortened: dict[str, set[str]] = field(default_factory=dict)
    _squeezed: dict[str, str] = field(default_factory=dict)

    def add(self, forms: Iterable[str]) -> None:
        """Look also for the forms of a name: folded words, or keys of words in Latin letters."""
        known = [form.removeprefix("~") for form in forms]
        if min(map(len, known), default=0) >= _SHORTEST_STEM:
            self.forms |= {form for form in forms if len(form) >= _SHORTEST}
            self._shortened, self._squeezed = {}, {}

    def corrected(self, words: Sequence[Word], called: Iterable[str]) -> list[Word] | None:
        """Return the words with each misspelt name as it is spelt; None if there is none.

        ``called``: given names. A word in Latin letters, of which no dictionary here says whether it is one, is only
        taken for a misspelt name beside one of them.
        """
        if not self.forms:
            return None
        if not self._shortened:
            self._index()
        given = frozenset(called)
        found = [self._corrected(words, at, given) for at in range(len(words))]
        return found if any(a is not b for a, b in zip(found, words, strict=True)) else None

    def _index(self) -> None:
        for form in self.forms:
            self._squeezed[_REPEATED.sub(r"\1", form)] = form
            for short in _shortenings(form):
                self._shortened.setdefault(short, set()).add(form)

    def _corrected(self, words: Sequence[Word], at: int, given: frozenset[str]) -> Word:
        word, written = words[at], words[at].folded
        if len(written) < _SHORTEST_STEM or not written.isalpha():
            return word
        beside = (*words[max(at - 1, 0) : at], *words[at + 1 : at + 2])
        turned = self._turned(written)
        if not turned and any(self._turned(each.folded) for each in beside):
            turned = _turned_in(written, given)
        if turned:
            return replace(word, folded=turned, is_capital=True)
        name = self._name_beside(written, beside, given)
        return replace(word, folded=name) if name and not is_known(written) else word

    def _name_beside(self, word: str, beside: Sequence[Word], given: frozenset[str]) -> str:
        """Return the form that ``word`` misspells; empty if none."""
        if not word.isascii():
            return self._name(word)
        is_beside_given = any(latin_key(each.folded) in given for each in beside if each.folded.isascii())
        return self._name(latin_key(word)) if is_beside_given else ""

    def _name(self, word: str) -> str:
        """Return the form that ``word`` misspells; empty if none, or if it is one itself."""
        if word in self.forms:
            return ""
        same_sounds = self._squeezed.get(_REPEATED.sub(r"\1", word), "")
        return same_sounds or next((form for form in sorted(self._near(word)) if _differ_by_one(form, word)), "")

    def _near(self, word: str) -> Iterator[str]:
        yield from self._shortened.get(word, ())
        for short in _shortenings(word):
            if short in self.forms:
                yield short
            yield from self._shortened.get(short, ())

    def _turned(self, word: str) -> str:
        """Return the family name that stands there backwards; empty if none does."""
        return "" if len(word) < _SHORTEST or is_known(word) else _turned_in(word, self.forms)


def _turned_in(word: str, names: Collection[str]) -> str:
    turned = latin_key(word[::-1]) if word.isascii() else word[::-1]
    return turned if turned in names else ""


def _shortenings(word: str) -> Iterator[str]:
    """Yield ``word`` without each of its letters in turn; what marks a key stays."""
    for at in range(1 if is_latin_key(word) else 0, len(word)):
        yield word[:at] + word[at + 1 :]


def _differ_by_one(form: str, word: str) -> bool:
    """Return whether one letter is wrong, missing or too many, or two neighbours are exchanged."""
    if len(form) != len(word):
        return True  # ``_near`` yields only those that are one letter longer or shorter
    wrong = [at for at, (a, b) in enumerate(zip(form, word, strict=True)) if a != b]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        return (form[wrong[0]], form[wrong[1]]) == (word[wrong[1]], word[wrong[0]])
    return len(wrong) == 1
