"""QR codes as SVG."""

import segno


def qr_code(text: str) -> str:
    """Return an SVG without a fixed size; error correction level M survives the loss of 15 %. The margin is that of ISO/IEC 18004."""
    return str(
        segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=4, dark="#1f2630", light="#ffffff")
    )


def standalone(svg: str) -> str:
    """Return the SVG as a file of its own, as Typst reads it."""
    return svg if "xmlns=" in svg else svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
