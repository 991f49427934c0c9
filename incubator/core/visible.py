"""Whether a text shows anything to its reader, and removing what shows nothing. Pure."""

import re
import unicodedata
from html import unescape

from incubator.core.characters import is_ignorable

#: Candidates for removal: characters without an appearance of their own. Most texts have none.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = frozenset("\u200c\u200d")
_MARKS = frozenset("\u061c\u200e\u200f")
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MONGOLIAN = re.compile("[\u180b-\u180f]")
_TAG = re.compile("[\U000e0020-\U000e007f]")
_BREAK = "\u200b"
_EMPTY_BRAILLE = "\u2800"
#: Scripts that join or part letters by invisible characters: from Hebrew to Mongolian, and later Indic blocks.
_JOINING = (range(0x0590, 0x1100), range(0x1780, 0x18B0), range(0xA800, 0xABC0))
#: Scripts that are written without blanks: Thai, Lao, Burmese, Khmer.
_WITHOUT_BLANKS = (range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800))


def without_invisible(text: str) -> str:
    """Return ``text`` without characters that show nothing, except those that emoji and some scripts need."""
    if not _INVISIBLE.search(text):
        return text
    has_marks = any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text)
    if not any(_EMPTY_BRAILLE < c <= "\u28ff" for c in text):
        text = text.replace(_EMPTY_BRAILLE, " ")  # before anything is asked of its neighbours: a blank joins nothing
    kept: list[str] = []
    for place, character in enumerate(text):
        shows = not _INVISIBLE.match(character) or character == _EMPTY_BRAILLE or (has_marks and character in _MARKS)
        if shows or _is_needed(character, kept[-1] if kept else "", text[place + 1 : place + 1 + _NEAR]):
            kept.append(character)
    return "".join(kept)


def _is_needed(character: str, before: str, rest: str) -> bool:
    """Return whether an invisible character changes how its neighbours look; ``before`` is the last one kept, ``rest`` what follows."""
    if not before or before.isspace():
        return False
    if _is_variant(character, before):
        return True
    after = _behind(rest)
    if after is None:
        return False
    if character in _JOINERS:
        return _joins(before, after)
    return character == _BREAK and after != "" and _is_of(_WITHOUT_BLANKS, before) and _is_of(_WITHOUT_BLANKS, after)


def _behind(rest: str) -> str | None:
    """Return the first character of ``rest`` that shows; empty at the end of the text, None if it stands too far to be joined."""
    after = next((c for c in rest if c == _EMPTY_BRAILLE or not is_ignorable(c)), "")
    return after if after or len(rest) < _NEAR else None


def _is_variant(character: str, before: str) -> bool:
    """Return whether it chooses a look of the character before it: of a symbol, a Mongolian letter or a flag."""
    if _SELECTOR.match(character):
        return _takes_selectors(before)
    if _MONGOLIAN.match(character):
        return 0x1800 <= ord(before) < 0x18B0 and not _MONGOLIAN.match(before)
    return bool(_TAG.match(character)) and (before == "\U0001f3f4" or _TAG.match(before) is not None)


#: How far the character behind a joiner is looked for; nobody needs more joiners in a row.
_NEAR = 4


def _joins(before: str, after: str) -> bool:
    """Return whether a joiner between them makes one emoji of two, or shapes letters."""
    is_emoji = unicodedata.category(before) == "So" or before == "\ufe0f" or 0x1F3FB <= ord(before) <= 0x1F3FF
    if is_emoji:
        return after != "" and unicodedata.category(after) == "So"
    return _is_of(_JOINING, before) and (after == "" or after.isspace() or _is_of(_JOINING, after))


def _takes_selectors(before: str) -> bool:
    """Return whether the character has a second look: a symbol, a digit of a keycap, an ideograph."""
    return unicodedata.category(before) in {"So", "Sm", "Nd"} or before in "#*‼⁉〰〽" or 0x2E80 <= ord(before) < 0xA000


def _is_of(blocks: tuple[range, ...], character: str) -> bool:
    return any(ord(character) in block for block in blocks)


_FENCE = re.compile(r"^[\s>]*(?:```|~~~).*$", re.M)
#: Markdown that a reader does not see, and what stays of it: fences, markers of lists and tasks, addresses of links,
#: comments and elements without a text.
_UNSEEN = (
    (_FENCE, ""),
    (re.compile(r"^[ \t]*\[\^[^\[\]\s]{1,100}\]:", re.M), ""),
    (re.compile(r"!?\[([^\[\]]{0,1000})\]\([^()\s]{0,2000}\)"), r"\1"),
    (re.compile(r"!?\[([^\[\]]{0,1000})\]\([^()\s]{0,2000}\)"), r"\1"),  # a picture in a link
    (re.compile(r"^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])(?=\s|$)[ \t]*){1,9}(?:\[[ xXхХ]\](?=\s|$))?", re.M), ""),
    (_FENCE, ""),  # behind the marker of a list
    (re.compile(r"<!--|-->"), ""),
    (
        re.compile(
            r"</?(?:a|b|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|span|strong|sub|sup|table|tbody|td|th"
            r"|tr|u|ul|wbr)\b[^<>]{0,1000}>",
            re.I,
        ),
        "",
    ),
)
_LINES_AND_BLOCKS = range(0x2500, 0x25A0)
_NO_SYMBOLS = frozenset("\ufffc\ufffd")


def says_something(text: str) -> bool:
    """Return whether a reader of ``text``, shown as Markdown or as it is, finds a letter, a number or a picture."""
    if text and text[0].isalpha() and _is_said(text[0]):
        return True  # nothing that Markdown hides begins with a letter: most texts are told by their first one
    for pattern, seen in _UNSEEN:
        text = pattern.sub(seen, text)
    return any(_is_said(character) for character in unescape(text))


def _is_said(character: str) -> bool:
    category = unicodedata.category(character)
    if is_ignorable(character) or character in _NO_SYMBOLS or ord(character) in _LINES_AND_BLOCKS:
        return False
    # Letters that modify others (a tatweel, an apostrophe) say nothing alone.
    return (category[0] in "LN" and (category != "Lm" or character in "々〻")) or category == "So"
