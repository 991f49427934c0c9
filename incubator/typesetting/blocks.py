"""A document on paper as blocks: what a kind of section says once, and both PDF and Word are written from. Pure."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

Side = Literal["left", "center", "right"]
Tone = Literal["plain", "finding", "quiet", "label"]


class Span(msgspec.Struct, frozen=True):
    """Words of one look; a line feed in them ends the line."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    struck: bool = False
    quiet: bool = False
    raised: int = 0
    """1: superscript; −1: subscript."""
    link: str = ""


Spans = tuple[Span, ...]


class HeadingBlock(msgspec.Struct, frozen=True, tag="heading"):
    """A heading inside a section; 1 is the highest."""

    level: int
    words: Spans


class TextBlock(msgspec.Struct, frozen=True, tag="text"):
    words: Spans
    tone: Tone = "plain"
    """«finding»: what one should see first; «label»: stands over what follows and stays with it."""


class ListBlock(msgspec.Struct, frozen=True, tag="list"):
    items: tuple[tuple["Block", ...], ...]
    start: int | None = None
    """The number of the first item; None: not numbered."""


class QuoteBlock(msgspec.Struct, frozen=True, tag="quote"):
    blocks: tuple["Block", ...]


class CodeBlock(msgspec.Struct, frozen=True, tag="code"):
    text: str


class RuleBlock(msgspec.Struct, frozen=True, tag="rule"):
    """A line between two thoughts."""


class TableBlock(msgspec.Struct, frozen=True, tag="table"):
    """``widths``: how much room each column asks for, in characters; ``strong``: numbers of the rows that stand out."""

    head: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    sides: tuple[Side, ...]
    widths: tuple[int, ...]
    strong: tuple[int, ...] = ()
    title: str = ""
    is_wide: bool = False
    """Needs a page on its side."""


class FiguresBlock(msgspec.Struct, frozen=True, tag="figures"):
    """Names with their values."""

    pairs: tuple[tuple[str, str], ...]


class SheetField(msgspec.Struct, frozen=True):
    """A field of a sheet of fields: where it begins, counted from 0, and how far it reaches."""

    column: int
    row: int
    across: int
    down: int
    title: str
    text: str


class FieldsBlock(msgspec.Struct, frozen=True, tag="fields"):
    """Fields that make one sheet, as the nine of a canvas do: a page on its side."""

    fields: tuple[SheetField, ...]
    columns: int
    rows: int


class ChartBlock(msgspec.Struct, frozen=True, tag="chart"):
    """Where a chart of a kind stands; whoever makes the document puts its drawings here."""

    alt: str
    macro: str = "chart"
    """Which of the kind's template draws it."""


class DrawingBlock(msgspec.Struct, frozen=True, tag="drawing"):
    """One of our own drawings, as SVG with its colours inside."""

    svg: str
    alt: str


class PhotoBlock(msgspec.Struct, frozen=True, tag="photo"):
    """Where a photograph stands that a cell names, or the first page of a paper; whoever makes the document puts it here, for readers who may see it."""

    cell: str
    caption: str
    width: int
    height: int


class PictureBlock(msgspec.Struct, frozen=True, tag="picture"):
    """A photo or a page of a file: JPEG or PNG, or WebP as it is served."""

    content: bytes
    alt: str
    caption: str = ""
    width: int = 0
    height: int = 0
    """In pixels; 0: it says so itself."""


Block = (
    HeadingBlock | TextBlock | ListBlock | QuoteBlock | CodeBlock | RuleBlock | TableBlock | FiguresBlock | FieldsBlock
    | ChartBlock | DrawingBlock | PhotoBlock
    | PictureBlock
)  # fmt: skip


class PaperSection(msgspec.Struct, frozen=True):
    """``part``: the part of the document that it belongs to; empty in a document without parts."""

    title: str
    blocks: tuple[Block, ...]
    part: str = ""

    @property
    def is_on_side(self) -> bool:
        """Return whether it stands as a whole on a page on its side."""
        first = next(iter(self.blocks), None)
        is_wide = isinstance(first, TableBlock) and first.is_wide
        return is_wide or any(isinstance(block, FieldsBlock) for block in self.blocks)


class Paper(msgspec.Struct, frozen=True):
    """A whole document, in one language. What a reader must not see is not in it."""

    locale: str
    title: str
    sort: str
    """What it is: «Бизнес-план»."""
    lead: str
    programme: str
    about: tuple[str, ...]
    """School, district, cluster."""
    version: str
    team_name: str
    team: tuple[tuple[str, str], ...]
    """Names with what each does; empty where they are not shown."""
    cover: DrawingBlock | PictureBlock
    sections: tuple[PaperSection, ...]
    words: dict[str, str]
    """What writers add: «Содержание», «Команда»."""


def plain_words(text: str) -> Spans:
    return (Span(text),) if text else ()


def sides_of(numbers: Sequence[bool]) -> tuple[Side, ...]:
    """Return on which side the cells of each column stand: numbers on the right."""
    return tuple("right" if each else "left" for each in numbers)


#: A column is never narrower or wider than so many characters, as far as the others leave it room.
_NARROWEST, _WIDEST = 5, 44


def widths_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return how much room the columns ask for: their cells on one line, and the longest word of their heads."""
    return tuple(_width(title, [row[number] for row in rows]) for number, title in enumerate(head))


def _width(title: str, cells: Sequence[str]) -> int:
    word = max(map(len, title.split(" ")))
    return min(max(_NARROWEST, word, *map(len, cells)), _WIDEST)


def drawings_in(paper: Paper) -> Iterator[DrawingBlock]:
    """Yield the drawings of a document in order, its cover first."""
    if isinstance(paper.cover, DrawingBlock):
        yield paper.cover
    yield from (block for section in paper.sections for block in section.blocks if isinstance(block, DrawingBlock))
