"""Uploads as people make them: photographs from a phone, presentations, papers."""

import io
import zipfile
from collections.abc import AsyncIterator

from PIL import Image, ImageDraw

from incubator.attachments.attach import attach
from incubator.people.tables import Person
from incubator.projects.kinds.file_ref import FileRef
from tests.cast import Cast

KEY = "pictures"
#: Where the child of the photograph lives, as a phone writes it.
_POSITION = {1: "N", 2: (59.0, 56.0, 19.0), 3: "E", 4: (30.0, 18.0, 30.0)}


def photo(
    width: int = 1200, height: int = 800, *, format: str = "JPEG", colour: str = "teal", turned: int = 1
) -> bytes:
    """Return a picture with everything in it that a phone writes; ``turned``: its EXIF orientation."""
    picture = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(picture).rectangle((0, 0, width // 3, height // 3), fill="white")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x8825] = turned, "Маша дома", _POSITION
    out = io.BytesIO()
    picture.save(out, format, exif=exif)
    return out.getvalue()


def pdf(pages: int = 3, *, size: tuple[int, int] = (960, 540)) -> bytes:
    drawn = [Image.new("RGB", size, (40 * n % 255, 120, 90)) for n in range(pages)]
    out = io.BytesIO()
    drawn[0].save(out, "PDF", save_all=True, append_images=drawn[1:])
    return out.getvalue()


def office(folder: str = "word/", *, extra: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in filter(None, ("[Content_Types].xml", f"{folder}document.xml", extra)):
            parts.writestr(name, "<x/>")
    return out.getvalue()


async def in_chunks(content: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def attached(
    cast: Cast, content: bytes | None = None, *, name: str = "IMG_1.jpg", key: str = KEY, by: Person | None = None
) -> FileRef:
    """Attach an upload to the project's section of files."""
    chunks = in_chunks(photo() if content is None else content)
    return await attach(cast.project.id, key, chunks, name=name, by=by or cast.captain)
