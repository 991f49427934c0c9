"""Attachments that no section names any more: they can be put back for a while, or removed for good."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta

from incubator.attachments.tables import Attachment, Rendition
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.files.tables import StoredFile
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.document import frozen_parts
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import refs_in
from incubator.projects.locking import ProjectGone, lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Answer, News, Submission

#: How long an attachment that nothing names can be put back.
KEPT = timedelta(days=30)


async def named_in_document(project_id: int) -> set[int]:
    """Return the ids of the attachments that the living document names. One query."""
    rows = await Answer.select(Answer.text).where(Answer.project == project_id)
    return {ref.id for row in rows for ref in refs_in(row["text"])}


async def named_in_versions(project_id: int) -> set[int]:
    """Return the ids of the attachments that submitted versions name, those that were taken back and those of duplicates among them. One query."""
    rows = await Submission.objects().where(
        (Submission.project == project_id) | (Submission.project.merged_into == project_id)
    )
    return {ref.id for row in rows for part in frozen_parts(row) for ref in refs_in(part.value)}


async def named_in_news(project_id: int) -> set[int]:
    """Return the ids of the attachments that the team's news name, drafts among them. One query."""
    rows = await News.select(News.picture).where(News.project == project_id)
    return {ref.id for row in rows if (ref := FileRef.of(row["picture"]))}


async def remove_attachment(project_id: int, attachment_id: int, *, by: Person) -> None:
    """Remove an attachment for good. Raises NotAllowed, and Refusal if the document or a submitted version names it."""
    async with writing():
        await lock_project(project_id)
        await require_may(by, Action.WRITE, project_id)
        if attachment_id in await named_in_document(project_id):
            raise Refusal(_("Файл стоит в документе: сначала уберите его оттуда"))
        if attachment_id in await named_in_versions(project_id):
            raise Refusal(_("Файл был в сданной версии: её читают как есть, поэтому он остаётся"))
        if attachment_id in await named_in_news(project_id):
            raise Refusal(_("Эта картинка стоит в новости: сначала уберите её оттуда"))
        if await _delete(project_id, [attachment_id]):
            await record(Happened.FILE_REMOVED, by=by, project=project_id, file=attachment_id)


async def remove_unnamed() -> int:
    """Remove what nothing has named for a month; return how many. A periodic task."""
    rows = await Attachment.select(Attachment.project).distinct()
    return sum([await _remove_unnamed_of(row["project"]) for row in rows])


async def _remove_unnamed_of(project_id: int) -> int:
    with suppress(ProjectGone):
        async with writing():
            await lock_project(project_id)
            rows = await Attachment.objects().where(Attachment.project == project_id)
            named = await named_in_document(project_id) | await named_in_versions(project_id)
            named |= await named_in_news(project_id)
            for row in rows:
                if (row.id in named) is (row.unnamed_since is not None):
                    row.unnamed_since = None if row.id in named else now()
                    await row.save([Attachment.unnamed_since])
            return await _delete(
                project_id, [row.id for row in rows if row.unnamed_since and row.unnamed_since < now() - KEPT]
            )
    return 0


async def _delete(project_id: int, ids: Collection[int]) -> int:
    """Delete rows; their bytes go with the next sweep of what no row names (``files/orphans.py``)."""
    if not ids:
        return 0
    chosen = Attachment.id.is_in(sorted(ids)) & (Attachment.project == project_id)
    gone = await Attachment.select(Attachment.id).where(chosen)
    of = Rendition.attachment.is_in([row["id"] for row in gone] or [0])
    files = [row["file"] for row in await Rendition.select(Rendition.file).where(of)]
    await Rendition.delete().where(of)
    await StoredFile.delete().where(StoredFile.id.is_in(files or [0]))
    await Attachment.delete().where(chosen)
    return len(gone)
