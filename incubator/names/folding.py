"""Words of a text as names are compared: folded, each with its place in the text as it was written. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from incubator.core.characters import folded_character, is_ignorable
from incubator.language.scripts import in_one_script
from incubator.names.latin import latin_key

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
#: Where a capital letter follows a small one.
_JOINT = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")
_ACRONYM = 3
_COMPOSED = {("и", "\u0306"): "й", ("е", "\u0308"): "е"}


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters or digits; ``start`` and ``end`` are places in the text as it was written."""

    folded: str
    """Without case, stress marks, apostrophes and ё; look-alike letters of two scripts are one."""
    start: int
    end: int
    is_capital: bool
    before: str
    """The folded characters between the previous word and this one."""

    is_acronym: bool = False
    """Three capital letters, which may be somebody's initials."""

    @property
    def is_initial(self) -> bool:
        return len(self.folded) == 1 and self.is_capital


def fold(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters the place in ``text`` that it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if unicodedata.combining(character):
            if folded and (whole := _COMPOSED.get((folded[-1], character))):
                folded[-1] = whole
            continue
        for each in _unaccented(folded_character(character)):
            folded.append(each)
            places.append(place)
    return "".join(folded), places


@lru_cache(4096)
def _unaccented(folded: str) -> str:
    """Return letters without what is part of them in other alphabets: «ó», «ü»; «й» is a letter of its own."""
    if folded.isascii() or "й" in folded:
        return folded
    return "".join(each for each in unicodedata.normalize("NFD", folded) if not unicodedata.combining(each))


def words_of(text: str) -> list[Word]:
    """Return the words of ``text`` in order."""
    folded, places = fold(text)
    found: list[Word] = []
    last = 0
    for each in _WORD.finditer(folded):
        start = places[each.start()]
        end = _end_of(text, places[each.end() - 1])
        written = text[start:end]
        is_acronym = len(each[0]) == _ACRONYM and written.isalpha() and written.isupper()
        found.append(
            Word(comparable(each[0]), start, end, _is_capital(written), folded[last : each.start()], is_acronym)
        )  # fmt: skip
        last = each.end()
    return found


def words_apart(text: str) -> list[Word]:
    """Return the words of ``text``, also where only a capital letter begins one: «#МарияКузнецова»."""
    joints = [0, *(each.start() for each in _JOINT.finditer(text)), len(text)]
    return [
        replace(word, start=word.start + begin, end=word.end + begin)
        for begin, end in pairwise(joints)
        for word in words_of(text[begin:end])
    ]


def with_latin_keys(words: Sequence[Word]) -> list[Word]:
    """Return the words with the keys of those in Latin letters instead; single letters remain."""
    return [
        Word(latin_key(word.folded), word.start, word.end, word.is_capital, word.before)
        if len(word.folded) > 1 and word.folded.isascii() and word.folded.isalpha()
        else word
        for word in words
    ]


def comparable(word: str) -> str:
    """Return a folded word without apostrophes, in one script."""
    return in_one_script(word.replace("'", ""))


def _end_of(text: str, place: int) -> int:
    """Return the end of the letter at ``place``, with its combining marks."""
    end = place + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _is_capital(written: str) -> bool:
    first = next((c for c in written if not is_ignorable(c)), "")
    return first.isupper() or first.istitle()
