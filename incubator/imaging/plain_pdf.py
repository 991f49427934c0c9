"""A PDF for those who must not learn from it who wrote it: its pages, without what programs and cameras write beside them.

What stands in the stream of a picture is overwritten where it is, so that every other byte stays as it was (ISO 32000-1, 7.3.8).
"""

import ctypes
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pypdfium2
from pypdfium2 import raw

from incubator.imaging.opened import NotAccepted, Refused

#: What a PDF says of itself that a person has written, or their program for them.
_SAID = ("Author", "Title", "Subject", "Keywords")
#: Segments of a JPEG: Exif and XMP (Exif 2.32, 4.7.2; XMP part 3, 1.1.3), and those of Photoshop, with IPTC in them.
_SEGMENT = re.compile(
    rb"\xff\xe1..(?=Exif\0|http://ns\.adobe\.com/x)|\xff\xed..(?=Photoshop |Adobe_Photoshop)|\xff\xd8\xff\xfe..", re.S
)
_PACKET = re.compile(
    rb"<\?xpacket begin.*?<\?xpacket end[^>]{0,20}>|<x:xmpmeta.*?</x:xmpmeta>|<rdf:RDF.*?</rdf:RDF>", re.S
)
_STREAM = re.compile(rb"\bstream\r?\n")
#: Bytes at the beginning of a stream by which one sees what it is, and the largest that is read.
_HEAD, _LARGEST = 512, 100 * 1024 * 1024
_JPEG, _JPEG_IN_LETTERS = b"\xff\xd8\xff", re.compile(rb"\s*(?:s4IA|(?i:FFD8FF))")


def plain_pdf(document: pypdfium2.PdfDocument, source: IO[bytes], file: Path) -> bool:
    """Write the pages alone into ``file``; return False, and write nothing, if the document says nothing beside them.

    Raises NotAccepted for one that says something which cannot be taken out. Annotations of ``document`` lose their authors.
    """
    source.seek(0)
    if not _says_anything(document, source.read()):
        return False
    _take_authors_off(document)
    out = BytesIO()
    try:
        with pypdfium2.PdfDocument.new() as pages:
            pages.import_pages(document)
            pages.save(out)
    except pypdfium2.PdfiumError as error:
        raise NotAccepted(Refused.UNCLEAN) from error
    file.write_bytes(without_words_in_streams(out.getvalue()))
    return True


def _says_anything(document: pypdfium2.PdfDocument, content: bytes) -> bool:
    if any(document.get_metadata_value(each).strip() for each in _SAID):
        return True
    if raw.FPDF_GetSecurityHandlerRevision(document) != -1 or content.count(b"startxref") > 1:
        return True  # what it says is enciphered, or stands in an earlier state of the file
    return any(True for _ in _authored(document)) or without_words_in_streams(content) != content


def _authored(document: pypdfium2.PdfDocument) -> Iterator[Any]:
    """Yield the annotations that say who made them: remarks their author, fields their signature (ISO 32000-1, 12.5.6.2, 12.8.1)."""
    for number in range(len(document)):
        page = document[number]
        for which in range(raw.FPDFPage_GetAnnotCount(page)):
            annotation = raw.FPDFPage_GetAnnot(page, which)
            if annotation and _is_authored(annotation):
                yield annotation
            raw.FPDFPage_CloseAnnot(annotation)
        page.close()


def _is_authored(annotation: Any) -> bool:
    if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
        return raw.FPDFAnnot_GetValueType(annotation, b"V") in (raw.FPDF_OBJECT_DICTIONARY, raw.FPDF_OBJECT_REFERENCE)
    return bool(raw.FPDFAnnot_HasKey(annotation, b"T"))


def _take_authors_off(document: pypdfium2.PdfDocument) -> None:
    for annotation in _authored(document):
        for key in (b"T", b"V"):
            if raw.FPDFAnnot_HasKey(annotation, key):
                raw.FPDFAnnot_SetStringValue(annotation, key, (ctypes.c_ushort * 1)())


def without_words_in_streams(content: bytes) -> bytes:
    """Return a PDF of the same length in which no picture says who made it, where and when, and nothing else is said in XMP."""
    plain = bytearray(without_words(content))
    for found in _STREAM.finditer(content):
        start = found.end()
        head = bytes(plain[start : start + _HEAD])
        if _JPEG_IN_LETTERS.match(head):
            raise NotAccepted(Refused.UNCLEAN)
        if _is_deflated(head):
            _clean_deflated(plain, start)
    return bytes(plain)


def _is_deflated(head: bytes) -> bool:
    """Return whether it begins as zlib does (RFC 1950, 2.2), and unpacks to a picture or to XMP."""
    if len(head) < 2 or head[0] & 15 != 8 or int.from_bytes(head[:2]) % 31:
        return False
    try:
        begins = zlib.decompressobj().decompress(head, _HEAD)
    except zlib.error:
        return False
    return begins.startswith(_JPEG) or b"<?xpacket" in begins or b"<x:xmpmeta" in begins


def _clean_deflated(content: bytearray, start: int) -> None:
    unpacking = zlib.decompressobj()
    end = content.find(b"endstream", start)
    with memoryview(content)[start : end if end > 0 else len(content)] as packed:
        unpacked = unpacking.decompress(packed, _LARGEST)
        length = len(packed) - len(unpacking.unused_data)
    plain = without_words(unpacked)
    if plain == unpacked:
        return
    packed_again = zlib.compress(plain, 9)
    if unpacking.unconsumed_tail or len(packed_again) > length:
        raise NotAccepted(Refused.UNCLEAN)
    content[start : start + length] = packed_again.ljust(length, b"\0")


def without_words(content: bytes) -> bytes:
    """Return bytes of the same length without what stands in segments of JPEG for words and places, and in packets of XMP."""
    plain = bytearray(content)
    for found in _SEGMENT.finditer(content):
        end = found.end() - 2 + int.from_bytes(content[found.end() - 2 : found.end()])
        if found.end() <= end <= len(content):
            plain[found.end() : end] = bytes(end - found.end())
    for found in _PACKET.finditer(content):
        plain[found.start() : found.end()] = b" " * (found.end() - found.start())
    return bytes(plain)
