"""The closed grammar: an extension of Python-Markdown that keeps only its machinery, not its syntax."""

import threading
from hashlib import blake2s

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor
from markdown.util import Registry

from incubator.http.markdown import addresses, blocks, footnotes, inline, lists
from incubator.http.markdown.cleaning import cleaned
from incubator.http.markdown.scanning import lines_of


class _Lines(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return lines_of("\n".join(lines))


class ClosedGrammar(Extension):
    """Paragraphs, headings, emphasis, lists, tasks, tables, fenced code, quotes, links and bare addresses,
    footnotes, strikes, sub- and superscript, line breaks; no HTML, no indented code, no definitions of links.
    """

    def __init__(self) -> None:
        super().__init__()
        self.notes = footnotes.Notes()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors, md.postprocessors = Registry(), Registry()
        md.preprocessors.register(_Lines(md), "lines", 1)
        md.parser = blocks.LineParser(md)
        self._add_blocks(md)
        md.inlinePatterns = Registry()
        self._add_inline(md)
        md.treeprocessors = Registry()
        md.treeprocessors.register(footnotes.Gather(md, self.notes), "gather", 40)
        md.treeprocessors.register(blocks.HeadingOrder(md), "headings", 35)
        md.treeprocessors.register(InlineProcessor(md), "inline", 30)
        md.treeprocessors.register(footnotes.Number(md, self.notes), "number", 20)
        md.treeprocessors.register(UnescapeTreeprocessor(md), "unescape", 10)

    def _add_blocks(self, md: Markdown) -> None:
        in_order = (
            blocks.Blank(md), blocks.FencedCode(md), blocks.Heading(md), blocks.Rule(md), blocks.Quote(md),
            lists.List(md), footnotes.Definition(md, self.notes), blocks.PipeTable(md), blocks.Paragraph(md),
        )  # fmt: skip
        for place, processor in enumerate(in_order):
            md.parser.blockprocessors.register(processor, type(processor).__name__, -place)

    def _add_inline(self, md: Markdown) -> None:
        """Register literal text first, then links, then marks from the longest to the shortest."""
        in_order = (
            inline.Verbatim(inline.VERBATIM, md),
            addresses.Link(md),
            footnotes.Reference(self.notes),
            addresses.Address(addresses.BRACKETED, md),
            addresses.Address(addresses.BARE, md),
            inline.Tagged(inline.STRONG_EMPHASIS, "strong", "em"),
            *(inline.Tagged(pattern, "strong") for pattern in inline.STRONG),
            *(inline.Tagged(pattern, "em") for pattern in inline.EMPHASIS),
            inline.Tagged(inline.STRIKE, "del"),
            inline.Tagged(inline.SUBSCRIPT, "sub"),
            inline.Tagged(inline.SUPERSCRIPT, "sup"),
            inline.LineBreak(inline.LINE_BREAK),
        )
        for place, pattern in enumerate(in_order):
            md.inlinePatterns.register(pattern, str(place), -place)


_grammar = ClosedGrammar()
#: One for the whole process: it takes longer to build than to use.
_markdown = Markdown(extensions=[_grammar], output_format="html")
_turn = threading.Lock()


def to_html(text: str) -> str:
    """Return HTML that is safe to embed in a page; headings start at level three, and a blank text gives "".

    Takes time linear in the length of the text, which the caller must have limited.
    """
    with _turn:
        _markdown.reset()
        _markdown.parser.state.clear()
        _grammar.notes.reset(blake2s(text.encode("utf-8", "replace"), digest_size=4).hexdigest())
        return cleaned(_markdown.convert(text))
