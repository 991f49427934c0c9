"""How a Word file looks: page, fonts, colours, headings; and what it says of itself."""

from docx.document import Document
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from incubator.typesetting.blocks import Paper
from incubator.typesetting.word_xml import add_field, set_language

#: A font that every office has.
_FONT = "Arial"
PINE, INK, MUTED, HEAD, LINE = "005F40", "1F2630", "57606E", "E6F3EC", "D5D3CB"
SHORT, LONG, MARGIN = Mm(210), Mm(297), Mm(24)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def prepare(document: Document, paper: Paper) -> None:
    """Set page, styles, language, running title, and what the file says of itself: no names but the team's."""
    page = document.sections[0]
    page.page_width, page.page_height = SHORT, LONG
    page.left_margin = page.right_margin = MARGIN
    page.top_margin = page.bottom_margin = Mm(22)
    page.different_first_page_header_footer = True
    set_language(document, paper.locale)
    _style(document, "Normal", 10.5, INK, after=7)
    _style(document, "Title", 28, INK, after=6, is_bold=True)
    _style(document, "Subtitle", 13, MUTED, after=14)
    _style(document, "Quote", 10.5, MUTED, after=7)
    for level, size in ((1, 20), (2, 15), (3, 12.5), (4, 11), (5, 10.5), (6, 10.5)):
        _style(document, f"Heading {level}", size, PINE if level < 3 else INK, after=5, is_bold=True)
    page.header.paragraphs[0].text = paper.title
    footer = page.footer.paragraphs[0]
    footer.add_run(f"{paper.version} · ")
    add_field(footer, "PAGE")
    facts = document.core_properties
    facts.title, facts.author, facts.last_modified_by = paper.title, paper.team_name, ""
    facts.comments, facts.keywords, facts.subject, facts.language = "", "", paper.sort, paper.locale


def _style(document: Document, name: str, size: float, color: str, *, after: float, is_bold: bool = False) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), is_bold
    style.font.italic, style.font.color.rgb = False, RGBColor.from_string(color)
    for frame in style.element.findall(f"{_W}pPr/{_W}pBdr") + style.element.findall(f"{_W}rPr/{_W}spacing"):
        frame.getparent().remove(frame)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name_of in list(fonts.attrib):
        if name_of.endswith("Theme"):
            del fonts.attrib[name_of]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(f"{_W}{script}", _FONT)
    style.paragraph_format.space_after = Pt(after)
