"""What counts at once of pictures and papers that may be public: who is on them, whether they are hidden; and search follows."""

from collections.abc import Mapping

from incubator.attachments import people_on
from incubator.attachments.attach import caption_files
from incubator.attachments.people_on import Said
from incubator.attachments.tables import Attachment
from incubator.db import writing
from incubator.history.record import Happened
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.document import frozen_parts
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Project
from incubator.publication.entry import follow_captions
from incubator.publication.news import let_news_wait
from incubator.publication.public_files import file_ids
from incubator.publication.tables import Publication
from incubator.publication.team_names import let_wait
from incubator.publication.versions import shown_or_waiting


async def note_files(project_id: int, said: Mapping[int, Said], captions: Mapping[int, str], *, by: Person) -> None:
    """Note who is on attachments and what they are, each by id, all in one transaction (``attachments/people_on.py``).

    If an organiser has to look at one again, what shows it waits for that: the newest public version, a piece of news. Raises NotAllowed, Refusal.
    """
    async with writing():
        project = await lock_project(project_id)
        await require_may(by, Action.HIDE_PASSAGE, project_id)
        if captions:
            await caption_files(project_id, captions, by=by)
        to_look_at = {each for each in sorted(said) if await people_on.say_people(project_id, each, said[each], by=by)}
        await _let_wait(project, to_look_at)
        await follow_captions(project_id)


async def hide_file(project_id: int, attachment_id: int, *, is_hidden: bool, by: Person) -> None:
    """Take a file off everything that the public sees, its caption off search, or let them be seen again. Raises NotAllowed.

    What went by itself, since a name is written in it, waits for an organiser then.
    """
    async with writing():
        project = await lock_project(project_id)
        await people_on.hide_attachment(project_id, attachment_id, is_hidden=is_hidden, by=by)
        row = await people_on.attachment_of(project_id, attachment_id)
        if row is not None and row.is_approved and row.is_to_look_at and not row.is_hidden:
            await _let_wait(project, {attachment_id})
        await follow_captions(project_id)


async def _let_wait(project: Project, ids: set[int]) -> None:
    """Let what shows one of these attachments wait for an organiser: the newest public version, and news."""
    if ids:
        await let_news_wait(project.id, ids)
    rows = await shown_or_waiting(project.id)
    shown = {id_ for row in rows for id_ in file_ids(frozen_parts(row))}
    if ids & shown and not any(row.is_waiting for row in rows):
        await let_wait(rows[-1], project, Happened.FILE_WAITS)


async def follow_all_captions() -> int:
    """Let search follow what changed without a verb of ours: a day on which a consent began or ended. A periodic task.

    Until then a project is not found by words (``showcase/catalogue.py``) if it could be by a caption that is no more public.
    """
    approved = Attachment.select(Attachment.project).where(Attachment.is_approved.eq(True))
    indexed = await Publication.select(Publication.project).where(
        Publication.place.is_not_null() & ((Publication.files != "") | Publication.project.is_in(approved))
    )
    return sum([await follow_captions(row["project"]) for row in indexed])
