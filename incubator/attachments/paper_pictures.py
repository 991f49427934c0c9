"""The pictures of a version for paper, and first pages of presentations, as far as its sections name them.

Whoever asks has left out what a reader must not see.
"""

from collections.abc import Sequence
from typing import Any

from incubator.attachments.tables import Rendition
from incubator.db.frozen import frozen_with
from incubator.files.store import current_store
from incubator.projects.document import Frozen
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND, MOST_PICTURES, results


@frozen_with
def _stored(attachment: int, name: str) -> Any:
    stored: Any = Rendition.file
    return Rendition.select(stored.digest.as_alias("digest")).where(
        (Rendition.attachment == attachment) & (Rendition.name == name)
    )


async def pictures_in(parts: Sequence[Frozen]) -> dict[str, bytes]:
    """Return the pictures by the cells that name them: JPEG, of a presentation WebP. One that is gone is left out."""
    files = [results(KIND.sheet(part.value)) for part in parts if part.kind == KIND.key and part.value]
    pictures = [shown.file for each in files for shown in each.all_pictures][: MOST_PICTURES + 1]
    decks = [each.drawn_deck.file for each in files if each.drawn_deck]
    found = {str(ref): await _content_of(ref) for ref in (*pictures, *decks)}
    return {cell: content for cell, content in found.items() if content}


async def _content_of(ref: FileRef) -> bytes:
    """Return the largest picture that is served of it, of a paper its first page."""
    rows = await _stored(ref.id, f"0-{ref.width}.jpg" if ref.is_picture else f"1-{ref.width}.webp")
    return await current_store().get(rows[0]["digest"]) if rows else b""
