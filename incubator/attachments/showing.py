"""Which attachments the public may see now: the facts, and what follows from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incubator.attachments.tables import Attachment, People, Pictured
from incubator.db.frozen import frozen_for_one
from incubator.people.tables import Consent
from incubator.projects.consents import PHOTO, TAKES_PART
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.tables import Member


@dataclass(frozen=True, slots=True)
class ShowingFacts:
    """What is known of one attachment."""

    people: str
    is_approved: bool
    is_to_look_at: bool
    is_hidden: bool
    agreed: Collection[bool]
    """Of each person on it: whether their consent to photographs holds today, and they are in the team."""

    @property
    def is_public(self) -> bool:
        """Return whether everybody may see it now."""
        return self.is_approved and not self.is_to_look_at and not self.is_hidden and self.has_consents

    @property
    def has_consents(self) -> bool:
        """Return whether nobody is on it who did not agree, as far as the team has said who is."""
        return self.people == People.NOBODY or (self.people == People.TEAM and bool(self.agreed) and all(self.agreed))


def ref_of(row: Attachment) -> FileRef:
    """Return the attachment as cells name it."""
    return FileRef(row.id, row.code, row.sort, row.width, row.height, row.pages)


@frozen_for_one
def _attachments(ids: list[int]) -> Any:
    return Attachment.objects().where(Attachment.id.is_in(ids))


@frozen_for_one
def _pictured(attachments: list[int]) -> Any:
    return Pictured.select(Pictured.attachment, Pictured.person).where(Pictured.attachment.is_in(attachments))


async def facts_of(rows: Sequence[Attachment]) -> dict[int, ShowingFacts]:
    """Return the facts of attachments by id. Three queries at most, none for those on which nobody is."""
    with_people = [row.id for row in rows if row.people == People.TEAM]
    on_it: dict[int, list[bool]] = {}
    if with_people:
        pictured = await _pictured(with_people)
        project = {row.id: row.project for row in rows}
        agreed = await agreeing(sorted({row["person"] for row in pictured if row["person"] is not None}))
        for row in pictured:
            on_it.setdefault(row["attachment"], []).append((project[row["attachment"]], row["person"]) in agreed)
    return {
        row.id: ShowingFacts(row.people, row.is_approved, row.is_to_look_at, row.is_hidden, on_it.get(row.id, ()))
        for row in rows
    }


async def agreeing(people: list[int]) -> set[tuple[int, int]]:
    """Return project and person of everybody who is in that team, takes part, and agreed to photographs. Two queries."""
    if not people:
        return set()
    rows = await Consent.select(Consent.person, Consent.purpose).where(
        Consent.person.is_in(people) & Consent.purpose.is_in([*TAKES_PART, PHOTO]) & Consent.holding()
    )
    purposes: dict[int, set[str]] = {}
    for row in rows:
        purposes.setdefault(row["person"], set()).add(row["purpose"])
    agreed = [person for person, given in purposes.items() if PHOTO in given and len(given) > 1]
    if not agreed:
        return set()
    members = await Member.select(Member.project, Member.person).where(Member.person.is_in(agreed))
    return {(row["project"], row["person"]) for row in members}


async def public_now(ids: Collection[int], project_id: int) -> set[int]:
    """Return those of a project's attachments that everybody may see now. Four queries at most, none without ids."""
    return await public_among(dict.fromkeys(ids, project_id))


async def public_among(projects: Mapping[int, int]) -> set[int]:
    """Return those attachments that everybody may see now, of those of the projects that are said to have them, by id.

    Four queries at most, none without ids.
    """
    rows = await _attachments(sorted(projects)) if projects else []
    facts = await facts_of([row for row in rows if row.project == projects[row.id]])
    return {each for each, known in facts.items() if known.is_public}


async def pictures_of(person_id: int) -> dict[int, list[FileRef]]:
    """Return the files on which somebody is and which everybody sees now, by project. Five queries at most."""
    with_them = Pictured.select(Pictured.attachment).where(Pictured.person == person_id)
    rows = await Attachment.objects().where(Attachment.id.is_in(with_them)).order_by(Attachment.id)
    facts = await facts_of(rows)
    found: dict[int, list[FileRef]] = {}
    for row in rows:
        if facts[row.id].is_public and row.width:
            found.setdefault(row.project, []).append(ref_of(row))
    return found
