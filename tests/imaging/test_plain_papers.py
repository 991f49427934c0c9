"""Papers for those who must not learn from them who wrote them."""

import io
import re
import zipfile
import zlib
from pathlib import Path

import docx
import pypdfium2
import pytest
from PIL import Image

from incubator.imaging.opened import Refused
from incubator.imaging.plain_papers import plain_jpeg
from incubator.imaging.reader import open_upload
from tests.attachments.uploads import pdf, photo

NAME = "Мария Кузнецова"


def signed_pdf() -> bytes:
    out = io.BytesIO()
    pages = [Image.new("RGB", (960, 540), colour) for colour in ("teal", "white")]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], author=NAME, title=f"План, {NAME}")
    return out.getvalue()


def pdf_of(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF of one page with these objects from number 4 on; the page has the first one as its picture."""
    page = b"/Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 5 0 R/Resources<</XObject<</P 4 0 R>>>>"
    annots = b"/Annots[7 0 R 8 0 R]" if len(objects) > 3 else b""
    drawing = stream(b"q 300 0 0 200 0 0 cm /P Do Q")
    numbered = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<<" + page + annots + b">>",
        objects[0], drawing, *objects[1:],
    ]  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(numbered, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(numbered) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, len(out))
    )


def stream(content: bytes, said: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (said, len(content), content)


def photo_stream(content: bytes, filters: bytes, *, said: bytes = b"") -> bytes:
    what = b"/Type/XObject/Subtype/Image/Width 300/Height 200/ColorSpace/DeviceRGB/BitsPerComponent 8"
    return stream(content, what + b"/Filter" + filters + said)


def words_in(content: bytes) -> bytes:
    """Return everything that a file says, what is packed in it as well."""
    said = content
    for found in re.finditer(rb"stream\r?\n", content):
        try:
            said += zlib.decompressobj().decompress(content[found.end() :])
        except zlib.error:
            continue
    return said


TAKEN = photo(300, 200)
XMP = f'<?xpacket begin=""?><x:xmpmeta><dc:creator>{NAME}</dc:creator></x:xmpmeta><?xpacket end="w"?>'.encode()
PLACES = {
    "a photograph": pdf_of(photo_stream(TAKEN, b"/DCTDecode")),
    "a photograph packed once more": pdf_of(photo_stream(zlib.compress(TAKEN, 9), b"[/FlateDecode/DCTDecode]")),
    "what a picture says": pdf_of(
        photo_stream(photo(300, 200), b"/DCTDecode", said=b"/Metadata 6 0 R"),
        stream(zlib.compress(XMP), b"/Type/Metadata/Filter/FlateDecode"),
    ),
    "a remark, and a signature": pdf_of(
        photo_stream(TAKEN, b"/DCTDecode"), b"<</Type/Sig/Name(Maria Kuznetsova)/Contents<00>>>",
        f"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T({NAME})/Contents(fine)>>".encode(),
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(field)/Rect[0 0 9 9]/V 6 0 R>>",
    ),
    "an earlier state of the file": pdf_of(
        photo_stream(TAKEN, b"/DCTDecode"), f"<</Author({NAME})>>".encode(), trailer=b"/Info 6 0 R"
    ) + b"trailer\n<</Size 7/Root 1 0 R/Info 9 0 R>>\nstartxref\n0\n%%EOF\n",
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_pdf_says_of_nobody_where_they_were_and_who_they_are(place: str, tmp_path: Path) -> None:
    before = words_in(PLACES[place])
    assert any(each in before for each in (b"Exif", NAME.encode()))
    content = plain(PLACES[place], tmp_path)
    for each in (NAME.encode(), "Маша дома".encode(), b"Kuznetsova", b"xmpmeta", b"Exif"):
        assert each not in words_in(content), each
    assert _drawn(content) == _drawn(PLACES[place])


def _drawn(content: bytes) -> bytes:
    with pypdfium2.PdfDocument(content) as document:
        picture = document[0].render(draw_annots=False).to_pil()
        assert len(picture.getcolors() or [1, 2]) > 1, "the photograph is there"
        return bytes(picture.tobytes())


def test_a_photograph_in_a_pdf_that_cannot_be_cleaned_is_refused(tmp_path: Path) -> None:
    letters = pdf_of(photo_stream(TAKEN.hex().encode() + b">", b"[/ASCIIHexDecode/DCTDecode]"))
    assert open_upload(io.BytesIO(letters), tmp_path).refused is Refused.UNCLEAN


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


def test_a_table_within_a_presentation_and_its_pictures_say_nothing_either(tmp_path: Path) -> None:
    book, deck = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("docProps/core.xml", f"<dc:creator>{NAME}</dc:creator>")
        parts.writestr("xl/comments1.xml", f"<authors><author>{NAME}</author></authors>")
        parts.writestr("xl/worksheets/sheet1.xml", "<v>7</v>")
    with zipfile.ZipFile(deck, "w") as parts:
        parts.writestr("[Content_Types].xml", "<x/>")
        parts.writestr("ppt/presentation.xml", "<x/>")
        parts.writestr("ppt/embeddings/table.xlsx", book.getvalue())
        parts.writestr("ppt/media/image1.png", photo(30, 20, format="PNG"))
    with zipfile.ZipFile(io.BytesIO(plain(deck.getvalue(), tmp_path))) as found:
        with zipfile.ZipFile(io.BytesIO(found.read("ppt/embeddings/table.xlsx"))) as table:
            assert all(NAME.encode() not in table.read(part) for part in table.namelist())
            assert table.read("xl/worksheets/sheet1.xml") == b"<v>7</v>"
            assert table.read("xl/comments1.xml") == b"<authors><author></author></authors>"
        with Image.open(io.BytesIO(found.read("ppt/media/image1.png"))) as picture:
            picture.load()
            assert (picture.size, dict(picture.getexif())) == ((30, 20), {})


def test_a_document_with_a_picture_that_says_where_it_was_taken_and_cannot_be_read_apart_is_refused(
    tmp_path: Path,
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("[Content_Types].xml", "<x/>")
        parts.writestr("word/document.xml", "<x/>")
        parts.writestr("word/media/image1.webp", photo(30, 20, format="WEBP"))
    assert open_upload(io.BytesIO(out.getvalue()), tmp_path).refused is Refused.UNCLEAN


def test_a_second_picture_behind_the_first_says_nothing_either() -> None:
    assert b"Exif" not in plain_jpeg(photo(30, 20) + photo(30, 20))
