"""Letters of one alphabet that look like those of another, inside one word. Pure."""

import re
from functools import lru_cache

_LATIN = dict(zip("abcehikmnoptuxy", "авсеникмпортиху", strict=True))
#: Letters of other alphabets that look like Russian ones, inside a Russian word.
_LOOK_ALIKES = str.maketrans(
    {
        **_LATIN,
        **dict(zip("αβεηικμνορτυχγπλφςσω", "авеникмнортухгплфсоо", strict=True)),
        **dict(zip("іїєґѕјўқңүұөәһҳғѳѵӏ", "ииегсйукнууоенхгфии", strict=True)),
    }
)
#: Russian letters that look like Latin ones, inside a Latin word.
_LATIN_LOOK_ALIKES = str.maketrans("авекморстухн", "abekmopctyxh")
_CYRILLIC = re.compile("[а-я]")
_OTHER = re.compile("[^а-я]")
_LATIN_LETTER = re.compile("[a-z]")


def is_cyrillic(word: str) -> bool:
    """Return whether a folded word has Russian letters."""
    return _CYRILLIC.search(word) is not None


@lru_cache(20_000)
def in_one_script(word: str) -> str:
    """Return a folded word with letters of other scripts replaced by the Cyrillic ones that they look like, if it has any."""
    if _CYRILLIC.search(word) and _OTHER.search(word):
        word = word.translate(_LOOK_ALIKES)
    return word


def in_its_script(word: str) -> str:
    """Return a folded word in the script of most of its letters, if the others look like letters of that."""
    russian, latin = len(_CYRILLIC.findall(word)), len(_LATIN_LETTER.findall(word))
    if not russian or not latin:
        return word
    if russian >= latin and not _LATIN_LETTER.search(in_one_script(word)):
        return in_one_script(word)
    found = word.translate(_LATIN_LOOK_ALIKES)
    return word if _CYRILLIC.search(found) else found
