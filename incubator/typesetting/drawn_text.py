"""Text as it is drawn into a picture or a poster: in the characters that the site's font has, and with words that may break."""

import re
import unicodedata
from collections.abc import Set as AbstractSet

from anyascii import anyascii

from incubator.core.text import breakable
from incubator.typesetting.fonts import characters

#: Blanks where something is left out.
_GAP = re.compile(r" +((?<= ) |[,:;.!?»)])")


def drawn_text(text: str, instead: str = "") -> str:
    """Return ``text`` for drawing; ``instead`` if nothing of it can be drawn, as of a title of pictures alone.

    A letter of another script is transliterated, since the font has Latin and Cyrillic ones only; other signs are left out.
    """
    known = characters()
    drawn = _GAP.sub(r"\1", "".join(_drawn(character, known) for character in text))
    return breakable(drawn.strip() if any(map(str.isalnum, drawn)) else instead)


def _drawn(character: str, known: AbstractSet[int]) -> str:
    if ord(character) in known or character.isspace():
        return character
    bare = unicodedata.normalize("NFKD", character)
    if ord(bare[0]) in known:
        return "".join(each for each in bare if ord(each) in known)
    return anyascii(character) if unicodedata.category(character)[0] in "LN" else ""
