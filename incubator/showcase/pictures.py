"""A photograph in the place of a drawn cover, as the picture for messengers and the poster show it."""

import base64

from incubator.attachments.tables import Rendition
from incubator.files.store import current_store
from incubator.projects.kinds.file_ref import FileRef


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
