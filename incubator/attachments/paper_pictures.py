"""The pictures of a version for paper, as far as its sections name them: whoever asks has left out what a reader must not see."""

from collections.abc import Sequence
from typing import Any

from incubator.attachments.tables import Rendition
from incubator.db.frozen import frozen_with
from incubator.files.store import current_store
from incubator.projects.document import Frozen
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import MOST_PICTURES, refs_in


@frozen_with
def _stored(attachment: int, name: str) -> Any:
    stored: Any = Rendition.file
    return Rendition.select(stored.digest.as_alias("digest")).where(
        (Rendition.attachment == attachment) & (Rendition.name == name)
    )


async def pictures_in(parts: Sequence[Frozen]) -> dict[str, bytes]:
    """Return the pictures (JPEG) by the cells that name them; one that is gone is left out."""
    refs = [ref for part in parts for ref in refs_in(part.value) if ref.is_picture][: MOST_PICTURES + 1]
    found = {str(ref): await _content_of(ref) for ref in refs}
    return {cell: content for cell, content in found.items() if content}


async def _content_of(ref: FileRef) -> bytes:
    rows = await _stored(ref.id, f"0-{ref.width}.jpg")
    return await current_store().get(rows[0]["digest"]) if rows else b""
