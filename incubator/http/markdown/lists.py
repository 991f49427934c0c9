"""Lists: bullets, numbers, tasks, and lists inside lists."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from incubator.http.markdown import scanning
from incubator.http.markdown.blocks import LineProcessor
from incubator.http.markdown.scanning import Marker

#: Indentation that makes a line part of the item above it.
_INNER = 2


@dataclass(slots=True)
class _Item:
    lines: list[str]
    is_done: bool | None = None
    """None for an item that is no task."""


@dataclass(slots=True)
class _Items:
    """The items of a list read so far."""

    first: Marker
    items: list[_Item] = field(default_factory=list)
    is_loose: bool = False
    """Whether an empty line separates its contents."""

    def takes(self, marker: Marker | None) -> bool:
        """Return whether an item with this marker continues the list."""
        if marker is None or (marker.number is None) != (self.first.number is None):
            return False
        return marker.indent < self.first.indent + _INNER


class List(LineProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return self.parser.may_nest and scanning.marker_of(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        first = scanning.marker_of(blocks[0])
        assert first is not None
        read = _Items(first)
        del blocks[: _read(blocks, read)]
        root = SubElement(parent, "ul" if first.number is None else "ol")
        if first.number not in (None, 1):
            root.set("start", str(first.number))
        for item in read.items:
            self._put(SubElement(root, "li"), item, is_loose=read.is_loose)

    def _put(self, li: Element, item: _Item, *, is_loose: bool) -> None:
        self.parser.parse_within(li, item.lines)
        if item.is_done is not None:
            _make_task(li, is_done=item.is_done)
        if not is_loose and len(li) and li[0].tag == "p":
            paragraph = li[0]
            li.remove(paragraph)
            li.text = paragraph.text
            for place, child in enumerate(paragraph):
                li.insert(place, child)


def _read(lines: list[str], into: _Items) -> int:
    """Return how many lines belong to the list."""
    at = 0
    while at < len(lines):
        marker = scanning.marker_of(lines[at])
        if marker is None or not into.takes(marker):
            break
        item, after = _read_item(lines, at, marker, into)
        into.items.append(item)
        following = _first_filled(lines, after)
        if following > after and following < len(lines) and into.takes(scanning.marker_of(lines[following])):
            into.is_loose = True
            after = following
        at = after
    return at


def _read_item(lines: list[str], at: int, marker: Marker, within: _Items) -> tuple[_Item, int]:
    """Return the item that begins at a line, and the number of the first line after it."""
    item = _begun(lines[at][marker.content :])
    at += 1
    inner = within.first.indent + _INNER
    while at < len(lines):
        filled = _first_filled(lines, at)
        if filled == len(lines):
            break
        line = lines[filled]
        if scanning.indent_of(line) >= inner:
            within.is_loose |= filled > at
            item.lines += [""] * (filled - at)
            item.lines.append(line[min(marker.content, scanning.indent_of(line)) :])
        elif (
            filled > at or within.takes(scanning.marker_of(line)) or scanning.interrupts_paragraph(line, may_nest=True)
        ):
            break
        else:
            item.lines.append(line)
        at = filled + 1
    return item, at


def _begun(text: str) -> _Item:
    """Return an item with its first line; ``[ ]`` and ``[x]`` make it a task."""
    boxes = {"[ ] ": False, "[x] ": True, "[X] ": True}
    box = text[:4]
    return _Item([text[4:].lstrip()], boxes[box]) if box in boxes else _Item([text])


def _first_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def _make_task(li: Element, *, is_done: bool) -> None:
    """Put the item's words into the label of a disabled checkbox, which needs no translation."""
    if not len(li) or li[0].tag != "p":
        li.insert(0, Element("p"))
    paragraph = li[0]
    label = Element("label")
    box = SubElement(label, "input", type="checkbox", disabled="disabled")
    if is_done:
        box.set("checked", "checked")
    box.tail = " " + (paragraph.text or "")
    paragraph.text = None
    paragraph.insert(0, label)
