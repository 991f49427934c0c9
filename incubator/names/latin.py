"""Russian names in Latin letters, however they were transliterated. Pure."""

import re
from functools import lru_cache

from anyascii import anyascii

#: What transliterations disagree about, longest first: «Щукина», Shchukina, Schukina, Scukina.
_SOUNDS = (
    (r"s?h?ch|shh|sch", "c"), ("sh", "s"), ("zh", "z"), ("kh", "h"), ("ts|tz", "c"), ("ks", "x"), ("ph", "f"), ("w", "v"),
    ("[yij]+([aeou])", r"\1"), ("[yj]", "i"), ("ee", "i"), ("oo", "u"), (r"(.)\1+", r"\1"), ("i+(?=$|[^aeou])", "i"), ("['`]", ""),
)  # fmt: skip
_RULES = [(re.compile(pattern), sound) for pattern, sound in _SOUNDS]

_KEY = "~"


@lru_cache(20_000)
def sounds_of(word: str) -> str:
    """Return a spelling that all transliterations of a folded word share, as far as they can be brought together."""
    sounds = anyascii(word).lower()
    for pattern, sound in _RULES:
        sounds = pattern.sub(sound, sounds)
    return sounds


@lru_cache(20_000)
def latin_key(word: str) -> str:
    """Return what a folded word in Latin letters is looked up by; no word in Cyrillic letters is equal to it."""
    return f"{_KEY}{sounds_of(word)}"


def is_latin_key(key: str) -> bool:
    return key.startswith(_KEY)
