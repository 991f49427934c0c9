"""The HTML that our own grammar writes, as blocks for paper. Pure.

The grammar hands out its tree as clean HTML only, and what readers must not see is taken out of that: so paper is made from
the same tree, read again by a parser, and says what the page says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

import msgspec

from incubator.typesetting.blocks import (
    Block,
    CodeBlock,
    HeadingBlock,
    ListBlock,
    QuoteBlock,
    RuleBlock,
    Side,
    Span,
    Spans,
    TableBlock,
    TextBlock,
    widths_of,
)

_EMPTY = {"br", "hr", "input"}
_FLOW = {"p", "ul", "ol", "pre", "blockquote", "hr", "table", "h3", "h4", "h5", "div"}
_LOOKS: dict[str, dict[str, Any]] = {
    "strong": {"bold": True}, "b": {"bold": True}, "em": {"italic": True}, "i": {"italic": True}, "code": {"code": True},
    "del": {"struck": True}, "sup": {"raised": 1}, "sub": {"raised": -1},
}  # fmt: skip
_HEADINGS = {"h3": 1, "h4": 2, "h5": 3}
_SIDES: dict[str, Side] = {"align-center": "center", "align-right": "right"}


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: dict[str, str]
    children: "list[_Element | str]" = field(default_factory=list)

    @property
    def elements(self) -> "list[_Element]":
        return [each for each in self.children if isinstance(each, _Element)]

    def all(self, tag: str) -> "Iterator[_Element]":
        for each in self.elements:
            if each.tag == tag:
                yield each
            yield from each.all(tag)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = _Element("div", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(_Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                break

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def blocks_of_html(html: str) -> tuple[Block, ...]:
    """Return the blocks of a text that our grammar rendered; none for an empty one."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return tuple(_blocks(tree.root.children))


def _blocks(children: "Sequence[_Element | str]") -> Iterator[Block]:
    """Yield the blocks; what stands between them, as in a short item of a list, is a paragraph of its own."""
    for is_flow, group in groupby(children, key=_is_flow):
        if is_flow:
            for each in group:
                if isinstance(each, _Element):
                    yield from _block(each)
        elif words := _trimmed(_merged(_spans(list(group), Span("")))):
            yield TextBlock(words)


def _is_flow(child: "_Element | str") -> bool:
    return isinstance(child, _Element) and child.tag in _FLOW


def _block(element: _Element) -> Iterator[Block]:
    tag = element.tag
    if tag in _HEADINGS:
        yield HeadingBlock(_HEADINGS[tag], _words(element))
    elif tag in {"ul", "ol"}:
        yield _list(element)
    elif tag == "pre":
        yield CodeBlock(_text(element).strip("\n"))
    elif tag == "blockquote":
        yield QuoteBlock(tuple(_blocks(element.children)))
    elif tag == "hr":
        yield RuleBlock()
    elif tag == "table":
        yield _table(element)
    elif tag == "div":
        yield from _blocks(element.children)
    elif words := _words(element, keeps_lines="prewrap" in element.attributes.get("class", "")):
        yield TextBlock(words)


def _list(element: _Element) -> ListBlock:
    start = element.attributes.get("start", "1")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
    items = tuple(tuple(_blocks(item.children)) for item in element.elements if item.tag == "li")
    return ListBlock(items, first if element.tag == "ol" else None)


def _table(element: _Element) -> TableBlock:
    rows = [[cell for cell in row.elements if cell.tag in {"th", "td"}] for row in element.all("tr")]
    count = max((len(row) for row in rows), default=0)
    said = [tuple(_words(cell) for cell in row) + ((),) * (count - len(row)) for row in rows] or [()]
    sides: list[Side] = [_SIDES.get(cell.attributes.get("class", ""), "left") for cell in rows[0]] if rows else []
    sides += ["left"] * (count - len(sides))
    texts = [[_plain(cell) for cell in row] for row in said]
    return TableBlock(said[0], tuple(said[1:]), tuple(sides), widths_of(texts[0], texts[1:]))


def _plain(words: Spans) -> str:
    return "".join(span.text for span in words)


def _words(element: _Element, *, keeps_lines: bool = False) -> Spans:
    return _trimmed(_merged(_spans(element.children, Span(""), keeps_lines=keeps_lines)))


def _spans(children: "Sequence[_Element | str]", look: Span, *, keeps_lines: bool = False) -> Iterator[Span]:
    for each in children:
        if isinstance(each, str):
            yield msgspec.structs.replace(look, text=each if keeps_lines else _one_line(each))
        elif each.tag == "br":
            yield msgspec.structs.replace(look, text="\n")
        elif each.tag == "input":
            yield msgspec.structs.replace(look, text="☑ " if "checked" in each.attributes else "☐ ")
        elif each.tag == "a":
            yield from _link(each, look)
        elif each.tag not in _FLOW:
            yield from _spans(each.children, msgspec.structs.replace(look, **_LOOKS.get(each.tag, {})))


def _one_line(text: str) -> str:
    return "".join(" " if each in " \t\n" else each for each in text)


def _link(element: _Element, look: Span) -> Iterator[Span]:
    """Yield the words of a link, and behind them whose it is: on paper nobody can click. Leave out the way back from a note."""
    address = element.attributes.get("href", "")
    if address.startswith("#ref-"):
        return
    words = list(_spans(element.children, msgspec.structs.replace(look, link="" if address[:1] == "#" else address)))
    yield from words
    host = urlsplit(address).hostname or ""
    if host and host not in _plain(tuple(words)):
        yield msgspec.structs.replace(look, text=f" ({host})", quiet=True, link="")


def _text(element: _Element) -> str:
    return "".join(each if isinstance(each, str) else _text(each) for each in element.children)


def _merged(spans: Iterator[Span]) -> Spans:
    """Return the spans with neighbours of one look together, and one blank where there were several."""
    found: list[Span] = []
    for span in spans:
        if found and msgspec.structs.replace(found[-1], text="") == msgspec.structs.replace(span, text=""):
            found[-1] = msgspec.structs.replace(span, text=found[-1].text + span.text)
        elif span.text:
            found.append(span)
    return tuple(msgspec.structs.replace(span, text=_single_blanks(span.text)) for span in found)


def _single_blanks(text: str) -> str:
    return "\n".join(" ".join(part for part in _kept(line)) for line in text.split("\n"))


def _kept(line: str) -> Iterator[str]:
    """Yield the words of a line, with an empty one at an edge that has a blank."""
    words = line.split(" ")
    yield from (word for number, word in enumerate(words) if word or number in {0, len(words) - 1})


def _trimmed(spans: Spans) -> Spans:
    """Return the spans without blanks at both ends."""
    found = list(spans)
    while found and not (text := found[0].text.lstrip()):
        found.pop(0)
    if found:
        found[0] = msgspec.structs.replace(found[0], text=text)
    while found and not (text := found[-1].text.rstrip()):
        found.pop()
    if found:
        found[-1] = msgspec.structs.replace(found[-1], text=text)
    return tuple(found)
