"""Replacing names in HTML: elements stay whole, and a name is found although elements divide it. Pure.

For HTML of our own renderer, which is well formed and escapes every "<" of a text.
"""

import re
from collections.abc import Callable, Sequence
from html import unescape
from urllib.parse import unquote

from incubator.names.mentions import FoundName

Find = Callable[[str], Sequence[FoundName]]

_TAG = re.compile(r"</?(?P<name>[a-zA-Z][\w-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_CHARACTER = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|\w{1,31});|.", re.S)
_ATTRIBUTE = re.compile(r"\s(?P<name>href|title|alt)=\"(?P<value>[^\"]*)\"")
_INLINE = frozenset(
    {"a", "abbr", "b", "code", "del", "em", "i", "ins", "mark", "s", "span", "strong", "sub", "sup", "u"}
)
#: Stands for the end of a block: no name goes on behind it, and a sentence begins.
_BREAK = "\n.;\n"


def replaced_in_html(html: str, find: Find, by: str) -> str:
    """Return ``html`` with every name replaced, in its text and in the addresses and titles of its links."""
    html = _TAG.sub(lambda tag: _ATTRIBUTE.sub(lambda m: _attribute(m, find, by), tag[0]), html)
    return marked_in_html(html, find, lambda _found: by)


def marked_in_html(html: str, find: Find, mark: Callable[[str], str]) -> str:
    """Return ``html`` with ``mark`` of every name, itself HTML, where the name stood in the text."""
    text, places = _text_of(html)
    parts: list[str] = []
    last = 0
    for each in find(text):
        put = mark(text[each.start : each.end])
        for place in places[each.start : each.end]:
            if place is not None:
                parts += [html[last : place[0]], put]
                put, last = "", place[1]
    return "".join([*parts, html[last:]])


def _attribute(m: re.Match[str], find: Find, by: str) -> str:
    if not find(unquote(unescape(m["value"]))):
        return m[0]
    # An address without a target is no link.
    return "" if m["name"] == "href" else f' {m["name"]}="{by}"'


def _text_of(html: str) -> tuple[str, list[tuple[int, int] | None]]:
    """Return the text that a reader sees, and the place of each of its characters; None for the ends of blocks."""
    characters: list[str] = []
    places: list[tuple[int, int] | None] = []
    last = 0
    for tag in [*_TAG.finditer(html), None]:
        for m in _CHARACTER.finditer(html, last, tag.start() if tag else len(html)):
            shown = unescape(m[0])
            characters += shown
            places += [m.span()] * len(shown)
        if tag:
            last = tag.end()
            if tag["name"].lower() not in _INLINE:
                characters += _BREAK
                places += [None] * len(_BREAK)
    return "".join(characters), places
