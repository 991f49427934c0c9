"""What single characters mean to a reader: which show nothing, and which stand for the same letter. Pure."""

import unicodedata
from functools import lru_cache

#: Characters that take up room at most, although Unicode does not call them format characters: Hangul fillers, the
#: combining grapheme joiner, Khmer inherent vowels, variation selectors, an empty Braille cell, a musical null notehead.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\U0001d159")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0000, 0xE1000))
_APOSTROPHES = frozenset("'`´ʹʻʼʽˈ՚‘’‛′ꞌ＇")
_QUOTES = frozenset('"«»“”„‟‹›「」『』＂')
_DASHES = frozenset("\u2212\u00b7\u2043")


@lru_cache(4096)
def is_ignorable(character: str) -> bool:
    """Return whether readers see nothing of it: zero width, format and filler characters, controls, selectors, tags."""
    if character in _FILLERS or any(ord(character) in each for each in _SELECTORS):
        return True
    return unicodedata.category(character) in {"Cf", "Cc", "Cs", "Cn", "Co"} and not character.isspace()


@lru_cache(4096)
def folded_character(character: str) -> str:
    """Return what a character is compared as: no case, no ё, one blank, dash, apostrophe and quotation mark.

    Empty for what nobody sees. "№" remains, because its compatibility form is a word.
    """
    if is_ignorable(character):
        return ""
    if character == "№":
        return character
    whole = unicodedata.normalize("NFKC", character).casefold() if character not in _APOSTROPHES else "'"
    return "".join(_plain(each) for each in whole)


def _plain(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if character in _QUOTES:
        return '"'
    if character in _DASHES or unicodedata.category(character) == "Pd":
        return "-"
    if character.isspace():
        return " "
    return "е" if character == "ё" else character
