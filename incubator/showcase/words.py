"""Words as search sees them: stems of Russian and English, ё = е. Pure."""

import re
from functools import lru_cache

from Stemmer import Stemmer

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[а-я]")
_russian, _english = Stemmer("russian"), Stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one word that is casefolded already."""
    stemmer = _russian if _CYRILLIC.search(word) else _english
    return str(stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """Stems in order; punctuation is dropped, so they hold letters and digits only."""
    folded = text.casefold().replace("ё", "е")
    return [stem(word[:60]) for word in _WORD.findall(folded)]


def index_of(*texts: str) -> str:
    """Each different stem once, between single spaces."""
    unique = dict.fromkeys(s for text in texts for s in stems(text))
    return f" {' '.join(unique)} "
