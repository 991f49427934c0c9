"""The process that opens an upload, and writes what is served of it into a folder: ``python -m incubator.imaging.reader FOLDER < upload``.

Pictures come out upright, in a few widths, and with nothing but pixels: what a phone writes beside them says where a child lives.
"""

import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

import msgspec
import pillow_heif
import pypdfium2
from PIL import Image, ImageCms, ImageOps

from incubator.core.child_process import limit_itself
from incubator.core.disk import free_bytes, is_disk_full
from incubator.imaging import limits
from incubator.imaging.opened import Drawing, NotAccepted, OpenedUpload, Refused, Sort
from incubator.imaging.paper_words import words_of_office, words_of_pdf
from incubator.imaging.plain_papers import plain_office
from incubator.imaging.plain_pdf import plain_pdf

_WEBP, _JPEG = "image/webp", "image/jpeg"
_PLAIN = "plain"
_OFFICE = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
#: The brands of HEIF files that hold a still picture coded as HEVC.
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


def open_upload(source: IO[bytes], folder: Path) -> OpenedUpload:
    """Return what ``source`` is, by its content, with its drawings in ``folder``."""
    head = source.read(32)
    source.seek(0)
    try:
        if head.startswith(b"%PDF-"):
            return _pdf(source, folder)
        if head.startswith(b"PK\x03\x04"):
            return _office(source, folder)
        if _is_picture(head):
            return _picture(source, folder)
    except NotAccepted as refusal:
        return OpenedUpload(refused=refusal.why)
    except MemoryError:
        return OpenedUpload(refused=Refused.PIXELS)
    except Exception as error:  # noqa: BLE001 - of a stranger's file anything can be wrong
        has_room = not is_disk_full(error) and free_bytes(folder) > limits.LEAST_ROOM
        return OpenedUpload(refused=Refused.BROKEN if has_room else Refused.NO_ROOM)
    return OpenedUpload(refused=Refused.UNKNOWN)


def _is_picture(head: bytes) -> bool:
    return (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS)
    )


def _picture(source: IO[bytes], folder: Path) -> OpenedUpload:
    Image.MAX_IMAGE_PIXELS = None  # compared below, before anything is decoded
    pillow_heif.register_heif_opener(thumbnails=False)
    with Image.open(source, formats=("JPEG", "PNG", "WEBP", "HEIF")) as opened:
        if opened.width * opened.height > limits.MOST_PIXELS:
            raise NotAccepted(Refused.PIXELS)
        opened.draft("RGB", (2 * limits.WIDTHS[-1], 2 * limits.WIDTHS[-1]))
        upright = ImageOps.exif_transpose(opened)
        plain = _in_screen_colours(upright)
    width = min(plain.width, limits.WIDTHS[-1], max(1, plain.width * limits.HIGHEST // plain.height))
    drawings = list(_in_widths(plain, width, folder))
    largest = drawings[-1]
    return OpenedUpload(Sort.PICTURE, _JPEG, "jpg", largest.width, largest.height, drawings=drawings)


def _in_screen_colours(picture: Image.Image) -> Image.Image:
    """Return the picture in sRGB on white, without anything but its pixels."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    alpha = picture.convert("RGBA").getchannel("A") if picture.has_transparency_data else None
    plain = _in_srgb(picture).convert("RGB")
    clean = Image.new("RGB", plain.size, "white")
    clean.paste(plain, mask=alpha)
    return clean


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # no profile that anybody can read
        return picture
    return converted or picture


def _in_widths(picture: Image.Image, width: int, folder: Path) -> Iterator[Drawing]:
    """Write the picture in each width up to ``width``, the widest also as JPEG."""
    for each in [*(w for w in limits.WIDTHS if w < width), width]:
        smaller = _of_width(picture, each)
        yield _written(smaller, folder / f"0-{each}.webp", 0, _WEBP)
    yield _written(smaller, folder / f"0-{width}.jpg", 0, _JPEG)


def _of_width(picture: Image.Image, width: int) -> Image.Image:
    height = min(limits.HIGHEST, max(1, round(picture.height * width / picture.width)))
    if (width, height) == picture.size:
        return picture
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _written(picture: Image.Image, file: Path, page: int, media_type: str) -> Drawing:
    if media_type == _WEBP:
        picture.save(file, "WEBP", quality=78, method=4)
    else:
        picture.save(file, "JPEG", quality=82, optimize=True, progressive=True)
    return Drawing(file.name, page, picture.width, picture.height, media_type)


def _pdf(source: IO[bytes], folder: Path) -> OpenedUpload:
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise NotAccepted(Refused.LOCKED if "assword" in str(error) else Refused.BROKEN) from error
    with document:
        if not 1 <= len(document) <= limits.MOST_PAGES:
            raise NotAccepted(Refused.PAGES)
        drawings = list(_first_page(document, folder))
        first = drawings[-1]
        for number in range(1, min(len(document), limits.MOST_PAGES_DRAWN)):
            # A page of another size has the first one's width in its name: nobody who asks for it knows its own.
            file = folder / f"{number + 1}-{first.width}.webp"
            drawings.append(_written(_drawn(document, number), file, number + 1, _WEBP))
        return OpenedUpload(
            Sort.PDF, "application/pdf", "pdf", first.width, first.height, pages=len(document), drawings=drawings,
            plain=_PLAIN if plain_pdf(document, source, folder / _PLAIN) else "", words=words_of_pdf(document),
        )  # fmt: skip


def _first_page(document: pypdfium2.PdfDocument, folder: Path) -> Iterator[Drawing]:
    """Write the first page, before it a small one as its sign in a list."""
    drawn = _drawn(document, 0)
    if drawn.width > limits.WIDTHS[0]:
        small = _of_width(drawn, limits.WIDTHS[0])
        yield _written(small, folder / f"1-{small.width}.webp", 1, _WEBP)
    yield _written(drawn, folder / f"1-{drawn.width}.webp", 1, _WEBP)


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    page = document[number]
    width, height = max(1.0, page.get_width()), max(1.0, page.get_height())
    scale = min(limits.PAGE_WIDTH / width, limits.HIGHEST / height)
    drawn: Image.Image = page.render(scale=scale, draw_annots=False).to_pil().convert("RGB")
    return drawn


def _office(source: IO[bytes], folder: Path) -> OpenedUpload:
    """Return what an office document is. It is never drawn, only handed on."""
    with zipfile.ZipFile(source) as document:
        parts = document.infolist()
        if len(parts) > limits.MOST_PARTS or sum(part.file_size for part in parts) > limits.UNPACKED:
            raise NotAccepted(Refused.BROKEN)
        extension, media_type = _office_sort({part.filename for part in parts})
        plain_office(document, folder / _PLAIN)
        return OpenedUpload(Sort.OFFICE, media_type, extension, plain=_PLAIN, words=words_of_office(document))


def _office_sort(names: set[str]) -> tuple[str, str]:
    """Return extension and media type of a document with these parts."""
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise NotAccepted(Refused.MACROS)
    if "[Content_Types].xml" in names:
        for folder, found in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return found
    raise NotAccepted(Refused.UNKNOWN)


def main() -> None:
    """Read an upload from standard input, which is a file, and write what it is to standard output."""
    limit_itself(seconds=limits.SECONDS)
    sys.stdout.buffer.write(msgspec.json.encode(open_upload(sys.stdin.buffer, Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
