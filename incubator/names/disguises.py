"""Names that are spelt out or broken up: «К у з н е ц о в а», «Куз*нецова», «Кузнец0ва», «К*знецова». Pure.

Only what reads as one of the looked-for names is put together, so that all other words stay as they are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from incubator.language.dictionary import is_known
from incubator.language.scripts import in_one_script
from incubator.names.folding import Word, comparable
from incubator.names.latin import latin_key

#: What may stand between two pieces of one name.
_GAP = re.compile(r"(?:\W|_){0,3}")
_UNBROKEN = re.compile(r"[\s*_~`-]*")
#: Digits that look like a letter, in either script.
_CYRILLIC_DIGITS = str.maketrans("0134689", "оизчбвя")
_LATIN_DIGITS = str.maketrans("013457", "oieast")
#: Stands for a letter that a single mark or digit hides.
_HIDDEN = "?"
_SHORTEST = 3
_SHORTEST_BROKEN = 4
_SHORTEST_DIVIDED = 5
_SHORTEST_WITH_HIDDEN = 6
#: How many letters more than a Russian name the same one in Latin letters has, at most: Shchukina.
_LONGER_IN_LATIN = 3


@dataclass(slots=True)
class _Pieces:
    """Words from ``at`` on, as far as they may be one name."""

    words: Sequence[Word]
    at: int
    end: int
    raw: str
    are_letters: bool
    """Each piece is a single letter or digit."""
    is_even: bool = True
    """The same stands between each two of them."""
    has_blank: bool = False
    has_break: bool = False
    """A mark in between ends a sentence or a part of one."""
    hiding: tuple[str, ...] = ()
    """The raw letters in which a mark or a digit hides one."""

    def add(self, word: Word) -> None:
        hiding = [known + word.folded for known in self.hiding]
        if len(word.before) == 1 and word.before not in " -":
            hiding.append(self.raw + _HIDDEN + word.folded)
        if len(word.folded) == 1 and word.folded.isdigit():
            hiding.append(self.raw + _HIDDEN)
        self.hiding = tuple(hiding)
        self.raw += word.folded
        self.end += 1
        self.is_even = self.is_even and word.before == self.words[self.at + 1].before
        self.are_letters = self.are_letters and len(word.folded) == 1
        self.has_blank = self.has_blank or " " in word.before
        self.has_break = self.has_break or _UNBROKEN.fullmatch(word.before) is None

    @property
    def may_be_one(self) -> bool:
        """Return whether anybody would read the pieces as one word."""
        if self.are_letters:
            return len(self.raw) >= _SHORTEST
        if not self.has_blank:
            return len(self.raw) >= _SHORTEST_BROKEN
        return (
            len(self.raw) >= _SHORTEST_DIVIDED
            and self.words[self.at].is_capital
            and not self.has_break
            and any(not is_known(word.folded) for word in self.words[self.at : self.end])
        )

    @property
    def is_inside(self) -> bool:
        """Return whether more letters stand before or behind in the same way: «п о к о с» says no «Кос»."""
        words, gap = self.words, self.words[self.at + 1].before
        before = self.at > 0 and len(words[self.at - 1].folded) == 1 and words[self.at].before == gap
        after = self.end < len(words) and len(words[self.end].folded) == 1 and words[self.end].before == gap
        return (before or after) and not words[self.at].is_capital


@dataclass(slots=True)
class Disguises:
    """The words that are looked for, in every form."""

    words: set[str] = field(default_factory=set)
    with_hidden: set[str] = field(default_factory=set)
    """With each letter in turn hidden, but for the first and the last one."""
    first: set[str] = field(default_factory=set)
    longest: int = 0

    def add(self, forms: Iterable[str]) -> None:
        """Look also for the forms of a name: folded words, and keys of words in Latin letters."""
        for form in forms:
            self.words.add(form)
            self.first.add(form[:1])
            self.longest = max(self.longest, len(form) + _LONGER_IN_LATIN)
            if len(form) >= _SHORTEST_WITH_HIDDEN:
                self.with_hidden |= {form[:at] + _HIDDEN + form[at + 1 :] for at in range(1, len(form) - 1)}

    def undone(self, words: Sequence[Word]) -> list[Word] | None:
        """Return the words with the pieces of each name put together; None if there are none."""
        found: list[Word] = []
        at = 0
        while at < len(words):
            end, folded = self._longest_at(words, at) if self._may_begin(words[at].folded) else (0, "")
            found.append(replace(words[at], folded=folded, end=words[end - 1].end) if end else words[at])
            at = end or at + 1
        return found if len(found) < len(words) else None

    def _may_begin(self, word: str) -> bool:
        return word[0].isascii() or word[0] in self.first

    def _longest_at(self, words: Sequence[Word], at: int) -> tuple[int, str]:
        """Return the end of the longest name in pieces that begins at word ``at``, and the name; 0 if there is none.

        A piece that is a name by itself needs no others.
        """
        best, even, word = (0, ""), (0, ""), words[at].folded
        pieces = _Pieces(words, at, at + 1, word, len(word) == 1)
        while not self._is_name(word) and pieces.end < len(words):
            after = words[pieces.end]
            word = after.folded
            if len(pieces.raw) + len(word) > self.longest or not _GAP.fullmatch(after.before):
                break
            pieces.add(after)
            if not self._is_name(word) and pieces.may_be_one and (name := self._name(pieces)):
                best = (pieces.end, name)
                even = best if pieces.is_even else even
        return even if even[0] else best

    def _name(self, pieces: _Pieces) -> str:
        """Return which of the words the pieces make; empty if none."""
        if pieces.raw.isdigit():
            return ""
        plain = _read(pieces.raw)
        for name in (latin_key(plain),) if plain.isascii() else (plain,):
            if name in self.words and not (len(plain) < _SHORTEST_DIVIDED and pieces.is_inside):
                return name
        for each in pieces.hiding:
            if (hiding := in_one_script(each)) in self.with_hidden:
                return self._unhidden(hiding)
        return ""

    def _unhidden(self, hiding: str) -> str:
        """Return a name that has one more letter at the place that is hidden."""
        before, _hidden, after = hiding.partition(_HIDDEN)
        length = len(before) + 1 + len(after)
        return min(w for w in self.words if len(w) == length and w.startswith(before) and w.endswith(after))

    def _is_name(self, word: str) -> bool:
        return len(word) > 1 and (word in self.words or (word.isascii() and latin_key(word) in self.words))


def _read(word: str) -> str:
    """Return letters and digits with the digits taken for the letters that they look like, in one script."""
    if word.isalpha():
        return comparable(word)
    return comparable(word.translate(_LATIN_DIGITS if word.isascii() else _CYRILLIC_DIGITS))
