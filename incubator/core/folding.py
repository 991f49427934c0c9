"""Texts as searches of the workplace compare them. Pure."""

import re

from incubator.core.characters import folded_character

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")


class _Folded(dict[int, str]):
    """What each character is folded to, by its number; filled as characters come, and begun afresh when it is large."""

    def __missing__(self, number: int) -> str:
        if len(self) >= 4096:
            self.clear()
        self[number] = folded_character(chr(number))
        return self[number]


_FOLDED = _Folded()


def folded(text: str) -> str:
    """Return the words of ``text``, with one blank between them: no case, no ё, no punctuation, nothing invisible.

    «Школа №1» and «школа № 1» are the same, «Тихий  улей!» and «тихий улей» too.
    """
    return " ".join(_WORD.findall(text.translate(_FOLDED)))


def says(text: str, words: str) -> bool:
    """Return whether ``text`` contains ``words``, however both are spelt; everything contains no words."""
    return folded(words) in folded(text)
