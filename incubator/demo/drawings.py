"""The demo's pictures and papers, made of the story's texts: nothing in the repository is a picture that nobody can read."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from incubator.typesetting.typst import typeset

_FOLDER = Path(__file__).parent / "story" / "pictures"
#: What several drawings name: light, materials, hands.
_SHARED = "shared"
_DEFS = re.compile(r"<defs>.*</defs>", re.DOTALL)
#: Of a drawing on a page 160 mm wide: 1200 pixels.
_PIXELS_PER_INCH = 190.5


def names() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.svg") if path.stem != _SHARED)


@cache
def svg_of(name: str) -> str:
    """Return a drawing with what it shares with others, as a file of its own."""
    head, rest = (_FOLDER / f"{name}.svg").read_text("utf-8").split(">", 1)
    found = _DEFS.search((_FOLDER / f"{_SHARED}.svg").read_text("utf-8"))
    assert found
    return f"{head}>{found[0]}{rest}"


async def picture(name: str) -> bytes:
    """Return a drawing as PNG, as somebody would upload it."""
    return await typeset("typesetting/drawings.typ", {"drawings": [svg_of(name)]}, format="png", ppi=_PIXELS_PER_INCH)


async def paper(template: str, data: Mapping[str, Any]) -> bytes:
    """Return a PDF."""
    return await typeset(template, data, format="pdf")
