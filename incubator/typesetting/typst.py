"""Typst: turns a template and data into a PDF or a picture. Texts go in as data, never as markup."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

from incubator.config import ROOT
from incubator.core.refusals import TooBusy
from incubator.typesetting.fonts import FAMILIES, font_folder

Format = Literal["pdf", "png"]

#: Maximum length of the queue; anybody else is asked to come back.
MOST_WAITING = 20

#: One at a time: a picture takes a hundredth of a second, and visitors of other pages come first.
_drawing = ThreadPoolExecutor(1, thread_name_prefix="typst")

_waiting: "set[asyncio.Future[bytes]]" = set()


async def typeset(template: str, data: Mapping[str, Any], *, format: Format, ppi: float | None = None) -> bytes:
    """Typeset ``template`` (a path under ``templates/``) with ``data``, which it reads as JSON: a PDF, or a picture of one page.

    ``ppi``: pixels per inch, for a PNG. Raises TooBusy while MOST_WAITING others wait.
    """
    if len(_waiting) >= MOST_WAITING:
        raise TooBusy
    drawing = asyncio.get_running_loop().run_in_executor(_drawing, _typeset, template, data, format, ppi)
    _waiting.add(drawing)
    drawing.add_done_callback(_waiting.discard)
    return await drawing


async def fonts_ready() -> str:
    """Return the folder with the fonts, for a process that typesets by itself."""
    return str(await asyncio.get_running_loop().run_in_executor(_drawing, font_folder))


def _typeset(template: str, data: Mapping[str, Any], format: Format, ppi: float | None) -> bytes:
    return compiled(template, data, format=format, fonts=str(font_folder()), ppi=ppi)[0]


def compiled(
    template: str, data: Mapping[str, Any], *, format: Format, fonts: str, ppi: float | None = None
) -> list[bytes]:
    """Return a PDF, or a picture of each page, in this very thread."""
    import typst  # here: saves 7 MB in a worker that draws nothing

    made = typst.compile(
        str(ROOT / "templates" / template), format=format, font_paths=[fonts], ignore_system_fonts=True, ppi=ppi,
        sys_inputs={"data": json.dumps({**data, "families": FAMILIES}, ensure_ascii=False)},
    )  # fmt: skip
    return made if isinstance(made, list) else [made]
