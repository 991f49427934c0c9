"""What readers see of rendered HTML, and pointing at stretches of it. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape, unescape


@dataclass(frozen=True, slots=True)
class VisibleLink:
    """An address in rendered HTML; its text stands from ``start`` to ``end`` of the visible text."""

    address: str
    start: int
    end: int


@dataclass(slots=True)
class Visible:
    """What is seen of HTML; ``places`` are where each character of the text begins and ends in the HTML."""

    text: str
    places: list[tuple[int, int]]
    links: list[VisibleLink]


_HTML = re.compile(
    r"<(?P<closes>/?)(?P<tag>[a-z0-9]+)(?P<rest>[^<>]*)>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});|.",
    re.S,
)
_HREF = re.compile(r'\bhref="([^"]*)"')
_INLINE = frozenset({"a", "b", "code", "del", "em", "i", "label", "span", "strong", "sub", "sup", "mark"})


def visible_of(html: str) -> Visible:
    """Return the visible text of clean HTML from our own renderer."""
    characters: list[str] = []
    places: list[tuple[int, int]] = []
    links: list[VisibleLink] = []
    address = ""
    begun = 0
    for token in _HTML.finditer(html):
        tag = token["tag"]
        if tag is None:
            for each in unescape(token[0]) if token[0][0] == "&" else token[0]:
                characters.append(each)
                places.append(token.span())
            continue
        if tag == "a" and not token["closes"]:
            href = _HREF.search(token["rest"])
            address, begun = unescape(href[1]) if href else "", len(characters)
        elif tag == "a" and address:
            links.append(VisibleLink(address, begun, len(characters)))
            address = ""
        if tag not in _INLINE:
            characters.append("\n")
            places.append((token.start(), token.start()))
    return Visible("".join(characters), places, links)


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of visible text to point at."""

    start: int
    end: int
    name: str
    """The class of the element ``mark``."""


def marked(html: str, visible: Visible, marks: Iterable[Highlight]) -> str:
    """Return ``html`` with the marks around their text; one that spans several elements is marked in each."""
    pieces: list[str] = []
    last = 0
    for mark in sorted(marks, key=lambda each: each.start):
        for start, end in _runs(visible.places[mark.start : mark.end]):
            if start >= last:
                pieces += [html[last:start], f'<mark class="{escape(mark.name)}">', html[start:end], "</mark>"]
                last = end
    return "".join([*pieces, html[last:]])


def _runs(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches of HTML without a tag in between."""
    runs: list[tuple[int, int]] = []
    for start, end in places:
        if start == end:  # a line break that only a block element makes
            continue
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs
