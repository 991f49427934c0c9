"""A document as a Word file with real headings, tables and pictures. Loads python-docx: only the process that writes imports it."""

import io

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION

from incubator.typesetting.blocks import Paper, PaperSection, PictureBlock, TableBlock
from incubator.typesetting.word_blocks import BlockWriter
from incubator.typesetting.word_looks import INK, LONG, MUTED, PINE, SHORT, prepare
from incubator.typesetting.word_xml import add_field


def word_document(paper: Paper) -> bytes:
    out = io.BytesIO()
    _WordPages(paper).document.save(out)
    return out.getvalue()


class _WordPages:
    """Writes one document from its first page to its last."""

    def __init__(self, paper: Paper) -> None:
        self.document = docx.Document()
        self._paper = paper
        self._nesting = 1 if any(section.part for section in paper.sections) else 0
        self._blocks = BlockWriter(self.document, self._nesting)
        self._is_new_page, self._is_on_side = True, False
        prepare(self.document, paper)
        self._title_page()
        self._contents()
        before = None
        for section in paper.sections:
            self._section(section, begins=section.part != before)
            before = section.part

    def _title_page(self) -> None:
        paper, line = self._paper, self._blocks.line
        if isinstance(paper.cover, PictureBlock):
            self._blocks.picture(paper.cover)
        line(paper.sort, 13, PINE, is_bold=True)
        self.document.add_paragraph(paper.title, style="Title")
        if paper.lead:
            self.document.add_paragraph(paper.lead, style="Subtitle")
        if paper.team or paper.team_name:
            line(paper.team_name or paper.words["team"], 10.5, INK, is_bold=True)
        for name, role in paper.team:
            line(f"{name}, {role}" if role else name, 10.5, INK)
        for each in (*paper.about, paper.programme, paper.version):
            line(each, 9.5, MUTED)

    def _contents(self) -> None:
        """Add the table of contents, with its titles until Word works out the pages."""
        if len(self._paper.sections) < 2:
            return
        head = self._blocks.line(self._paper.words["contents"], 20, PINE, is_bold=True)
        head.paragraph_format.page_break_before = True
        titles: dict[str, None] = {}
        for section in self._paper.sections:
            titles |= dict.fromkeys(filter(None, (section.part, section.title)))
        add_field(self.document.add_paragraph(), f'TOC \\o "1-{1 + self._nesting}" \\h \\z \\u', titles)
        self._is_new_page = False

    def _section(self, section: PaperSection, *, begins: bool) -> None:
        self._turn(is_on_side=section.is_on_side)
        if begins and section.part:
            self._heading(section.part, 1, begins=True)
        self._heading(section.title, 1 + self._nesting, begins=begins and not section.part)
        for block in section.blocks:
            self._turn(is_on_side=section.is_on_side or (isinstance(block, TableBlock) and block.is_wide))
            self._blocks.block(block)
            self._is_new_page = False

    def _heading(self, words: str, level: int, *, begins: bool) -> None:
        """Add a heading; one that begins a part stands on a new page."""
        heading = self.document.add_heading(words, level)
        heading.paragraph_format.page_break_before = (begins and not self._is_new_page) or None
        self._is_new_page = False

    def _turn(self, *, is_on_side: bool) -> None:
        """Begin a page on its side, or upright again; nothing if it is so already."""
        if is_on_side == self._is_on_side:
            return
        self._is_on_side = is_on_side
        page = self.document.add_section(WD_SECTION.NEW_PAGE)
        page.orientation = WD_ORIENT.LANDSCAPE if is_on_side else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = (LONG, SHORT) if is_on_side else (SHORT, LONG)
        page.different_first_page_header_footer = False
        self._is_new_page = True
