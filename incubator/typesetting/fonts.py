"""The site's font for programs that support neither WOFF2 nor variable fonts, generated from the site's own files."""

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

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


@cache
def characters() -> frozenset[int]:
    """Return the code points that the fonts have."""
    from fontTools.ttLib import TTFont

    folder = font_folder()
    return frozenset(point for script in _SCRIPTS for point in TTFont(folder / f"{script}-400.ttf").getBestCmap())


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
            font.save(folder / f"{script}-{weight}.ttf")
    return folder
