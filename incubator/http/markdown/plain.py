"""The words of rendered HTML, for search, quotes and places where only one line fits."""

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
    """On one line, without the marks of footnotes; tasks keep their boxes."""
    boxes = _BOX.sub(lambda box: " ☑ " if "checked" in box[1] else " ☐ ", _NOTE.sub("", html))
    return " ".join(unescape(_TAG.sub(" ", _WITHIN_WORDS.sub("", boxes))).split())
