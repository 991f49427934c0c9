"""Taking out of a text who wrote it, as far as words can tell. Pure.

A help for double-blind seasons, no proof: whoever describes their own school in detail
is still recognised.
"""

import re
from collections.abc import Iterable
from html import escape

from incubator.core.text import quoted_names

MASK = "▮▮▮"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_ENDINGS = "аеёийоуыьюя"


def _inflected(phrase: str) -> str:
    """A pattern of ``phrase`` in any case: «Кузнецова» is also «Кузнецовой», «Школа № 1» also «Школы № 1»."""
    return r"(?<!\w)" + re.sub(r"\w+|\W+", lambda m: _word(m[0]), phrase) + r"(?!\w)"


def _word(word: str) -> str:
    """A word of letters by its stem, with at most four letters after it; anything else as it is."""
    if not word.isalpha() or len(word) < 3:
        return re.escape(word)
    stem = re.escape(word.rstrip(_ENDINGS) or word)
    return re.sub("[еёЕЁ]", "[её]", stem) + r"\w{0,4}"


def _forms(phrase: str) -> list[str]:
    """A name, and what stands in its quotation marks; nothing too short to mean somebody."""
    return [p for p in (phrase, *quoted_names(phrase)) if len(p) >= 3]


class Mask:
    """Replaces family names (in any case), the team's name and its school's, and addresses of mail."""

    def __init__(
        self, *, family_names: Iterable[str] = (), given_names: Iterable[str] = (), phrases: Iterable[str] = ()
    ) -> None:
        names = [_inflected(name) for name in family_names if len(name) >= 3]
        # A given name alone is a common word («Вера», «Роман»); beside a family name it is somebody.
        given = "|".join(_inflected(name) for name in given_names if len(name) >= 3)
        self._beside = re.compile(rf"(?:(?:{given})\s+{MASK})|(?:{MASK}\s+(?:{given}))", re.I) if given else None
        # The longest first: «Лицей «Заря»» before «Заря».
        whole = sorted(
            {p for phrase in phrases for p in _forms(phrase) + _forms(escape(phrase))}, key=len, reverse=True
        )
        self._pattern = re.compile("|".join([*map(_inflected, whole), *names, _EMAIL]), re.I)

    def __call__(self, text: str) -> str:
        hidden = self._pattern.sub(MASK, text)
        return self._beside.sub(MASK, hidden) if self._beside else hidden
