"""What Word files can and the library has no words for: fields, links, languages, shades, alternative texts."""

from collections.abc import Iterable

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shape import InlineShape
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_LANGUAGES = {"ru": "ru-RU", "en": "en-GB"}


def element(name: str, **attributes: str) -> BaseOxmlElement:
    """Return an element «w:name» with attributes of the same space."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def set_language(document: Document, locale: str) -> None:
    """Tell whoever checks spelling in which language the document is."""
    fonts = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = _LANGUAGES.get(locale, locale)
    for old in fonts.findall(qn("w:lang")):
        fonts.remove(old)
    fonts.append(element("w:lang", val=language, eastAsia=language, bidi="ar-SA"))


def add_field(paragraph: Paragraph, code: str, shown: Iterable[str] = ("1",)) -> None:
    """Add a field that Word works out, with what stands there until it does, a line each."""
    begin = element("w:fldChar", fldCharType="begin", dirty="true")
    _run(paragraph, begin)
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    _run(paragraph, instruction)
    _run(paragraph, element("w:fldChar", fldCharType="separate"))
    for number, line in enumerate(shown):
        run = paragraph.add_run()
        if number:
            run.add_break()
        run.add_text(line)
    _run(paragraph, element("w:fldChar", fldCharType="end"))


def _run(paragraph: Paragraph, child: BaseOxmlElement) -> None:
    paragraph.add_run()._r.append(child)


def link(paragraph: Paragraph, address: str, run: Run) -> None:
    """Make a run, the last of its paragraph, a link."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    hyperlink = OxmlElement("w:hyperlink")
    hyperlink.set(qn("r:id"), relation)
    paragraph._p.append(hyperlink)
    hyperlink.append(run._r)


def describe(picture: InlineShape, alt: str) -> None:
    """Say what a picture shows to whoever does not see it."""
    picture._inline.docPr.set("descr", alt)


def shade(cell: _Cell, color: str) -> None:
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=color))


def repeat_on_each_page(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(element("w:tblHeader", val="true"))


def keep_whole(row: _Row) -> None:
    """Let no page end inside of a row."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit", val="true"))


def ruled(table: BaseOxmlElement, color: str, sides: Iterable[str]) -> None:
    """Draw the lines of a table: «top», «bottom», «insideH», …"""
    borders = OxmlElement("w:tblBorders")
    for side in sides:
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=color))
    table.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def tighten(table: BaseOxmlElement, twips: int) -> None:
    """Leave so much room on both sides of the words in a cell."""
    margins = OxmlElement("w:tblCellMar")
    margins.extend(element(f"w:{side}", w=str(twips), type="dxa") for side in ("left", "right"))
    table.tblPr.insert_element_before(margins, "w:tblLook")


def size_of_mark(paragraph: Paragraph, points: float) -> None:
    """Set how high the end of a paragraph stands: that of an empty one is as high as a line of its words."""
    looks = OxmlElement("w:rPr")
    looks.append(element("w:sz", val=str(round(points * 2))))
    paragraph._p.get_or_add_pPr().append(looks)


def numbered_anew(paragraph: Paragraph, document: Document, start: int, known: dict[int, int], list_id: int) -> None:
    """Number a paragraph within its list, each of which begins anew."""
    if list_id not in known:
        numbering = document.part.numbering_part.element
        style = document.styles["List Number"].element
        usual = style.pPr.numPr.numId.val
        abstract = numbering.num_having_numId(usual).abstractNumId.val
        made = numbering.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(start)
        known[list_id] = made.numId
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = known[list_id]
