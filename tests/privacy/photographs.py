"""Printed sheets as they come back: photographed by hand, or from a scanner."""

import io

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter


def photographed(pdf: bytes, *, angle: float = 3.0) -> list[bytes]:
    """Return each page as somebody photographs it on a desk: turned, blurred, darker at one side, a strong JPEG with a place in it."""
    return [_photo(page, angle) for page in _pages(pdf)]


def scanned(pdf: bytes) -> bytes:
    """Return the pages as a school's scanner sends them: one PDF of pictures, in grey."""
    pages = [page.convert("L") for page in _pages(pdf)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


def without_code(pdf: bytes) -> bytes:
    """Return the first page with a coffee stain on its code."""
    page = _pages(pdf)[0]
    ImageDraw.Draw(page).ellipse((page.width * 0.7, 0, page.width, page.height * 0.2), fill=(120, 80, 40))
    return _photo(page, 0)


def _pages(pdf: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [_signed(page.render(scale=150 / 72).to_pil().convert("RGB")) for page in document]


def _signed(page: Image.Image) -> Image.Image:
    ImageDraw.Draw(page).line([(300, 1180), (360, 1120), (420, 1190), (520, 1130)], fill=(20, 30, 120), width=4)
    return page


def _photo(page: Image.Image, angle: float) -> bytes:
    desk = Image.new("RGB", (page.width + 300, page.height + 300), (94, 80, 66))
    desk.paste(page, (150, 150))
    shade = Image.linear_gradient("L").rotate(90).resize(desk.size).point(lambda value: 150 + value // 3)
    desk = Image.composite(desk, Image.new("RGB", desk.size), shade)
    desk = desk.rotate(angle, resample=Image.Resampling.BILINEAR, expand=True, fillcolor=(94, 80, 66))
    desk = desk.filter(ImageFilter.BoxBlur(1))
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    desk.save(out, "JPEG", quality=55, exif=exif)
    return out.getvalue()
