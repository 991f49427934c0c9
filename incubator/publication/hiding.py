"""Hiding passages of a text from the public. Pure.

A passage is compared as a reader sees it: without case, emphasis, escapes and characters that show nothing; and then without
what divides a text into cells, points of a list, quotations and links, where it is hidden piece by piece.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise

from incubator.core.characters import folded_character

#: Stands for what was hidden. It has no meaning in Markdown and is no word for the search.
MASK = "▮▮▮"

_MARKS = frozenset("*_~`^")
_TOKEN = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});|\\[!-/:-@\[-`{-~]|.", re.S)
_DEAD_LINK = re.compile(rf"!?\[([^\[\]\n]{{0,500}})\]\([^()\n]{{0,500}}{MASK}[^()\n]{{0,500}}\)")


#: What divides a text and is not read: signs at the beginning of a line, edges of cells, ends of lines, addresses of links.
_STRUCTURE = re.compile(
    r"(?P<blank>\\\n|(?<!\\)\||^[ \t]*(?:(?:>|#{1,6}(?=[ \t])|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|\[[ xX]\](?=[ \t])|\[\^[^\[\]\s]{1,100}\]:)[ \t]*){1,9})"
    r"|(?P<nothing>\]\([^()\n]{0,500}\)|\]\[[^\[\]\n]{0,500}\]|!?\[(?!\^)|\])",
    re.M,
)


@dataclass(slots=True)
class Readable:
    """A text as it is compared; ``starts`` and ``ends`` say where each of its characters was written."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)
    """Before which of its characters something stands that has to stay."""

    def add(self, characters: str, start: int, end: int) -> None:
        """Add what ``characters`` mean; one blank is as good as many."""
        for each in characters:
            if each == " " and self.text[-1:] == " ":
                self.ends[-1] = end
                continue
            self.text += each
            self.starts.append(start)
            self.ends.append(end)

    def pieces(self, at: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the characters from ``at`` to ``end`` were written, without what has to stay between them."""
        edges = [at, *sorted(each for each in self.breaks if at < each < end), end]
        for first, last in pairwise(edges):
            if self.text[first:last].strip():
                while self.text[first] == " ":
                    first += 1
                while self.text[last - 1] == " ":
                    last -= 1
                yield self.starts[first], self.ends[last - 1]


def readable(source: str) -> Readable:
    """Return what is read of Markdown, as far as passages are compared: marks and escapes gone, blanks single."""
    found = Readable()
    _read(found, source, 0, len(source))
    return found


def readable_across(source: str) -> Readable:
    """Return what is read of Markdown in one go, although the text is divided there."""
    found = Readable()
    last = 0
    for token in _STRUCTURE.finditer(source):
        _read(found, source, last, token.start())
        found.breaks.add(len(found.text))
        if token["blank"] is not None:
            found.add(" ", token.start(), token.end())
            found.breaks.add(len(found.text))
        last = token.end()
    _read(found, source, last, len(source))
    return found


def _read(found: Readable, source: str, start: int, end: int) -> None:
    for token in _TOKEN.finditer(source, start, end):
        for character in _meaning(token[0]):
            if unicodedata.combining(character):
                if found.ends:
                    found.ends[-1] = token.end()
                continue
            found.add(folded_character(character), token.start(), token.end())


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
    return _spans(source, _readings(source), passage)


def standing_in(source: str, passages: Iterable[str]) -> list[str]:
    """Return those of the passages that stand in a text; it is read once, however many they are."""
    wanted = [passage for passage in passages if passage]
    readings = _readings(source) if wanted else []
    return [passage for passage in wanted if _spans(source, readings, passage)]


def _readings(source: str) -> list[Readable]:
    plain = readable(source)
    return [plain, readable_across(source)] if _STRUCTURE.search(source) else [plain]


def _spans(source: str, readings: Sequence[Readable], passage: str) -> list[tuple[int, int]]:
    wanted = canonical(passage)
    if not wanted:
        return []
    return [span for text in readings for at in _places(source, text, wanted, passage) for span in text.pieces(*at)]


def _places(source: str, text: Readable, wanted: str, passage: str) -> Iterator[tuple[int, int]]:
    is_name = passage.strip()[:1].isupper() and not any(each.isdigit() or each == "@" for each in wanted)
    at = text.text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        start = text.starts[at]
        if not _inside_a_word(source, text, at, end) and not (is_name and source[start : start + 1].islower()):
            yield at, end
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
    readings = _readings(source)
    spans = sorted({span for passage in passages for span in _spans(source, readings, passage)})
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
