"""The process that writes a document: a task comes in as MessagePack, the file goes out."""

import base64
import io
import sys
from collections.abc import Iterable
from typing import Any

import msgspec

from incubator.typesetting.blocks import Block, DrawingBlock, Paper, PaperSection, PictureBlock, drawings_in
from incubator.typesetting.paper_writing import PaperTask
from incubator.typesetting.typst import compiled

#: Of a picture of which nobody says how large it is.
_USUAL = (1200, 800)
#: Enough for a printer.
_PIXELS_PER_INCH = 200.0


#: How a picture in WebP begins, and how good it stays as JPEG.
_WEBP = b"RIFF"
_QUALITY = 88


def main() -> None:
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=PaperTask)
    task.paper = _with_jpegs(task.paper)
    sys.stdout.buffer.write(_pdf(task) if task.format == "pdf" else _word(task))


def _with_jpegs(paper: Paper) -> Paper:
    """Return the document with pictures that every office can show: WebP, in which pages of a PDF are kept, becomes JPEG."""
    sections = tuple(_with_blocks(section, map(_as_jpeg, section.blocks)) for section in paper.sections)
    return msgspec.structs.replace(paper, sections=sections)


def _as_jpeg(block: Block) -> Block:
    if not isinstance(block, PictureBlock) or not block.content.startswith(_WEBP):
        return block
    from PIL import Image  # here: most documents need nothing of it

    out = io.BytesIO()
    with Image.open(io.BytesIO(block.content), formats=("WEBP",)) as picture:
        picture.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return msgspec.structs.replace(block, content=out.getvalue())


def _with_blocks(section: PaperSection, blocks: Iterable[Block]) -> PaperSection:
    return msgspec.structs.replace(section, blocks=tuple(blocks))


def _pdf(task: PaperTask) -> bytes:
    return compiled("typesetting/paper.typ", _data_of(task.paper), format="pdf", fonts=task.fonts)[0]


def _data_of(paper: Paper) -> dict[str, Any]:
    """Return the document as Typst reads it: photographs in drawings, since JSON holds no bytes."""
    data: dict[str, Any] = msgspec.to_builtins(paper, builtin_types=(bytes,))
    for block in (data["cover"], *(block for section in data["sections"] for block in section["blocks"])):
        if block["type"] == PictureBlock.__struct_config__.tag:
            block["content"] = _as_svg(block)
    return data


def _as_svg(picture: dict[str, Any]) -> str:
    content = base64.b64encode(picture["content"]).decode()
    width, height = picture["width"] or _USUAL[0], picture["height"] or _USUAL[1]
    kind = "png" if picture["content"].startswith(b"\x89PNG") else "jpeg"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{content}"/></svg>'
    )


def _word(task: PaperTask) -> bytes:
    from incubator.typesetting.word_document import word_document  # here: a PDF needs nothing of it

    return word_document(_with_pictures(task))


def _with_pictures(task: PaperTask) -> Paper:
    """Return the document with its drawings as pictures, which every office can show."""
    paper = task.paper
    data = {"drawings": [each.svg for each in drawings_in(paper)]}
    painted = iter(
        compiled("typesetting/drawings.typ", data, format="png", fonts=task.fonts, ppi=_PIXELS_PER_INCH)
        if data["drawings"] else ()
    )  # fmt: skip

    def picture(block: Block) -> Block:
        return PictureBlock(next(painted), block.alt) if isinstance(block, DrawingBlock) else block

    cover = picture(paper.cover)
    assert isinstance(cover, PictureBlock)
    sections = tuple(_with_blocks(section, map(picture, section.blocks)) for section in paper.sections)
    return msgspec.structs.replace(paper, cover=cover, sections=sections)


if __name__ == "__main__":
    main()
