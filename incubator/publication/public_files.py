"""Which pictures and papers the public sees: those of approved versions, as far as the people on them agree today."""

from collections.abc import Collection, Sequence

import msgspec

from incubator.attachments.showing import public_now
from incubator.attachments.tables import Attachment
from incubator.core.languages import override_locale
from incubator.projects.document import Frozen, Holder, frozen_parts
from incubator.projects.kinds.files import KIND, only, refs_in
from incubator.projects.version_files import files_of


def for_everybody(part: Frozen, ids: Collection[int] | None = None) -> Frozen:
    """Return a section of files without those for judges alone, and of ``ids`` if given; other sections as they are."""
    if part.kind != KIND.key or not part.value:
        return part
    value = only(part.value, lambda file: ids is None or file.id in ids)
    with override_locale("ru"):  # as whoever submitted it froze it
        return msgspec.structs.replace(part, value=value, text=KIND.text(value))


def file_ids(parts: Sequence[Frozen]) -> set[int]:
    return {ref.id for part in parts if part.kind == KIND.key for ref in refs_in(part.value)}


def cover_of(parts: Sequence[Frozen]) -> str:
    """Return the cover of a public version as a cell names it; empty if it has none."""
    cover = files_of(parts).cover
    return str(cover.file) if cover else ""


async def shown_now(versions: Sequence[list[Frozen]], project_id: int) -> list[list[Frozen]]:
    """Return the sections of public versions with those files that everybody may see at this moment.

    Without files it asks nothing.
    """
    named = {id_ for parts in versions for id_ in file_ids(parts)}
    if not named:
        return [*versions]
    ids = await public_now(named, project_id)
    return [[shown for part in parts if (shown := for_everybody(part, ids)).text] for parts in versions]


async def note_public_files(project_id: int, texts: Sequence[Holder]) -> None:
    """Let each attachment know whether one of the texts that the public reads shows it. Call when those have changed, inside that transaction."""
    rows = await Attachment.select(Attachment.id, Attachment.is_approved).where(Attachment.project == project_id)
    if not rows:
        return
    named = {id_ for text in texts for id_ in file_ids(frozen_parts(text))}
    for row in rows:
        if row["is_approved"] is not (row["id"] in named):
            await Attachment.update({Attachment.is_approved: row["id"] in named}).where(Attachment.id == row["id"])


async def note_looked_at(parts: Sequence[Frozen]) -> None:
    """An organiser has just seen these sections and who is on their pictures; what is hidden nobody has looked at, and it waits."""
    if ids := file_ids(parts):
        for is_hidden in (False, True):
            await Attachment.update({Attachment.is_to_look_at: is_hidden}).where(
                Attachment.id.is_in(sorted(ids)) & Attachment.is_hidden.eq(is_hidden)
            )
