"""The process that opens uploads: what it makes of good ones, and how it ends with bad ones."""

import io
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import msgspec
import pillow_heif
import pypdfium2
import pytest
import typst
from PIL import Image

from incubator.config import ROOT
from incubator.imaging import limits
from incubator.imaging.opened import OpenedUpload, Refused, Sort
from incubator.imaging.reader import open_upload
from incubator.projects.kinds.file_ref import FileRef
from tests.attachments.uploads import office, pdf, photo

HOSTILE = ROOT.parent / "shared" / "data" / "bad_input" / "files"
#: What Pillow says of a file that is nothing but pixels.
PLAIN = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression", "background", "loop", "timestamp", "duration"}  # fmt: skip


def opened(content: bytes, folder: Path) -> OpenedUpload:
    return open_upload(io.BytesIO(content), folder)


def by_process(content: bytes, folder: Path) -> tuple[int, OpenedUpload | None]:
    """Return how the process ended, and what it said."""
    upload = folder / "upload"
    upload.write_bytes(content)
    (folder / "out").mkdir(exist_ok=True)
    with upload.open("rb") as source:
        done = subprocess.run(
            [sys.executable, "-m", "incubator.imaging.reader", str(folder / "out")], stdin=source, capture_output=True,
            timeout=120, check=False, cwd=ROOT,
        )  # fmt: skip
    return done.returncode, msgspec.json.decode(done.stdout, type=OpenedUpload) if done.returncode == 0 else None


def assert_only_pixels(folder: Path) -> None:
    for path in folder.iterdir():
        with Image.open(path) as picture:
            assert not picture.getexif(), path
            assert set(picture.info) <= PLAIN, path
            assert b"GPS" not in path.read_bytes()


def test_a_picture_comes_in_its_widths_with_jpeg_behind(tmp_path: Path) -> None:
    found = opened(photo(2400, 1600), tmp_path)
    assert (found.sort, found.width, found.height) == (Sort.PICTURE, 1600, 1067)
    assert [(each.file, each.width) for each in found.drawings] == [
        ("0-480.webp", 480), ("0-960.webp", 960), ("0-1600.webp", 1600), ("0-1600.jpg", 1600),
    ]  # fmt: skip
    assert_only_pixels(tmp_path)


def test_a_small_picture_is_not_made_larger(tmp_path: Path) -> None:
    assert [each.file for each in opened(photo(300, 200), tmp_path).drawings] == ["0-300.webp", "0-300.jpg"]


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_phone_held_in_any_way_gives_an_upright_picture(tmp_path: Path, turned: int) -> None:
    found = opened(photo(600, 400, turned=turned), tmp_path)
    assert (found.width, found.height) == ((600, 400) if turned < 5 else (400, 600))
    with Image.open(tmp_path / found.drawings[-1].file) as picture:
        corners = [(5, 5), (picture.width - 6, 5), (5, picture.height - 6), (picture.width - 6, picture.height - 6)]
        grey = picture.convert("L").tobytes()
        white = [grey[y * picture.width + x] > 200 for x, y in corners]
    expected = {1: 0, 2: 1, 3: 3, 4: 2, 5: 0, 6: 1, 7: 3, 8: 2}[turned]
    assert white.index(True) == expected


def test_a_picture_from_an_iphone_loses_its_position(tmp_path: Path) -> None:
    out = io.BytesIO()
    with Image.open(io.BytesIO(photo())) as picture:
        pillow_heif.from_pillow(picture).save(out, exif=picture.getexif().tobytes())
    assert b"Exif" in out.getvalue()
    found = opened(out.getvalue(), tmp_path)
    assert (found.width, found.height) == (1200, 800)
    assert_only_pixels(tmp_path)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_kind_of_colour(tmp_path: Path, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (60, 40), None).save(out, "TIFF" if mode == "CMYK" else "PNG") if mode != "CMYK" else Image.new(
        mode, (60, 40)
    ).save(out, "JPEG")
    assert opened(out.getvalue(), tmp_path).refused is None


def test_what_shines_through_is_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (60, 40), (255, 0, 0, 0)).save(out, "PNG")
    opened(out.getvalue(), tmp_path)
    with Image.open(tmp_path / "0-60.jpg") as picture:
        assert picture.convert("RGB").getpixel((30, 20)) == (255, 255, 255)


def test_a_long_strip_fits_the_page(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("L", (200, 40_000)).save(out, "PNG")
    found = opened(out.getvalue(), tmp_path)
    assert found.height == limits.HIGHEST


def test_a_presentation_comes_page_by_page(tmp_path: Path) -> None:
    found = opened(pdf(3), tmp_path)
    assert (found.sort, found.pages, found.media_type) == (Sort.PDF, 3, "application/pdf")
    assert [each.page for each in found.drawings] == [1, 1, 2, 3]
    assert {each.width for each in found.drawings} == {480, 1280}


@pytest.mark.parametrize(
    "sizes", [[(960, 540), (100, 1000)], [(100, 1000), (960, 540)], [(197.3, 138.1), (120.3, 84.2)]]
)
def test_pages_of_any_size_are_where_a_reader_looks_for_them(tmp_path: Path, sizes: list[tuple[float, float]]) -> None:
    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        for size in [*sizes, *((107.3 + 7 * n, 80) for n in range(20))]:
            document.new_page(*size)
        document.save(out)
    found = opened(out.getvalue(), tmp_path)
    ref = FileRef(1, "0" * 16, "pdf", found.width, found.height, found.pages)
    asked = {ref.address(each) for each in ref.widths} | {ref.address(ref.width, page=n) for n in ref.pages_drawn}
    assert {each.partition("-")[2] for each in asked} == {each.file for each in found.drawings}


def test_of_a_thick_paper_the_first_pages_are_drawn(tmp_path: Path) -> None:
    found = opened(pdf(limits.MOST_PAGES_DRAWN + 3, size=(60, 40)), tmp_path)
    assert found.pages == limits.MOST_PAGES_DRAWN + 3
    assert max(each.page for each in found.drawings) == limits.MOST_PAGES_DRAWN


@pytest.mark.parametrize(("folder", "extension"), [("word/", "docx"), ("ppt/", "pptx")])
def test_office_documents_are_known_by_their_parts(tmp_path: Path, folder: str, extension: str) -> None:
    found = opened(office(folder), tmp_path)
    assert (found.sort, found.extension, found.drawings) == (Sort.OFFICE, extension, [])


def huge_png(side: int) -> bytes:
    """Return a PNG of ``side`` × ``side`` pixels in some kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + (side + 7) // 8)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf_bomb(depth: int = 12) -> bytes:
    """Return a PDF of a few kilobytes whose forms draw each other ten times over, ``depth`` levels deep."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, _stream(b"/X Do " * 10)]
    for level in range(depth):
        deeper = level < depth - 1
        resources = b"/Resources<</XObject<</X %d 0 R>>>>" % (6 + level) if deeper else b""
        drawn = b"/X Do " * 10 if deeper else b"0 0 600 800 re f "
        objects.append(_stream(drawn, b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]" + resources))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Refused.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", Refused.UNKNOWN),
        (b"<html><script>alert(1)</script>", Refused.UNKNOWN),
        (b"GIF89a" + bytes(100), Refused.UNKNOWN),
        (b"%PDF-1.7\nno document", Refused.BROKEN),
        (photo()[:3000], Refused.BROKEN),
        (office("word/", extra="word/vbaProject.bin"), Refused.MACROS),
        (office("xl/"), Refused.UNKNOWN),
        (b"PK\x03\x04" + bytes(200), Refused.BROKEN),
        (huge_png(50_000), Refused.PIXELS),
    ],
)
def test_what_is_not_accepted_says_why(tmp_path: Path, content: bytes, why: Refused) -> None:
    assert opened(content, tmp_path).refused is why
    assert not list(tmp_path.iterdir())


def test_a_picture_with_a_page_behind_it_is_only_a_picture(tmp_path: Path) -> None:
    opened(photo() + b"<html><script>alert(1)</script>", tmp_path)
    assert not any(b"script" in path.read_bytes() for path in tmp_path.iterdir())


def test_a_bomb_ends_the_process_that_opened_it_and_nothing_else(tmp_path: Path) -> None:
    code, said = by_process(pdf_bomb(), tmp_path)
    assert said is None
    assert code != 0


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="needs ../shared/data")
def test_every_malicious_file_ends_in_a_picture_of_pixels_or_a_clear_answer(tmp_path: Path) -> None:
    names = []
    for path in sorted(HOSTILE.iterdir()):
        folder = tmp_path / path.name
        folder.mkdir()
        found = opened(path.read_bytes(), folder)
        assert (found.sort is Sort.PICTURE and found.drawings) if found.refused is None else not list(folder.iterdir())
        assert_only_pixels(folder)
        names += [path.name] if found.refused is None else []
    assert {name.rpartition(".")[2] for name in names} == {"jpg", "png"}


def test_what_is_written_in_a_pdf_is_read_also_where_lines_and_words_are_divided(tmp_path: Path) -> None:
    content = typst.compile(
        '#set page(width: 50mm)\n#set text(lang: "ru", hyphenate: true)\n'
        "Взвешивала Мария Константинопольская, записывала Мария Кузнецова".encode()
    )
    words = opened(content, tmp_path).words
    assert {"Константинопольская", "Кузнецова", "записывала"} <= set(re.findall(r"\w+", words))


def test_of_a_scan_no_word_is_read(tmp_path: Path) -> None:
    assert opened(pdf(2), tmp_path).words == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "content", [photo(60, 40), pdf(1, size=(400, 300)), office()], ids=["picture", "pdf", "office"]
)
def test_a_full_disk_is_not_said_to_be_a_broken_file(tmp_path: Path, content: bytes) -> None:
    for name in ("0-60.webp", "1-480.webp", "plain"):
        (tmp_path / name).symlink_to("/dev/full")
    assert opened(content, tmp_path).refused is Refused.NO_ROOM
