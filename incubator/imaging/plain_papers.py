"""An office document for those who must not learn from it who wrote it: without the names and places that programs write beside the text.

Word puts the account's owner into every document, and a photograph in it says where it was taken. What its author typed stays.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from PIL import Image

from incubator.imaging.limits import UNPACKED
from incubator.imaging.opened import NotAccepted, Refused
from incubator.imaging.plain_pdf import without_words

_NO_PROPERTIES = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
#: Who commented or changed something, as attributes of Word and of PowerPoint.
_AUTHORS = {
    "word/": re.compile(rb"""(\b(?:w|w15):(?:author|initials|userId|providerId)=)("[^"]*"|'[^']*')"""),
    "ppt/commentAuthors": re.compile(rb"""(\b(?:name|initials)=)("[^"]*"|'[^']*')"""),
    "ppt/authors": re.compile(rb"""(\b(?:name|initials|userId|providerId)=)("[^"]*"|'[^']*')"""),
    "xl/persons/": re.compile(rb"""(\b(?:displayName|userId|providerId)=)("[^"]*"|'[^']*')"""),
    "xl/comments": re.compile(rb"""(<author>)([^<]*)(?=</author>)"""),
}
#: Documents within documents: the table behind a chart.
_EMBEDDED, _DEEPEST = (".xlsx", ".docx", ".pptx"), 3
_EXIF, _ORIENTATION, _POSITION = 0xE1, 0x0112, 0x8825
#: The chunks of a PNG with words or places.
_SPEAKING_CHUNKS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}
_PNG = b"\x89PNG\r\n\x1a\n"
#: Segments of a JPEG with words or places: Exif and XMP, IPTC, a comment.
_SPEAKING = {_EXIF, 0xED, 0xFE}


def plain_office(document: zipfile.ZipFile, file: Path | IO[bytes], *, depth: int = 1) -> None:
    """Write the document into ``file`` without its properties, the names of who commented, and what cameras wrote.

    Raises NotAccepted for a picture in it that says where it was taken and cannot be read apart.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for part in document.infolist():
            if not part.is_dir():
                out.writestr(
                    zipfile.ZipInfo(part.filename),
                    _plain_part(part.filename, document.read(part), depth),
                    zipfile.ZIP_DEFLATED,
                )


def _plain_part(name: str, content: bytes, depth: int) -> bytes:
    if name in _NO_PROPERTIES:
        return _NO_PROPERTIES[name]
    if name.endswith(_EMBEDDED) and zipfile.is_zipfile(BytesIO(content)):
        return _plain_embedded(content, depth + 1)
    if name.endswith(".xml"):
        for start, authors in _AUTHORS.items():
            if name.startswith(start):
                return authors.sub(rb"\1" if start == "xl/comments" else rb'\1""', content)
        return content
    return _plain_picture(content)


def _plain_embedded(content: bytes, depth: int) -> bytes:
    if depth > _DEEPEST:
        raise NotAccepted(Refused.BROKEN)
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as document:
        if sum(part.file_size for part in document.infolist()) > UNPACKED:
            raise NotAccepted(Refused.BROKEN)
        plain_office(document, out, depth=depth)
    return out.getvalue()


def _plain_picture(content: bytes) -> bytes:
    if content.startswith(b"\xff\xd8\xff"):
        return plain_jpeg(content)
    if content.startswith(_PNG):
        return b"".join(_plain_chunks(content))
    try:
        with Image.open(BytesIO(content), formats=("TIFF", "WEBP", "HEIF")) as picture:
            says_where = _POSITION in picture.getexif()
    except Exception:  # noqa: BLE001 - no picture that anybody can open
        return content
    if says_where:
        raise NotAccepted(Refused.UNCLEAN)
    return content


def _plain_chunks(content: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while at + 8 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        if content[at + 4 : at + 8] not in _SPEAKING_CHUNKS:
            yield content[at:end]
        at = end


def plain_jpeg(content: bytes) -> bytes:
    """Return a JPEG with the same pixels and, of what is written beside them, only which way is up."""
    kept, at = [b"\xff\xd8", _upright(content)], 2
    while content[at : at + 1] == b"\xff" and content[at + 1] not in (0xDA, 0xD9):
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if content[at + 1] not in _SPEAKING:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, without_words(content[at:])])  # behind its end some phones hang a second picture


def _upright(content: bytes) -> bytes:
    """Return a segment that says which way is up; nothing if it says nothing else than what is usual."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as picture:
            turned = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - no picture that anybody can open: it stays as it is, without these segments
        return b""
    if turned == 1:
        return b""
    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    said = exif.tobytes()
    return b"\xff\xe1" + (len(said) + 2).to_bytes(2) + said
