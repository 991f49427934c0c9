"""Masking the authors of a text, as far as words can identify them. Pure.

An aid for double-blind seasons, not a guarantee: a detailed description of one's own
school is still recognisable.
"""

import re
from collections.abc import Iterable
from html import escape

from incubator.core.text import quoted_names

MASK = "▮▮▮"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_ENDINGS = "аеёийоуыьюя"


def _inflected(phrase: str) -> str:
    """Return a pattern for ``phrase`` in any case: «Кузнецова» is also «Кузнецовой», «Школа № 1» also «Школы № 1»."""
    return r"(?<!\w)" + re.sub(r"\w+|\W+", lambda m: _word(m[0]), phrase) + r"(?!\w)"


def _word(word: str) -> str:
    """Return a pattern for a word: its stem and at most four more letters; anything but letters unchanged."""
    if not word.isalpha() or len(word) < 3:
        return re.escape(word)
    stem = re.escape(word.rstrip(_ENDINGS) or word)
    return re.sub("[еёЕЁ]", "[её]", stem) + r"\w{0,4}"


def _forms(phrase: str) -> list[str]:
    """Return a name and what stands in its quotation marks; nothing too short to identify anybody."""
    return [p for p in (phrase, *quoted_names(phrase)) if len(p) >= 3]


class Mask:
    """Replaces family names (in any case), the names of the team and its school, and email addresses."""

    def __init__(
        self, *, family_names: Iterable[str] = (), given_names: Iterable[str] = (), phrases: Iterable[str] = ()
    ) -> None:
        names = [_inflected(name) for name in family_names if len(name) >= 3]
        # A given name alone is a common word («Вера», «Роман»); next to a family name it identifies somebody.
        given = "|".join(_inflected(name) for name in given_names if len(name) >= 3)
        self._beside = re.compile(rf"(?:(?:{given})\s+{MASK})|(?:{MASK}\s+(?:{given}))", re.I) if given else None
        # Longest first: «Лицей «Заря»» before «Заря».
        whole = sorted(
            {p for phrase in phrases for p in _forms(phrase) + _forms(escape(phrase))}, key=len, reverse=True
        )
        self._pattern = re.compile("|".join([*map(_inflected, whole), *names, _EMAIL]), re.I)

    def __call__(self, text: str) -> str:
        hidden = self._pattern.sub(MASK, text)
        return self._beside.sub(MASK, hidden) if self._beside else hidden
