"""The site's font for programs that read neither WOFF2 nor variable fonts: made from the files that the site serves."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from incubator.config import ROOT

_WEIGHTS = {400: "Regular", 700: "Bold"}
#: A file for each weight, or one that has them all.
_SCRIPTS = {"core": "golos-{style}", "latin-more": "golos-latin-more", "cyrillic-more": "golos-cyrillic-more"}

#: Families to name, in this order: each has letters that the others lack.
FAMILIES = tuple(f"Golos {script.replace('-', ' ').title()}" for script in _SCRIPTS)

_FAMILY, _STYLE = (1, 16), (2, 17)


@cache
def _folder() -> TemporaryDirectory[str]:
    """Vanishes with the process."""
    return TemporaryDirectory(prefix="incubator-fonts-")


@cache
def font_folder() -> Path:
    """A folder with the files, made once in the life of a process; takes a second."""
    from fontTools.ttLib import TTFont  # here: a worker that draws nothing is 17 MB lighter
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
