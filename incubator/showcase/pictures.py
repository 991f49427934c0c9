"""A project's cover, pictures, presentation and papers, as its public page, its picture for messengers and its poster show them."""

import base64
from collections.abc import Sequence

from incubator.attachments.tables import Rendition
from incubator.files.store import current_store
from incubator.projects.document import Frozen
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND, AttachedFiles, results
from incubator.projects.kinds.sheet import Sheet


def files_of(parts: Sequence[Frozen]) -> AttachedFiles:
    """Return the files of a version, whatever section they are in."""
    sheets = [KIND.sheet(part.value) for part in parts if part.kind == KIND.key and part.value]
    return results(Sheet(KIND.key, rows=[row for sheet in sheets for row in sheet.rows]))


def without_files(parts: Sequence[Frozen]) -> list[Frozen]:
    """Return the sections that are read; files stand in a place of their own."""
    return [part for part in parts if part.kind != KIND.key]


async def photo_as_svg(file: FileRef) -> str | None:
    """Return a picture as an SVG with the photograph in it, which stands where a drawn cover would; None if it is gone."""
    name = f"0-{file.width}.jpg"
    of = (Rendition.attachment == file.id) & (Rendition.name == name)
    row = await Rendition.objects(Rendition.file).get(of)
    if row is None:
        return None
    content = base64.b64encode(await current_store().get(row.file.digest)).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {file.width} {file.height}">'
        f'<image width="{file.width}" height="{file.height}" href="data:image/jpeg;base64,{content}"/></svg>'
    )
