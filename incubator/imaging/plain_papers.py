"""A paper for those who must not learn from it who wrote it: without the names and places that programs write beside the text.

Word puts the account's owner into every document, and a photograph in it says where it was taken. What its author typed stays.
"""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import IO

import pypdfium2
from PIL import Image

#: What a PDF says of itself that a person has written, or their program for them.
_SAID = ("Author", "Title", "Subject", "Keywords")
_XMP = b"<?xpacket"
_CHUNK = 1024 * 1024

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
}
_EXIF, _ORIENTATION = 0xE1, 0x0112
#: Segments of a JPEG with words or places: Exif and XMP, IPTC, a comment.
_SPEAKING = {_EXIF, 0xED, 0xFE}


def plain_pdf(document: pypdfium2.PdfDocument, source: IO[bytes], file: Path) -> bool:
    """Write the pages alone into ``file``; return False, and write nothing, if the document says nothing beside them."""
    if not any(document.get_metadata_value(each).strip() for each in _SAID) and not _holds(source, _XMP):
        return False
    with pypdfium2.PdfDocument.new() as pages:
        pages.import_pages(document)
        pages.save(file)
    return True


def _holds(source: IO[bytes], words: bytes) -> bool:
    source.seek(0)
    end = b""
    while chunk := source.read(_CHUNK):
        if words in end + chunk:
            return True
        end = chunk[-len(words) :]
    return False


def plain_office(document: zipfile.ZipFile, file: Path) -> None:
    """Write the document into ``file`` without its properties, the names of who commented, and what cameras wrote."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for part in document.infolist():
            if not part.is_dir():
                out.writestr(
                    zipfile.ZipInfo(part.filename),
                    _plain_part(part.filename, document.read(part)),
                    zipfile.ZIP_DEFLATED,
                )


def _plain_part(name: str, content: bytes) -> bytes:
    if name in _NO_PROPERTIES:
        return _NO_PROPERTIES[name]
    if content.startswith(b"\xff\xd8\xff"):
        return plain_jpeg(content)
    if name.endswith(".xml"):
        for start, authors in _AUTHORS.items():
            if name.startswith(start):
                return authors.sub(rb'\1""', content)
    return content


def plain_jpeg(content: bytes) -> bytes:
    """Return a JPEG with the same pixels and, of what is written beside them, only which way is up."""
    kept, at = [b"\xff\xd8", _upright(content)], 2
    while content[at : at + 1] == b"\xff" and content[at + 1] not in (0xDA, 0xD9):
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if content[at + 1] not in _SPEAKING:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])


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
