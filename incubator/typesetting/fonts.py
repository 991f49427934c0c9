"""The site's font for programs that support neither WOFF2 nor variable fonts, generated from the site's own files."""

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from incubator.config import ROOT

_WEIGHTS = {400: "Regular", 700: "Bold"}
#: Fonts as one file per weight, or as one file with all weights.
_SCRIPTS = {"core": "golos-{style}", "latin-more": "golos-latin-more", "cyrillic-more": "golos-cyrillic-more"}

#: Font families in order of preference: each has characters that the others lack.
FAMILIES = tuple(f"Golos {script.replace('-', ' ').title()}" for script in _SCRIPTS)

_FAMILY, _STYLE = (1, 16), (2, 17)


@cache
def _folder() -> TemporaryDirectory[str]:
    """Return a folder that is deleted when the process ends."""
    folder = TemporaryDirectory(prefix="incubator-fonts-")
    atexit.register(folder.cleanup)
    return folder


def _add_rouble(font: Any) -> None:
    """Draw ₽, which the site's font lacks: a Р with two bars across its stem. Elsewhere one sign of another font changes a whole label."""
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    letter = font.getBestCmap().get(ord("Р"))
    if letter is None or ord("₽") in font.getBestCmap():
        return
    glyphs, (advance, _bearing) = font.getGlyphSet(), font["hmtx"][letter]
    bounds = BoundsPen(glyphs)
    glyphs[letter].draw(bounds)
    left, _low, right, high = bounds.bounds
    shift, bar = round(high * 0.1), round(high * 0.105)
    pen = TTGlyphPen(glyphs)
    glyphs[letter].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
    for bottom, reach in ((round(high * 0.375), 0.3), (round(high * 0.17), 0.62)):
        edge = left + shift + round((right - left) * reach)
        corners = ((left - shift // 2, bottom), (left - shift // 2, bottom + bar), (edge, bottom + bar), (edge, bottom))
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    font["glyf"]["rouble"] = pen.glyph()
    font["hmtx"]["rouble"] = (advance + shift, left - shift // 2)
    font.setGlyphOrder([*dict.fromkeys([*font.getGlyphOrder(), "rouble"])])
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord("₽")] = "rouble"


@cache
def font_folder() -> Path:
    """Return a folder with the font files, generated once per process; takes a second."""
    from fontTools.ttLib import TTFont  # here: saves 17 MB in a worker that draws nothing
    from fontTools.varLib.instancer import instantiateVariableFont

    folder = Path(_folder().name)
    for script, family in zip(_SCRIPTS, FAMILIES, strict=True):
        for weight, style in _WEIGHTS.items():
            file = _SCRIPTS[script].format(style=style.lower())
            font = TTFont(ROOT / f"static/fonts/{file}.woff2")
            font.flavor = None
            if "fvar" in font:
                font = instantiateVariableFont(font, {"wght": weight})
            for record in font["name"].names:
                if record.nameID in _FAMILY:
                    record.string = family
                elif record.nameID in _STYLE:
                    record.string = style
            font["OS/2"].usWeightClass = weight
            _add_rouble(font)
            font.save(folder / f"{script}-{weight}.ttf")
    return folder
