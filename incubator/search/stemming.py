"""Stemming and folding for search: Russian and English, ё = е. Pure."""

import re
from collections.abc import Collection
from functools import lru_cache

from Stemmer import Stemmer

from incubator.language.scripts import in_its_script, is_cyrillic

#: A word; names of languages and the like are words with their signs.
WORD = re.compile(r"(?<![^\W_])[a-zс](?:\+\+|#(?![^\W_]))|(?<![^\W_])\.net(?![^\W_])|[^\W_]+", re.I)
#: Two or three dimensions, whatever the keyboard.
_DIMENSIONS = re.compile("([0-9])[дd]")
#: Without caches of their own, which would remember each word once more.
_russian, _english = Stemmer("russian", 0), Stemmer("english", 0)

#: Letters of a word that count; the rest is ignored.
LONGEST_WORD = 60


@lru_cache(maxsize=2_000)
def stem(word: str) -> str:
    """Return the stem of one folded word."""
    return str(_stemmer_of(word).stemWord(word))


def _stemmer_of(word: str) -> Stemmer:
    return _russian if is_cyrillic(word) else _english


def stems_once(words_of_one_kind: Collection[str]) -> set[str]:
    """Return the stems of words in the same letters, without remembering them: most of them nobody ever wrote."""
    some = next(iter(words_of_one_kind), "")
    return set(_stemmer_of(some).stemWords(list(words_of_one_kind)))


def words(text: str) -> list[str]:
    """Return the folded words in order: letters and digits, beside C++, C# and .NET."""
    return [_folded(word) for word in WORD.findall(text.casefold().replace("ё", "е"))]


def _folded(word: str) -> str:
    if dimensions := _DIMENSIONS.fullmatch(word):
        return f"{dimensions[1]}d"
    if word[-1] in "+#":
        return word.replace("с", "c")  # typed without changing the keyboard
    return in_its_script(word[:LONGEST_WORD])


_LETTERS = {True: "абвгдежзийклмнопрстуфхцчшщъыьэюя", False: "abcdefghijklmnopqrstuvwxyz"}
_SHORTEST_MISTYPED, _LONGEST_MISTYPED = 4, 24


def neighbours(word: str) -> set[str]:
    """Return all words one typing error away: a letter too many, missing or wrong, or two swapped. Empty for short words."""
    if not _SHORTEST_MISTYPED <= len(word) <= _LONGEST_MISTYPED:
        return set()
    letters = _LETTERS[is_cyrillic(word)]
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    near = {a + b[1:] for a, b in cuts if b}
    near |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    near |= {a + c + b[1:] for a, b in cuts if b for c in letters}
    near |= {a + c + b for a, b in cuts for c in letters}
    return near - {word}
