"""Block elements: paragraphs, headings, rules, fenced code, quotes and tables.

Python-Markdown's own processors receive text split at empty lines. Ours receive lines, and each takes
as many from the front as belong to it, so a text is read once for each level of nesting.
"""

from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString, code_escape

from incubator.http.markdown import scanning


class LineParser(BlockParser):
    """A block parser whose blocks are lines."""

    def parseChunk(self, parent: Element, text: str) -> None:  # noqa: N802
        self.parseBlocks(parent, text.split("\n"))

    def parse_within(self, parent: Element, lines: list[str]) -> None:
        """Parse lines inside a list or quote, one level deeper."""
        self.state.set(parent.tag)
        self.parseBlocks(parent, lines)
        self.state.reset()

    @property
    def may_nest(self) -> bool:
        return len(self.state) < scanning.DEEPEST


def words(text: str) -> str:
    """Return the text for Python-Markdown: atomic if it contains nothing for the patterns to find."""
    return text if scanning.has_marks(text) else AtomicString(text)


class LineProcessor(BlockProcessor):
    """``test`` looks at a line, ``run`` takes lines from the front of the list."""

    parser: LineParser

    def __init__(self, md: Markdown) -> None:
        super().__init__(md.parser)


class Blank(LineProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return not block

    def run(self, parent: Element, blocks: list[str]) -> None:
        del blocks[0]


class FencedCode(LineProcessor):
    """Fenced code; an unclosed fence extends to the end."""

    def test(self, parent: Element, block: str) -> bool:
        return scanning.fence_of(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        fence = scanning.fence_of(blocks[0])
        assert fence is not None
        end = next((n for n, line in enumerate(blocks) if n and fence.is_closed_by(line)), len(blocks))
        code = [line[min(fence.indent, scanning.indent_of(line)) :] for line in blocks[1:end]]
        SubElement(SubElement(parent, "pre"), "code").text = AtomicString(code_escape("\n".join(code) + "\n"))
        del blocks[: end + 1]


class Heading(LineProcessor):
    """Headings, moved down: the page uses the first two levels, and three levels below them are enough."""

    def test(self, parent: Element, block: str) -> bool:
        return scanning.heading_of(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        heading = scanning.heading_of(blocks.pop(0))
        assert heading is not None
        level, text = heading
        SubElement(parent, f"h{min(level + 2, 5)}").text = words(text)


class HeadingOrder(Treeprocessor):
    """Closes gaps between heading levels: a text whose first heading is ``###`` still begins at the third level."""

    def run(self, root: Element) -> None:
        above: list[str] = []
        for element in root.iter():
            if element.tag in ("h3", "h4", "h5"):
                while above and above[-1] >= element.tag:
                    above.pop()
                above.append(element.tag)
                element.tag = f"h{2 + len(above)}"


class Rule(LineProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return scanning.is_rule(block)

    def run(self, parent: Element, blocks: list[str]) -> None:
        SubElement(parent, "hr")
        del blocks[0]


class Quote(LineProcessor):
    """Lines starting with ``>``, and following lines that continue the quote's last paragraph."""

    def test(self, parent: Element, block: str) -> bool:
        return self.parser.may_nest and scanning.is_quote(block)

    def run(self, parent: Element, blocks: list[str]) -> None:
        inner: list[str] = []
        while len(inner) < len(blocks):
            line = blocks[len(inner)]
            if scanning.is_quote(line):
                inner.append(scanning.unquoted(line))
            elif not inner[-1] or scanning.interrupts_paragraph(line, may_nest=True):
                break
            else:
                inner.append(line)
        del blocks[: len(inner)]
        self.parser.parse_within(SubElement(parent, "blockquote"), inner)


class PipeTable(LineProcessor):
    """Tables; rows may be shorter than the head, and missing cells are not added."""

    def test(self, parent: Element, block: str) -> bool:
        return "|" in block

    def run(self, parent: Element, blocks: list[str]) -> bool:
        alignments = scanning.table_of(blocks[0], blocks[1]) if len(blocks) > 1 else None
        if alignments is None:
            return False
        table = SubElement(parent, "table")
        self._row(SubElement(table, "thead"), "th", blocks[0], alignments)
        end = 2
        while end < len(blocks) and "|" in blocks[end]:
            end += 1
        if end > 2:
            body = SubElement(table, "tbody")
            for line in blocks[2:end]:
                self._row(body, "td", line, alignments)
        del blocks[:end]
        return True

    def _row(self, parent: Element, tag: str, line: str, alignments: list[str]) -> None:
        row = SubElement(parent, "tr")
        for text, alignment in zip(scanning.cells_of(line), alignments, strict=False):
            cell = SubElement(row, tag, {"class": f"align-{alignment}"} if alignment else {})
            cell.text = words(text)


class Paragraph(LineProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return True

    def run(self, parent: Element, blocks: list[str]) -> None:
        may_nest = self.parser.may_nest
        end = 1
        while end < len(blocks) and not scanning.interrupts_paragraph(blocks[end], may_nest=may_nest):
            if end + 1 < len(blocks) and scanning.table_of(blocks[end], blocks[end + 1]):
                break
            end += 1
        SubElement(parent, "p").text = words("\n".join(line.strip() for line in blocks[:end]))
        del blocks[:end]
