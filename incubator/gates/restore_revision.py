"""Putting an earlier text of a section back."""

from incubator.attachments.tables import Attachment
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.people.tables import Person
from incubator.programme.seasons import section_at
from incubator.projects.answers import Written, open_document, save_locked
from incubator.projects.kinds.files import KIND as FILES
from incubator.projects.kinds.files import only, refs_in
from incubator.projects.revisions import Saved, revision_of
from incubator.projects.tables import Project


async def restore_revision(project: Project, key: str, revision_id: int, *, version: int, by: Person) -> Saved:
    """Let a section say again what it said in a kept revision, if it is still at ``version``; what stands there now is kept, too.

    Return that revision. Files that have been removed for good do not come back. Raises Stale, NotAllowed, and Refusal if there is no such revision.
    """
    async with writing():
        fresh = await open_document(project.id, by)
        found = await revision_of(project.id, key, revision_id)
        section = await section_at(fresh.season, fresh.stage, key)
        if found is None or section is None:
            raise Refusal(_("Такого сохранения нет"))
        text = await _without_lost_files(project.id, found.text) if section.kind == FILES.key else found.text
        await save_locked(project.id, key, Written(text, version, is_choice=True), by)
        return found


async def _without_lost_files(project_id: int, value: str) -> str:
    named = sorted({ref.id for ref in refs_in(value)})
    rows = await Attachment.select(Attachment.id).where(
        Attachment.id.is_in(named or [0]) & (Attachment.project == project_id)
    )
    there = {row["id"] for row in rows}
    return only(value, lambda file: file.id in there, for_judges=True)
