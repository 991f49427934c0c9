"""Plain text from rendered HTML, for search, quotes and one-line previews."""

import re
from html import unescape

_BOX = re.compile(r"<input\b([^<>]*)>")
_NOTE = re.compile(
    r'<sup id="ref-[^<>]*>\s*<a [^<>]*>\d*</a></sup>|<sup><a href="#note-[^<>]*>\d*</a></sup>'
    r'|<a href="#ref-[^<>]*>[^<>]*</a>'
)
_WITHIN_WORDS = re.compile(r"</?(?:a|b|code|del|em|i|label|span|strong|sub|sup)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")


def plain(html: str) -> str:
    """Return the text on one line, without footnote marks; tasks keep their checkboxes."""
    boxes = _BOX.sub(lambda box: " ☑ " if "checked" in box[1] else " ☐ ", _NOTE.sub("", html))
    return " ".join(unescape(_TAG.sub(" ", _WITHIN_WORDS.sub("", boxes))).split())
