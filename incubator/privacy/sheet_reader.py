"""The process that opens photographs and scans of sheets: strangers' files, so it has limits, and only it ends if one breaks it.

From one file come its pages as upright JPEG pictures without what a phone writes into them, each with the QR codes on it.
"""

import base64
import io
import sys
from collections.abc import Iterator
from warnings import simplefilter

import msgspec
import pypdfium2
import zxingcpp
from PIL import Image, ImageOps

from incubator.core.child_process import limit_itself
from incubator.privacy.sheet_page import SheetPage

#: Pages of one file; a class of thirty has ninety sheets.
MOST_PAGES = 120
#: Pixels of a picture: what a phone of today takes, and a decompression bomb does not fit.
MOST_PIXELS = 60_000_000
#: Bytes of address space; the libraries alone map some hundreds of megabytes.
MEMORY = 3 * 1024**3
#: Seconds of processor time.
SECONDS = 90
#: The longer side of what is kept, in pixels: a sheet of A4 at 200 dots an inch, on which a signature is clear.
_KEPT, _QUALITY = 2200, 70
#: Scale at which a page of a PDF is drawn, of 72 dots an inch.
_SCALE = 200 / 72
_FORMATS = ("JPEG", "PNG", "WEBP")


class NotASheet(Exception):
    """Neither a picture nor a PDF that can be read."""


def pages_of(content: bytes) -> Iterator[SheetPage]:
    """Yield the pages of a file. Raises NotASheet."""
    try:
        for picture in _pictures(content):
            yield SheetPage(base64.b64encode(_kept(picture)).decode(), _codes(picture))
    except NotASheet:
        raise
    except Exception as error:  # of a stranger's file anything can be wrong
        raise NotASheet(f"{type(error).__name__}: {error}"[:200]) from error


def _pictures(content: bytes) -> Iterator[Image.Image]:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        with pypdfium2.PdfDocument(content) as document:
            if len(document) > MOST_PAGES:
                raise NotASheet(f"{len(document)} pages")
            for page in document:
                scale = min(_SCALE, (MOST_PIXELS / max(1.0, page.get_width() * page.get_height())) ** 0.5)
                yield page.render(scale=scale, grayscale=True).to_pil()
        return
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise NotASheet(f"{picture.width} x {picture.height} pixels")
        picture.draft("L", (_KEPT * 2, _KEPT * 2))
        yield ImageOps.exif_transpose(picture).convert("L")


def _codes(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [each.text for each in found]


def _kept(picture: Image.Image) -> bytes:
    """Return the picture as it is kept: in grey, no larger than needed, and nothing but pixels."""
    picture = picture.copy()
    picture.thumbnail((_KEPT, _KEPT))
    out = io.BytesIO()
    Image.frombytes("L", picture.size, picture.tobytes()).save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def main() -> None:
    """Read a file from standard input, write one page per line to standard output and errors to standard error."""
    limit_itself(seconds=SECONDS, memory=MEMORY)
    simplefilter("error", Image.DecompressionBombWarning)
    try:
        for page in pages_of(sys.stdin.buffer.read()):
            sys.stdout.buffer.write(msgspec.json.encode(page) + b"\n")
    except NotASheet as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
