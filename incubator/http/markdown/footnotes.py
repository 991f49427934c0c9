"""Footnotes: ``[^label]`` in the text, ``[^label]: words`` on a separate line."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from incubator.http.markdown import scanning
from incubator.http.markdown.blocks import LineProcessor
from incubator.http.markdown.inline import Found, Pattern

REFERENCE = r"\[\^([^\s\[\]^]{1,40}+)\]"

#: Indentation that makes a line part of the footnote above it.
_INNER = 2

#: With the selector that keeps telephones from drawing it as a coloured picture.
_BACK = "↩\ufe0e"


class Notes:
    """The footnotes of one text. ``key`` distinguishes their ids from those of other texts on a page."""

    def __init__(self) -> None:
        self.reset("")

    def reset(self, key: str) -> None:
        self.key = key
        self.defined: dict[str, list[str]] = {}
        self.items: dict[str, Element] = {}


class Definition(LineProcessor):
    """Takes a definition out of the text; the first one of a label counts, later ones remain text."""

    def __init__(self, md: Markdown, notes: Notes) -> None:
        super().__init__(md)
        self._notes = notes

    def test(self, parent: Element, block: str) -> bool:
        found = scanning.footnote_of(block)
        return found is not None and found[0] not in self._notes.defined

    def run(self, parent: Element, blocks: list[str]) -> None:
        found = scanning.footnote_of(blocks[0])
        assert found is not None
        label, text = found
        lines, at = [text], 1
        while at < len(blocks):
            line = blocks[at]
            if (
                line
                and scanning.indent_of(line) < _INNER
                and (not blocks[at - 1] or scanning.interrupts_paragraph(line, may_nest=True))
            ):
                break
            lines.append(line[min(scanning.TAB, scanning.indent_of(line)) :])
            at += 1
        self._notes.defined[label] = lines
        del blocks[:at]


class Reference(Pattern):
    """Leaves a placeholder for the number; an undefined label remains text."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, notes: Notes) -> None:
        super().__init__(REFERENCE)
        self._notes = notes

    def found(self, m: re.Match[str]) -> Found | None:
        if m[1] not in self._notes.defined:
            return None
        element = Element("sup", label=m[1])
        SubElement(element, "a")
        return element, m.end()


class Gather(Treeprocessor):
    """Puts the footnotes after the text, before inline elements are parsed."""

    def __init__(self, md: Markdown, notes: Notes) -> None:
        super().__init__(md)
        self._notes = notes

    def run(self, root: Element) -> None:
        notes = self._notes
        if not notes.defined:
            return
        SubElement(root, "hr")
        place = SubElement(root, "ol")
        # A footnote may define another one, which is appended to the same list.
        while waiting := [label for label in notes.defined if label not in notes.items]:
            for label in waiting:
                notes.items[label] = SubElement(place, "li")
                self.md.parser.parseBlocks(notes.items[label], list(notes.defined[label]))


class Number(Treeprocessor):
    """Numbers the footnotes in order of reference, and links both ways."""

    def __init__(self, md: Markdown, notes: Notes) -> None:
        super().__init__(md)
        self._notes = notes

    def run(self, root: Element) -> None:
        items = self._notes.items
        if not items:
            return
        numbers: dict[str, int] = {}
        for mark in root.iter("sup"):
            label = mark.attrib.pop("label", None)
            if label is not None and label not in numbers:
                numbers[label] = len(numbers) + 1
                mark.set("id", self._id("ref", numbers[label]))
            if label is not None:
                self._refer(mark[0], numbers[label])
        root[-1][:] = [items[label] for label in (*numbers, *(label for label in items if label not in numbers))]
        for label, number in numbers.items():
            self._lead_back(items[label], number)

    def _id(self, kind: str, number: int) -> str:
        return f"{kind}-{self._notes.key}-{number}"

    def _refer(self, link: Element, number: int) -> None:
        link.set("href", "#" + self._id("note", number))
        link.text = str(number)

    def _lead_back(self, item: Element, number: int) -> None:
        item.set("id", self._id("note", number))
        last = item[-1] if len(item) and item[-1].tag == "p" else SubElement(item, "p")
        if len(last):
            last[-1].tail = (last[-1].tail or "") + " "
        else:
            last.text = (last.text or "") + " "
        SubElement(last, "a", href="#" + self._id("ref", number)).text = _BACK
