"""Saying who is on a picture, and taking it off what the public sees."""

from collections.abc import Collection
from dataclasses import dataclass

from incubator.attachments.tables import Attachment, People, Pictured
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Member


async def attachment_of(project_id: int, attachment_id: int) -> Attachment | None:
    return await Attachment.objects().get((Attachment.id == attachment_id) & (Attachment.project == project_id))


async def people_on(ids: Collection[int]) -> dict[int, set[int | None]]:
    """Return the ids of the people on each attachment. One query."""
    rows = await Pictured.select(Pictured.attachment, Pictured.person).where(Pictured.attachment.is_in([*ids] or [0]))
    found: dict[int, set[int | None]] = {each: set() for each in ids}
    for row in rows:
        found[row["attachment"]].add(row["person"])
    return found


async def unsaid_among(ids: Collection[int], project_id: int) -> int:
    """Return of how many of a project's attachments nobody has said who is on them. One query."""
    these = Attachment.id.is_in(sorted(ids)) & (Attachment.project == project_id)
    return int(await Attachment.count().where(these & (Attachment.people == People.UNSAID.value)))


@dataclass(frozen=True, slots=True)
class Said:
    """Who is on an attachment, as somebody of the team says."""

    people: People
    members: frozenset[int] = frozenset()
    """Ids of people of the team, for ``People.TEAM``."""


async def say_people(project_id: int, attachment_id: int, said: Said, *, by: Person) -> bool:
    """Say who is on an attachment.

    Return whether an organiser has to look at it again: fewer people are on it than before an approval. Until then it is not public.
    Raises NotAllowed, and Refusal for nobody of the team where somebody should be.
    """
    people, members = said.people, said.members
    async with writing():
        await lock_project(project_id)
        await require_may(by, Action.HIDE_PASSAGE, project_id)
        row = await _row(project_id, attachment_id)
        team = await Member.select(Member.person).where(Member.project == project_id)
        before = (await people_on([row.id]))[row.id]
        known = {each["person"] for each in team} | {person for person in before if person is not None}
        chosen = set(members) & known if people is People.TEAM else set()
        if people is People.TEAM and not chosen:
            raise Refusal(_("Отметьте, кто из команды на снимке «%(name)s»", name=row.name))
        if (row.people, before) == (people.value, chosen):
            return False
        if row.is_approved and is_less(row.people, before, people, chosen):
            row.is_to_look_at = True
        row.people = people.value
        await row.save([Attachment.people, Attachment.is_to_look_at])
        await Pictured.delete().where(Pictured.attachment == row.id)
        if chosen:
            await Pictured.insert(*(Pictured(attachment=row.id, person=person) for person in sorted(chosen)))
        await record(Happened.FILE_PEOPLE, by=by, project=project_id, file=row.id, people=people.value)
        return row.is_to_look_at


def is_less(before: str, were: Collection[int | None], people: People, chosen: Collection[int]) -> bool:
    """Return whether somebody whose consent counted before would count no more. Pure."""
    if people is People.NOBODY:
        return before in (People.TEAM, People.OTHERS)
    return before == People.OTHERS or bool(set(were) - set(chosen))


async def hide_attachment(project_id: int, attachment_id: int, *, is_hidden: bool, by: Person) -> None:
    """Take an attachment off everything that the public sees, at once; or let it be seen again, where it was approved."""
    async with writing():
        await lock_project(project_id)
        await require_may(by, Action.HIDE_PASSAGE, project_id)
        row = await _row(project_id, attachment_id)
        if row.is_hidden == is_hidden:
            return  # repeated click
        row.is_hidden = is_hidden
        await row.save([Attachment.is_hidden])
        await record(Happened.FILE_HIDDEN, by=by, project=project_id, file=row.id, is_hidden=is_hidden)


async def _row(project_id: int, attachment_id: int) -> Attachment:
    row = await attachment_of(project_id, attachment_id)
    if row is None:
        raise Refusal(_("Этого файла уже нет"))
    return row
