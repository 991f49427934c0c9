"""A document as PDF: tagged, with its outline, typeset by Typst."""

from typing import Any

import msgspec

from incubator.typesetting.blocks import Paper, PictureBlock
from incubator.typesetting.typst import typeset


async def as_pdf(paper: Paper) -> bytes:
    """Return the document as PDF. Raises TooBusy while too many others wait."""
    return await typeset("typesetting/paper.typ", _data_of(paper), format="pdf")


def _data_of(paper: Paper) -> dict[str, Any]:
    """Return the document as Typst reads it: pictures as lists of bytes."""
    data: dict[str, Any] = msgspec.to_builtins(paper, builtin_types=(bytes,))
    for block in (data["cover"], *(block for section in data["sections"] for block in section["blocks"])):
        if block["type"] == PictureBlock.__struct_config__.tag:
            block["content"] = list(block["content"])
    return data
