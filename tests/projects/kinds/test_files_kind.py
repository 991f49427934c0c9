"""Sections of files: what a row can be for, who reads it, and how two people's work is brought together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import (
    COVER,
    DECK,
    GALLERY,
    JUDGES,
    KIND,
    PAPER,
    captioned,
    only,
    refs_in,
    results,
    with_file,
)
from incubator.projects.kinds.sheet import Sheet

PICTURE = "1 0123456789abcdef picture 1600 1200 0"
SECOND = "2 1123456789abcdef picture 800 600 0"
PDF = "3 2123456789abcdef pdf 1280 720 8"
OFFICE = "4 3123456789abcdef office 0 0 0"


def row(file: str, use: str = GALLERY, caption: str = "Подпись", readers: str = "all") -> dict[str, str]:
    return {"file": file, "caption": caption, "use": use, "readers": readers}


def value(*rows: dict[str, str]) -> str:
    return KIND.stored(Sheet(KIND.key, rows=list(rows)))


def captions(stored: str) -> list[str]:
    return [each.get("caption", "") for each in KIND.sheet(stored).rows]


@pytest.mark.parametrize("cell", [PICTURE, SECOND, PDF, OFFICE])
def test_a_cell_names_an_attachment_and_says_how_to_draw_it(cell: str) -> None:
    file = FileRef.of(cell)
    assert file
    assert str(file) == cell


@given(st.text())
def test_nothing_else_does(text: str) -> None:
    file = FileRef.of(text)
    assert file is None or str(file) == " ".join(
        str(int(p)) if p.isdecimal() and n != 1 else p for n, p in enumerate(text.split())
    )


def test_a_picture_has_the_widths_up_to_its_own() -> None:
    file = FileRef.of(PICTURE)
    assert file
    assert file.widths == (480, 960, 1600)
    assert file.address(960) == "/files/1/0123456789abcdef-0-960.webp"
    small = FileRef.of(SECOND)
    assert small
    assert small.widths == (480, 800)


def test_of_a_pdf_its_pages_are_named() -> None:
    file = FileRef.of(PDF)
    assert file
    assert (file.widths, len(file.pages_drawn)) == ((480, 1280), 8)
    assert file.address(1280, page=3) == "/files/3/2123456789abcdef-3-1280.webp"
    assert file.download == "/files/3/2123456789abcdef"


@pytest.mark.parametrize(
    ("file", "use", "is_wrong"),
    [
        *((PICTURE, GALLERY, False), (PICTURE, COVER, False), (PICTURE, DECK, True), (PICTURE, PAPER, True)),
        *((PDF, DECK, False), (PDF, PAPER, False), (PDF, COVER, True), (OFFICE, DECK, True), (OFFICE, PAPER, False)),
    ],
)
def test_what_a_file_can_be_for(file: str, use: str, is_wrong: bool) -> None:
    assert bool(KIND.problems(value(row(file, use)))) is is_wrong


def test_a_file_without_words_is_named_at_the_gate() -> None:
    assert [each.place for each in KIND.problems(value(row(PICTURE, caption="")))] == ["caption.0"]


def test_nothing_that_is_for_another_use_is_lost() -> None:
    shown = results(KIND.sheet(value(row(PICTURE, COVER), row(SECOND, COVER), row(PDF, DECK), row(OFFICE, DECK))))
    assert shown.cover
    assert [each.file.id for each in (*shown.all_pictures, *shown.papers)] == [1, 2, 4]


def test_the_public_gets_what_is_for_everybody() -> None:
    stored = value(row(PICTURE), row(PDF, DECK, readers=JUDGES))
    assert [ref.id for ref in refs_in(only(stored, lambda _file: True))] == [1]
    assert [ref.id for ref in refs_in(only(stored, lambda _file: True, for_judges=True))] == [1, 3]
    assert only(stored, lambda file: file.id != 1) == ""


def test_its_text_is_its_captions() -> None:
    assert (
        KIND.text(value(row(PICTURE, caption="Улей | на весах"), row(SECOND, caption="")))
        == "* Улей \\| на весах\n* картинка"
    )


def test_one_uploads_while_another_writes_captions_and_a_third_moves_rows() -> None:
    base = value(row(PICTURE, caption=""), row(SECOND, caption=""))
    uploaded = with_file(base, FileRef(3, "2123456789abcdef", "pdf", 1280, 720, 8), name="Защита")
    moved = value(row(SECOND, caption="Схема"), row(PICTURE, caption=""))
    both = KIND.merged(base, uploaded, moved)
    assert both
    assert [ref.id for ref in refs_in(both)] == [2, 1, 3]
    assert captions(both) == ["Схема", "", "Защита"]
    assert KIND.merged(base, captioned(base, {1: "Улей"}), both) == captioned(both, {1: "Улей"})


def test_what_one_took_out_and_another_captioned_is_asked() -> None:
    base = value(row(PICTURE, caption=""), row(SECOND))
    assert KIND.merged(base, captioned(base, {1: "Улей"}), value(row(SECOND))) is None
    assert KIND.merged(base, base, value(row(SECOND))) == value(row(SECOND))
    assert KIND.merged(base, value(row(SECOND)), base) == value(row(SECOND))


def test_a_file_that_came_first_changes_no_other() -> None:
    before, after = value(row(PICTURE)), value(row(SECOND), row(PICTURE))
    assert {each.place.partition(":")[0] for each in KIND.changes(before, after)} == {"картинка № 2"}
