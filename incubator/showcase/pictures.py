"""A photograph in the place of a drawn cover, as the picture for messengers and the poster show it."""

import base64

from incubator.attachments.paper_pictures import largest_picture
from incubator.projects.kinds.file_ref import FileRef


async def photo_as_svg(file: FileRef, project_id: int) -> str | None:
    """Return a picture as an SVG with the photograph in it, which stands where a drawn cover would; None if it is gone."""
    photo = await largest_picture(file, project_id)
    if not photo:
        return None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {file.width} {file.height}">'
        f'<image width="{file.width}" height="{file.height}" '
        f'href="data:image/jpeg;base64,{base64.b64encode(photo).decode()}"/></svg>'
    )
