"""Papers for those who must not learn from them who wrote them."""

import io
import zipfile
from pathlib import Path

import docx
import pypdfium2
from PIL import Image

from incubator.imaging.plain_papers import plain_jpeg
from incubator.imaging.reader import open_upload
from tests.attachments.uploads import pdf, photo

NAME = "Мария Кузнецова"


def signed_pdf() -> bytes:
    out = io.BytesIO()
    pages = [Image.new("RGB", (960, 540), colour) for colour in ("teal", "white")]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], author=NAME, title=f"План, {NAME}")
    return out.getvalue()


def signed_docx() -> bytes:
    document = docx.Document()
    run = document.add_paragraph("Мы взвесили улей.").add_run("!")
    document.add_comment(run, text="Верно", author=NAME, initials="МК")
    document.core_properties.author = document.core_properties.last_modified_by = NAME
    document.add_picture(io.BytesIO(photo(300, 200, turned=6)))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def plain(content: bytes, folder: Path) -> bytes:
    found = open_upload(io.BytesIO(content), folder)
    assert found.refused is None
    return (folder / found.plain).read_bytes()


def test_a_pdf_keeps_its_pages_and_loses_its_author(tmp_path: Path) -> None:
    with pypdfium2.PdfDocument(plain(signed_pdf(), tmp_path)) as document:
        assert len(document) == 2
        assert not {"Author", "Title"} & set(document.get_metadata_dict(skip_empty=True))


def test_a_pdf_that_says_nothing_of_itself_stays_as_it_is(tmp_path: Path) -> None:
    assert open_upload(io.BytesIO(pdf(2)), tmp_path).plain == ""


def test_a_word_document_keeps_its_words_and_loses_every_name(tmp_path: Path) -> None:
    content = plain(signed_docx(), tmp_path)
    document = docx.Document(io.BytesIO(content))
    assert document.paragraphs[0].text == "Мы взвесили улей.!"
    assert (document.core_properties.author, document.core_properties.last_modified_by) == ("", "")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.namelist():
            assert NAME.encode() not in parts.read(part), part
        pictures = [parts.read(part) for part in parts.namelist() if part.startswith("word/media/")]
    assert pictures
    for picture in pictures:
        assert b"GPS" not in picture
        assert "Маша дома".encode() not in picture


def test_a_photograph_in_a_paper_keeps_which_way_is_up() -> None:
    with Image.open(io.BytesIO(plain_jpeg(photo(turned=6)))) as picture:
        assert dict(picture.getexif()) == {0x0112: 6}
        assert picture.size == (1200, 800)
        picture.load()
    assert plain_jpeg(b"\xff\xd8\xff\xe1") == b"\xff\xd8"
