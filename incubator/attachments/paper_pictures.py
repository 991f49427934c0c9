"""The pictures of a version for paper, and first pages of presentations, as far as its sections name them.

Whoever asks has left out what a reader must not see. A cell may say anything, since a form can be forged: what another project has is not there.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

from incubator.attachments.tables import Rendition
from incubator.db.frozen import frozen_with
from incubator.files.store import current_store
from incubator.projects.document import Frozen
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND, MOST_PICTURES, results


@frozen_with
def _stored(project: int, attachment: int, name: str) -> Any:
    of, stored = cast(Any, Rendition.attachment), cast(Any, Rendition.file)
    return Rendition.select(stored.digest.as_alias("digest")).where(
        (Rendition.attachment == attachment) & (Rendition.name == name) & (of.project == project)
    )


async def pictures_in(parts: Sequence[Frozen], project_id: int) -> dict[str, bytes]:
    """Return the project's pictures by the cells that name them: JPEG, of a presentation WebP.

    One that is gone, or another project's, is left out.
    """
    files = [results(KIND.sheet(part.value)) for part in parts if part.kind == KIND.key and part.value]
    pictures = [shown.file for each in files for shown in each.all_pictures][: MOST_PICTURES + 1]
    decks = [each.drawn_deck.file for each in files if each.drawn_deck]
    found = {str(ref): await largest_picture(ref, project_id) for ref in (*pictures, *decks)}
    return {cell: content for cell, content in found.items() if content}


async def largest_picture(ref: FileRef, project_id: int) -> bytes:
    """Return the largest picture that is served of a file of the project, of a paper its first page; empty if it is gone."""
    name = f"0-{ref.width}.jpg" if ref.is_picture else f"1-{ref.width}.webp"
    rows = await _stored(project_id, ref.id, name)
    with suppress(FileNotFoundError):
        return await current_store().get(rows[0]["digest"]) if rows else b""
    return b""
