"""Saying who is on a picture, and taking it off what the public sees."""

from collections.abc import Collection
from dataclasses import dataclass

from incubator.attachments.tables import Attachment, People, Pictured
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, ProjectRole
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
    unticked: frozenset[int] | None = None
    """Those of whom somebody took back that they are on it: everybody else who is stays, whoever said so meanwhile, and those
    who are in no team any more. None: only ``members`` are."""

    def on_it(self, before: set[int | None], team: Collection[int]) -> set[int | None]:
        """Return who is on it, if ``before`` were. Nobody is who was not, and is not in the team."""
        if self.people is not People.TEAM:
            return set()
        staying = before - self.unticked if self.unticked is not None else set()
        return {*(each for each in self.members if each in team or each in before), *staying}


async def say_people(project_id: int, attachment_id: int, said: Said, *, by: Person) -> bool:
    """Say who is on an attachment.

    Return whether an organiser has to look at it again, because more may become public than was when one approved it. Until then it is not public.
    Raises NotAllowed, and Refusal for nobody of the team where somebody should be.
    """
    people = said.people
    async with writing():
        await lock_project(project_id)
        await require_may(by, Action.HIDE_PASSAGE, project_id)
        row = await _row(project_id, attachment_id)
        team = await Member.select(Member.person).where(Member.project == project_id)
        before = (await people_on([row.id]))[row.id]
        chosen = said.on_it(before, {each["person"] for each in team})
        if people is People.TEAM and not chosen:
            raise Refusal(_("Отметьте, кто из команды на картинке «%(name)s»", name=row.name))
        if (row.people, before) == (people.value, chosen):
            return False
        if row.is_approved and not is_stricter(row.people, before, people, chosen):
            row.is_to_look_at = True
        row.people = people.value
        await row.save([Attachment.people, Attachment.is_to_look_at])
        await Pictured.delete().where(Pictured.attachment == row.id)
        if chosen:
            await Pictured.insert(*(Pictured(attachment=row.id, person=person) for person in chosen))
        await record(Happened.FILE_PEOPLE, by=by, project=project_id, file=row.id, people=people.value)
        return row.is_to_look_at


def is_stricter(before: str, were: Collection[int | None], people: People, chosen: Collection[int | None]) -> bool:
    """Return whether nothing can become public by it: everybody whose consent counted still does. Pure."""
    if people is People.OTHERS or before == People.NOBODY:
        return True
    return before == People.TEAM and people is People.TEAM and set(were) <= set(chosen)


async def hide_attachment(project_id: int, attachment_id: int, *, is_hidden: bool, by: Person) -> None:
    """Take an attachment off everything that the public sees, at once; or let it be seen again, where it was approved.

    What an organiser took off, an organiser alone lets be seen again. Raises NotAllowed.
    """
    async with writing():
        await lock_project(project_id)
        is_office = await require_may(by, Action.HIDE_PASSAGE, project_id) == ProjectRole.ORGANISER
        row = await _row(project_id, attachment_id)
        if row.is_hidden == is_hidden and not (is_office and is_hidden):
            return  # repeated click
        if row.is_hidden_by_office and not is_office:
            raise NotAllowed(_("Этот файл убрал с витрины организатор: вернуть его может он"))
        if (row.is_hidden, row.is_hidden_by_office) == (is_hidden, is_hidden and is_office):
            return
        row.is_hidden, row.is_hidden_by_office = is_hidden, is_hidden and is_office
        await row.save([Attachment.is_hidden, Attachment.is_hidden_by_office])
        await record(
            Happened.FILE_HIDDEN, by=by, project=project_id, file=row.id, is_hidden=is_hidden, is_office=is_office
        )


async def _row(project_id: int, attachment_id: int) -> Attachment:
    row = await attachment_of(project_id, attachment_id)
    if row is None:
        raise Refusal(_("Этого файла уже нет"))
    return row
