"""What is written in a paper, as plain text, so that names in it are found. What is only drawn there, as in a scan, is not."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape

import pypdfium2

from incubator.imaging.limits import MOST_WORDS

#: A word that is divided at the end of a line; PDFium reads such a hyphen as U+FFFE or U+0002.
_DIVIDED = re.compile("(?<=\\w)[-\u00ad\u2010\ufffe\x02]\r?\n(?=[^\\W\\d_])")
#: What no database stores, and nobody reads.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: In Word and in PowerPoint alike: a run of letters, the end of a paragraph or of a cell, a tab or a new line.
_OFFICE = re.compile(
    r"<(?:\w+:)?t(?:\s[^>]*)?>(?P<letters>[^<]*)</|(?P<end></(?:\w+:)?(?:p|text)>)|<(?:\w+:)?(?:tab|br|cr)\b"
)
_TEXTS = ("word/", "ppt/")


def words_of_pdf(document: pypdfium2.PdfDocument) -> str:
    """Return the text of all pages."""
    return _joined(document[number].get_textpage().get_text_bounded() for number in range(len(document)))


def words_of_office(document: zipfile.ZipFile) -> str:
    """Return the text of a document of Word or PowerPoint, with notes, comments, headers and footers."""
    names = (each for each in document.namelist() if each.startswith(_TEXTS) and each.endswith(".xml"))
    return _joined(_text_of(document.read(name)) for name in names)


def _text_of(part: bytes) -> str:
    xml = part.decode("utf-16" if part[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    return "".join(
        unescape(each["letters"]) if each["letters"] is not None else "\n" if each["end"] else " "
        for each in _OFFICE.finditer(xml)
    )


def _joined(texts: Iterator[str]) -> str:
    """Return the texts, one after the other, up to ``MOST_WORDS`` characters."""
    found = ""
    for text in texts:
        if plain := _UNREADABLE.sub("", _DIVIDED.sub("", text)).strip():
            found += f"{plain}\n"
        if len(found) > MOST_WORDS:
            break
    return found[:MOST_WORDS]
