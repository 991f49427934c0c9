"""Hiding passages of a text from the public, and pointing at passages of rendered HTML. Pure.

A passage is compared as a reader sees it: without case, emphasis, escapes and characters that show nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape

from incubator.core.characters import folded_character

#: Stands for what was hidden. It has no meaning in Markdown and is no word for the search.
MASK = "▮▮▮"

_MARKS = frozenset("*_~`^")
_TOKEN = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});|\\[!-/:-@\[-`{-~]|.", re.S)
_DEAD_LINK = re.compile(rf"!?\[([^\[\]\n]{{0,500}})\]\([^()\n]{{0,500}}{MASK}[^()\n]{{0,500}}\)")


@dataclass(slots=True)
class Readable:
    """A text as it is compared; ``starts`` and ``ends`` say where each of its characters was written."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


def readable(source: str) -> Readable:
    """Return what is read of Markdown, as far as passages are compared: marks and escapes gone, blanks single."""
    found = Readable()
    characters: list[str] = []
    for token in _TOKEN.finditer(source):
        for character in _meaning(token[0]):
            if unicodedata.combining(character):
                if found.ends:
                    found.ends[-1] = token.end()
                continue
            for each in folded_character(character):
                if each == " " and characters[-1:] == [" "]:
                    found.ends[-1] = token.end()
                    continue
                characters.append(each)
                found.starts.append(token.start())
                found.ends.append(token.end())
    found.text = "".join(characters)
    return found


def _meaning(token: str) -> str:
    if token[0] == "&" and len(token) > 1:
        return unescape(token)
    if token[0] == "\\" and len(token) > 1:
        return "" if token[1] in _MARKS else token[1]
    return "" if token in _MARKS else token


def canonical(passage: str) -> str:
    """Return what all spellings of a passage have in common."""
    return readable(passage).text.strip()


def occurrences(source: str, passage: str) -> list[tuple[int, int]]:
    """Return where ``passage`` stands in Markdown, as a whole word or words. A name counts only with its capital."""
    wanted = canonical(passage)
    return list(_occurrences(source, readable(source), wanted, passage)) if wanted else []


def _occurrences(source: str, text: Readable, wanted: str, passage: str) -> Iterator[tuple[int, int]]:
    is_name = passage.strip()[:1].isupper() and not any(each.isdigit() or each == "@" for each in wanted)
    at = text.text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        start = text.starts[at]
        if not _inside_a_word(source, text, at, end) and not (is_name and source[start : start + 1].islower()):
            yield start, text.ends[end - 1]
        at = text.text.find(wanted, at + 1)


def _inside_a_word(source: str, text: Readable, start: int, end: int) -> bool:
    return _is_within(source, text, start) or _is_within(source, text, end)


def _is_within(source: str, text: Readable, at: int) -> bool:
    """Return whether one word goes on from the character before ``at``: of «kuznetsova_2010» and «МарияКузнецова» none does.

    Whatever the search for names takes for a word must be one here, too; else nobody could hide it.
    """
    before, after = text.text[at - 1 : at] if at else "", text.text[at : at + 1]
    if not (before.isalpha() and after.isalpha()) and not (before.isdigit() and after.isdigit()):
        return False
    if _MARKS & set(source[text.ends[at - 1] : text.starts[at]]):
        return False
    return not (source[text.ends[at - 1] - 1].islower() and source[text.starts[at]].isupper())


def hidden(source: str, passages: Iterable[str]) -> str:
    """Return Markdown with every occurrence of the passages replaced; a link that led there keeps its text."""
    text = readable(source)
    spans = sorted(
        span
        for passage in passages
        if (wanted := canonical(passage))
        for span in _occurrences(source, text, wanted, passage)
    )
    if not spans:
        return source
    pieces: list[str] = []
    last = 0
    for start, end in _joined(spans):
        pieces += [source[last:start], MASK]
        last = end
    return _DEAD_LINK.sub(rf"\1 {MASK}", "".join([*pieces, source[last:]]))


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


# --- rendered HTML ---------------------------------------------------------


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
