"""The blocks of a document in a Word file."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from incubator.typesetting.blocks import (
    Block,
    CodeBlock,
    FieldsBlock,
    FiguresBlock,
    HeadingBlock,
    ListBlock,
    PictureBlock,
    QuoteBlock,
    RuleBlock,
    Side,
    Span,
    Spans,
    TableBlock,
    TextBlock,
    plain_words,
)
from incubator.typesetting.word_looks import HEAD, LINE, MARGIN, MUTED, PINE, SHORT
from incubator.typesetting.word_xml import (
    describe,
    keep_whole,
    link,
    numbered_anew,
    repeat_on_each_page,
    ruled,
    shade,
    size_of_mark,
    tighten,
)

_SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
}  # fmt: skip
_HIGHEST_PICTURE = Mm(120)
#: Of a sheet of fields that fills a page.
_HIGH_ROW, _LOW_ROW = Mm(52), Mm(34)


#: Letters of tables, in points; how wide one is in such units, and what stands around the words of a cell.
_USUAL, _SMALL, _LETTER, _AROUND = 9.5, 7.0, 0.62, 12
#: Around the words of a cell of small letters, in twentieths of a point on each side.
_TIGHT = 40
#: A column of so many characters is as wide as it needs; longer ones share the rest.
_LONGEST_SHORT = 18


def _shares(widths: Sequence[int], whole: int, size: float) -> list[Emu]:
    """Return how wide each column of a table is."""
    own = [Pt(each * size * _LETTER + _AROUND) if each <= _LONGEST_SHORT else Pt(0) for each in widths]
    shared = sum(each for each in widths if each > _LONGEST_SHORT)
    if size == _SMALL:
        around = Pt(2 * _TIGHT / 20)
        rest = whole - around * len(widths)
        return [Emu(around + rest * each // sum(widths)) for each in widths]
    if not shared or sum(own) > whole * 2 // 3:
        return [Emu(whole * each // sum(widths)) for each in widths]
    rest = whole - sum(own)
    return [Emu(each or rest * width // shared) for each, width in zip(own, widths, strict=True)]


class BlockWriter:
    """Adds blocks at the end of a document; ``nesting``: levels of headings above those of sections."""

    def __init__(self, document: Document, nesting: int) -> None:
        self.document = document
        self._nesting = nesting
        self._lists: dict[int, int] = {}
        self._list_id = 0

    @property
    def width(self) -> int:
        page = self.document.sections[-1]
        return int((page.page_width or SHORT) - (page.left_margin or MARGIN) - (page.right_margin or MARGIN))

    def block(self, block: Block) -> None:
        write: dict[type, Callable[[Any], None]] = {
            HeadingBlock: self._heading, TextBlock: self._text, ListBlock: self._list, QuoteBlock: self._quote,
            CodeBlock: self._code, RuleBlock: self._rule, TableBlock: self._table, FiguresBlock: self._figures,
            FieldsBlock: self._fields, PictureBlock: self.picture,
        }  # fmt: skip
        if type(block) in write:  # charts and drawings have become pictures
            write[type(block)](block)

    def _heading(self, block: HeadingBlock) -> None:
        self._say(self.document.add_heading("", min(6, 1 + self._nesting + block.level)), block.words)

    def _text(self, block: TextBlock) -> None:
        paragraph = self.document.add_paragraph()
        self._say(paragraph, block.words, is_bold=block.tone in {"finding", "label"}, is_quiet=block.tone == "quiet")
        paragraph.paragraph_format.keep_with_next = block.tone in {"finding", "label"}
        if block.tone == "finding":
            for run in paragraph.runs:
                run.font.size = Pt(13)

    def _list(self, block: ListBlock, depth: int = 0) -> None:
        self._list_id += 1
        own = self._list_id
        for item in block.items:
            is_marked = False
            for each in item:
                if isinstance(each, ListBlock):
                    self._list(each, depth + 1)
                elif isinstance(each, TextBlock):
                    self._item(each.words, block, own, depth, is_marked=not is_marked)
                    is_marked = True
                else:
                    self.block(each)

    def _item(self, words: Spans, block: ListBlock, own: int, depth: int, *, is_marked: bool) -> None:
        is_counted = block.start is not None
        style = ("List Number" if is_counted else "List Bullet") if is_marked else "List Continue"
        paragraph = self.document.add_paragraph(style=style)
        if is_counted and is_marked:
            numbered_anew(paragraph, self.document, block.start or 1, self._lists, own)
        if depth:
            paragraph.paragraph_format.left_indent = Mm(6 * (depth + 1))
        self._say(paragraph, words)

    def _quote(self, block: QuoteBlock) -> None:
        before = len(self.document.paragraphs)
        for each in block.blocks:
            self.block(each)
        for paragraph in self.document.paragraphs[before:]:
            paragraph.style = self.document.styles["Quote"]

    def _code(self, block: CodeBlock) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(6)
        self._say(paragraph, plain_words(block.text))

    def _rule(self, _block: RuleBlock) -> None:
        self.document.add_paragraph("* * *").alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _figures(self, block: FiguresBlock) -> None:
        rows = tuple((plain_words(name), plain_words(value)) for name, value in block.pairs)
        self._grid((), rows, ("left", "right"), (3, 2), strong=())

    def _table(self, block: TableBlock) -> None:
        if block.title:
            self._text(TextBlock(plain_words(block.title), "label"))
        self._grid(block.head, block.rows, block.sides, block.widths, strong=block.strong, is_small=block.is_wide)

    def _grid(
        self, head: Sequence[Spans], rows: Sequence[Sequence[Spans]], sides: Sequence[Side], widths: Sequence[int], *,
        strong: Sequence[int], is_small: bool = False,
    ) -> None:  # fmt: skip
        lines = [head, *rows] if head else list(rows)
        table = self.document.add_table(rows=len(lines), cols=len(widths))
        table.autofit = False
        ruled(table._tbl, LINE, ("bottom", "insideH"))
        if is_small:
            tighten(table._tbl, _TIGHT)
        size = _SMALL if is_small else _USUAL
        shares = _shares(widths, self.width, size)
        for column, width in zip(table.columns, shares, strict=True):
            column.width = width
        for number, (line, row) in enumerate(zip(lines, table.rows, strict=True)):
            is_head = bool(head) and number == 0
            keep_whole(row)
            if is_head:
                repeat_on_each_page(row)
            is_bold = is_head or number - bool(head) in strong
            for cell, words, side, width in zip(row.cells, line, sides, shares, strict=True):
                cell.width = width
                paragraph = cell.paragraphs[0]
                paragraph.alignment = _SIDES[side]
                paragraph.paragraph_format.space_after = Pt(2)
                size_of_mark(paragraph, size)
                self._say(paragraph, words, is_bold=is_bold, size=size)
                if is_head:
                    shade(cell, HEAD)
        self._after_table()

    def _fields(self, block: FieldsBlock) -> None:
        table = self.document.add_table(rows=block.rows, cols=block.columns)
        ruled(table._tbl, PINE, ("top", "left", "bottom", "right", "insideH", "insideV"))
        for number, row in enumerate(table.rows, 1):
            row.height = _LOW_ROW if number == block.rows else _HIGH_ROW
        for each in block.fields:
            last = table.cell(each.row + each.down - 1, each.column + each.across - 1)
            cell = table.cell(each.row, each.column).merge(last)
            self._say(cell.paragraphs[0], plain_words(each.title), is_bold=True, size=9)
            self._say(cell.add_paragraph(), plain_words(each.text or "–"), size=8.5)
        self._after_table()

    def _after_table(self) -> None:
        self.document.add_paragraph().paragraph_format.space_after = Pt(4)

    def picture(self, block: PictureBlock) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture = paragraph.add_run().add_picture(io.BytesIO(block.content), width=self.width)
        if picture.height > _HIGHEST_PICTURE:
            picture.width, picture.height = Emu(picture.width * _HIGHEST_PICTURE // picture.height), _HIGHEST_PICTURE
        describe(picture, block.alt)
        if block.caption:
            self.document.add_paragraph(block.caption, style="Caption")

    # --- words ---------------------------------------------------------------

    def line(self, text: str, size: float, color: str, *, is_bold: bool = False) -> Paragraph:
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.font.size, run.font.color.rgb = is_bold, Pt(size), RGBColor.from_string(color)
        return paragraph

    def _say(
        self, paragraph: Paragraph, words: Spans, *, is_bold: bool = False, is_quiet: bool = False, size: float = 0
    ) -> None:
        for span in words:
            run = paragraph.add_run()
            for number, line in enumerate(span.text.split("\n")):
                if number:
                    run.add_break()
                run.add_text(line)
            _look(run, span, is_bold=is_bold, is_quiet=is_quiet, size=size)
            if span.link:
                link(paragraph, span.link, run)


def _look(run: Run, span: Span, *, is_bold: bool, is_quiet: bool, size: float) -> None:
    """Give a run the look of its span; what it does not say is left to the paragraph's style."""
    font = run.font
    looks = {
        "bold": span.bold or is_bold, "italic": span.italic, "strike": span.struck, "superscript": span.raised > 0,
        "subscript": span.raised < 0, "underline": bool(span.link),
    }  # fmt: skip
    for name in filter(looks.get, looks):
        setattr(font, name, True)
    color = PINE if span.link else MUTED if span.quiet or is_quiet else ""
    if color:
        font.color.rgb = RGBColor.from_string(color)
    if size:
        font.size = Pt(size)
    if span.code:
        font.name = "Courier New"
