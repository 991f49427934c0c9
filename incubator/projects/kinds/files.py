"""Pictures, a presentation and papers. Pure.

A row names an attachment and says what it is for. Who is on a picture is said of the attachment itself, since that
counts at once and for every version.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from incubator.core import limits
from incubator.core.languages import _, ngettext
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.kind import CellProblem
from incubator.projects.kinds.printing import Cells, Printed, said
from incubator.projects.kinds.sheet import Row, Sheet, SheetKind, escaped
from incubator.typesetting.blocks import Block, ListBlock, PhotoBlock

#: Pictures beside the cover, and papers to download.
MOST_PICTURES, MOST_PAPERS = 12, 10

GALLERY, COVER, DECK, PAPER = "gallery", "cover", "deck", "paper"
EVERYBODY, JUDGES = "all", "judges"


def uses() -> dict[str, str]:
    return {
        GALLERY: _("картинка"),
        COVER: _("обложка"),
        DECK: _("презентация, по страницам"),
        PAPER: _("документ, скачать"),
    }


def readers() -> dict[str, str]:
    return {EVERYBODY: _("всем, и на витрине"), JUDGES: _("только тем, кто оценивает")}


FILE = Column("file", lambda: _("Файл"), Holds.FILE, longest=80, is_needed=True)
CAPTION = Column("caption", lambda: _("Что это, что на картинке"), longest=limits.CAPTION, is_needed=True)
USE = Column("use", lambda: _("Зачем он здесь"), Holds.CHOICE, options=uses)
READERS = Column("readers", lambda: _("Кому показать"), Holds.CHOICE, options=readers)
COLUMNS = (FILE, CAPTION, USE, READERS)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One attached file, as it is drawn."""

    file: FileRef
    caption: str
    is_for_judges: bool


@dataclass(frozen=True, slots=True)
class AttachedFiles:
    cover: AttachedFile | None
    pictures: tuple[AttachedFile, ...]
    deck: AttachedFile | None
    papers: tuple[AttachedFile, ...]

    @property
    def all_pictures(self) -> tuple[AttachedFile, ...]:
        """Return the cover and the other pictures."""
        return (self.cover, *self.pictures) if self.cover else self.pictures

    @property
    def drawn_deck(self) -> AttachedFile | None:
        """Return the presentation, if its pages can be drawn."""
        return self.deck if self.deck and self.deck.file.has_picture else None


def use_of(row: Row, file: FileRef) -> str:
    """Return what a file is for: as its row says, if a file like it can be that."""
    use = row.get("use", GALLERY)
    if file.is_picture:
        return use if use == COVER else GALLERY
    return DECK if file.is_pdf and use == DECK else PAPER


def files_in(sheet: Sheet) -> Iterator[tuple[Row, FileRef]]:
    """Yield the rows that name a file, with it."""
    for row in sheet.rows:
        file = FileRef.of(row.get("file", ""))
        if file is not None:
            yield row, file


def results(sheet: Sheet) -> AttachedFiles:
    shown: dict[str, list[AttachedFile]] = {use: [] for use in uses()}
    for row, file in files_in(sheet):
        shown[use_of(row, file)].append(AttachedFile(file, row.get("caption", ""), row.get("readers") == JUDGES))
    cover, deck = (next(iter(shown[use]), None) for use in (COVER, DECK))
    pictures, papers = (*shown[COVER][1:], *shown[GALLERY]), (*shown[DECK][1:], *shown[PAPER])
    return AttachedFiles(cover, pictures, deck, papers)


def checks(sheet: Sheet) -> Iterator[CellProblem]:
    counted = dict.fromkeys(uses(), 0)
    most = {GALLERY: MOST_PICTURES, COVER: 1, DECK: 1, PAPER: MOST_PAPERS}
    for number, row in enumerate(sheet.rows):
        file, use = FileRef.of(row.get("file", "")), row.get("use", GALLERY)
        if file is None:
            continue
        if use_of(row, file) != use:
            yield CellProblem(f"use.{number}", _for_whom(use))
        counted[use_of(row, file)] += 1
        if counted[use_of(row, file)] == most[use_of(row, file)] + 1:
            yield CellProblem(f"use.{number}", _too_many(use_of(row, file), most[use_of(row, file)]))


def _for_whom(use: str) -> str:
    if use in (GALLERY, COVER):
        return _("в галерее и на обложке бывают только картинки")
    if use == DECK:
        return _("по страницам показать можно только PDF")
    return _("картинка показывается, а не скачивается")


def _too_many(use: str, most: int) -> str:
    words: dict[str, str] = {
        GALLERY: _("картинок бывает не больше %(n)s", n=most),
        COVER: _("обложка бывает одна"),
        DECK: _("презентация бывает одна"),
        PAPER: _("документов бывает не больше %(n)s", n=most),
    }
    return words[use]


def only(stored: str, is_shown: Callable[[FileRef], bool], *, for_judges: bool = False) -> str:
    """Return the value without the files that a reader does not get; rows that name none are left out."""
    sheet = KIND.sheet(stored)
    rows = [
        dict(row)
        for row, file in files_in(sheet)
        if is_shown(file) and (for_judges or row.get("readers", EVERYBODY) == EVERYBODY)
    ]
    return KIND.stored(msgspec.structs.replace(sheet, rows=rows))


def refs_in(stored: str) -> list[FileRef]:
    """Return the files that a value names; none for a value of another kind."""
    return [file for _row, file in files_in(KIND.sheet(stored))] if stored.startswith("{") else []


def captioned(stored: str, captions: Mapping[int, str]) -> str:
    """Return the value with other captions for the files with these ids."""
    sheet, rows = KIND.sheet(stored), []
    for row in sheet.rows:
        file = FileRef.of(row.get("file", ""))
        words = captions.get(file.id) if file else None
        cells = {**row, "caption": words} if words is not None else row
        rows.append({key: cell for key, cell in cells.items() if cell})
    return KIND.stored(msgspec.structs.replace(sheet, rows=rows))


def with_file(stored: str, file: FileRef, *, name: str) -> str:
    """Return the value with one more row; ``name``: of the uploaded file, which stands in for a paper's caption."""
    sheet = KIND.sheet(stored)
    use = GALLERY if file.is_picture else PAPER
    if file.is_pdf and results(sheet).deck is None:
        use = DECK
    row = {"file": str(file), "caption": "" if file.is_picture else name, "use": use}
    row["readers"] = JUDGES if use == PAPER else EVERYBODY
    rows = [*sheet.rows, {key: cell for key, cell in row.items() if cell}]
    return KIND.stored(msgspec.structs.replace(sheet, rows=rows))


def joined(stored: str, other: str) -> tuple[str, int]:
    """Return the value with the rows of another one, as far as there is room, and how many found none.

    A second cover is a picture, a second presentation a paper.
    """
    sheet = KIND.sheet(stored)
    rows = [dict(row) for row in sheet.rows]
    known = {file.id for _row, file in files_in(sheet)}
    once = {
        use_of(row, file): {COVER: GALLERY, DECK: PAPER}.get(use_of(row, file), "") for row, file in files_in(sheet)
    }
    more = [
        {**row, "use": once.get(use_of(row, file)) or use_of(row, file)}
        for row, file in files_in(KIND.sheet(other))
        if file.id not in known
    ]
    room = max(KIND.most_rows - len(rows), 0)
    return KIND.stored(msgspec.structs.replace(sheet, rows=[*rows, *more[:room]])), len(more[room:])


def rows_text(sheet: Sheet) -> str:
    words = uses()
    return "\n".join(
        f"* {escaped(row.get('caption', '')) or words[use_of(row, file)]}" for row, file in files_in(sheet)
    )


def printing(_fields: Cells, _rows: Sequence[Cells], found: AttachedFiles) -> Printed:
    """Return the pictures, the presentation's first page, and what other files there are: paper holds no file."""
    deck = found.drawn_deck
    named = [each.caption for each in (None if deck else found.deck, *found.papers) if each and each.caption]
    listed: list[Block] = [_photo(deck, _with_pages(deck))] if deck else []
    if named:
        listed.append(ListBlock(tuple(tuple(said(each)) for each in named)))
    headed = [*said(_("Файлы проекта"), "label"), *listed] if listed else []
    return Printed((*(_photo(each, each.caption) for each in found.all_pictures), *headed))


def _photo(shown: AttachedFile, caption: str) -> PhotoBlock:
    return PhotoBlock(str(shown.file), caption, shown.file.width, shown.file.height)


def _with_pages(deck: AttachedFile) -> str:
    pages = ngettext("%(n)s страница", "%(n)s страниц", deck.file.pages)
    return f"{deck.caption or uses()[DECK]} ({pages})"


KIND = SheetKind(
    "files",
    lambda: _("Картинки и файлы"),
    columns=COLUMNS,
    most_rows=MOST_PICTURES + MOST_PAPERS + 2,
    has_spare_rows=False,
    results=results,
    checks=checks,
    rows_text=rows_text,
    printing=printing,
)
