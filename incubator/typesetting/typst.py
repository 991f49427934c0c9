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

_waiting: "set[asyncio.Future[list[bytes]]]" = set()


async def typeset(template: str, data: Mapping[str, Any], *, format: Format, ppi: float | None = None) -> bytes:
    """Typeset ``template`` (a path under ``templates/``) with ``data``, which it reads as JSON: a PDF, or a picture of one page.

    ``ppi``: pixels per inch, for a PNG. Raises TooBusy while MOST_WAITING others wait.
    """
    return (await _queued(template, data, format, ppi))[0]


async def typeset_pages(template: str, data: Mapping[str, Any], *, ppi: float) -> list[bytes]:
    """Return each page as a PNG. Raises TooBusy while MOST_WAITING others wait."""
    return await _queued(template, data, "png", ppi)


async def _queued(template: str, data: Mapping[str, Any], format: Format, ppi: float | None) -> list[bytes]:
    if len(_waiting) >= MOST_WAITING:
        raise TooBusy
    text = json.dumps({**data, "families": FAMILIES}, ensure_ascii=False)
    drawing = asyncio.get_running_loop().run_in_executor(_drawing, _typeset, template, text, format, ppi)
    _waiting.add(drawing)
    drawing.add_done_callback(_waiting.discard)
    return await drawing


def _typeset(template: str, data: str, format: Format, ppi: float | None) -> list[bytes]:
    import typst  # here: saves 7 MB in a worker that draws nothing

    made = typst.compile(
        str(ROOT / "templates" / template), format=format, font_paths=[str(font_folder())],
        ignore_system_fonts=True, ppi=ppi, sys_inputs={"data": data},
    )  # fmt: skip
    return made if isinstance(made, list) else [made]
