"""What is written in attached papers: a name there cannot be masked, so the whole paper leaves what the public sees."""

from collections.abc import Collection
from typing import Any

from incubator.attachments.tables import Attachment, PaperWords
from incubator.history.record import Happened, record
from incubator.people.tables import Person

_attachment: Any = PaperWords.attachment


async def words_in(ids: Collection[int]) -> dict[int, str]:
    """Return what is written in those attachments that are papers. One query, none without ids."""
    if not ids:
        return {}
    rows = await PaperWords.select(PaperWords.attachment, PaperWords.text).where(PaperWords.attachment.is_in([*ids]))
    return {row["attachment"]: row["text"] for row in rows}


async def words_of_project(project_id: int) -> dict[int, str]:
    """Return what is written in a project's papers, by attachment. One query."""
    rows = await PaperWords.select(PaperWords.attachment, PaperWords.text).where(_attachment.project == project_id)
    return {row["attachment"]: row["text"] for row in rows}


async def take_papers_off(project_id: int, ids: Collection[int], *, by: Person | None) -> int:
    """Take papers off what the public sees until somebody lets them be seen again, and an organiser has looked; return how many were not.

    Call inside a transaction that has locked the project.
    """
    named = (Attachment.project == project_id) & Attachment.id.is_in(sorted(ids) or [0])
    await Attachment.update({Attachment.is_to_look_at: True}).where(named)  # also one that the team has hidden before
    rows = (
        await Attachment.update({Attachment.is_hidden: True})
        .where(named & Attachment.is_hidden.eq(False))
        .returning(Attachment.id)
    )
    for row in rows:
        await record(Happened.FILE_HIDDEN, by=by, project=project_id, file=row["id"], is_hidden=True, is_office=False)
    return len(rows)
