"""The names of a team's people as the public reads them: those that an organiser has seen. A new one waits for that."""

from dataclasses import dataclass
from typing import Any

from incubator.core.clock import now
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Consent, Person
from incubator.projects.consents import PUBLIC_NAME
from incubator.projects.locking import lock_project
from incubator.projects.tables import Member, Project
from incubator.projects.team import team_of
from incubator.publication.public_names import public_name
from incubator.publication.tables import Publication, PublicVersion
from incubator.publication.versions import shown_or_waiting


@dataclass(frozen=True, slots=True)
class MateName:
    """A member's name today, the one that an organiser approved, and what the consents allow."""

    member: int
    given: str
    family: str
    approved: tuple[str, str]
    consents: frozenset[str]
    is_student: bool

    @property
    def shown(self) -> str:
        """Return what the public reads now; empty: nothing."""
        return public_name(*self.approved, self.consents, is_student=self.is_student)

    @property
    def proposed(self) -> str:
        """Return what the public would read if an organiser approved today's name."""
        return public_name(self.given, self.family, self.consents, is_student=self.is_student)

    @property
    def is_waiting(self) -> bool:
        """Return whether the public could read another name than it does."""
        return self.shown != self.proposed


async def mate_names(project_id: int) -> tuple[MateName, ...]:
    """Return the names of everybody in the team, by role. Two queries."""
    mates = await team_of(project_id)
    rows = await Consent.select(Consent.person, Consent.purpose).where(
        Consent.person.is_in([mate.person.id for mate in mates] or [0]) & Consent.holding()
    )
    return tuple(
        MateName(
            mate.member.id, mate.person.given_name, mate.person.family_name,
            (mate.member.public_given, mate.member.public_family),
            frozenset(row["purpose"] for row in rows if row["person"] == mate.person.id), mate.is_student,
        )
        for mate in mates
    )  # fmt: skip


async def approve_names(names: tuple[MateName, ...]) -> None:
    """Let the public read these names, as far as the consents allow: an organiser has just seen them, and may be asked anew."""
    for name in names:
        if name.approved != (name.given, name.family):
            await Member.update({Member.public_given: name.given, Member.public_family: name.family}).where(
                Member.id == name.member
            )
    seen = [name.member for name in names] or [0]
    await Member.update({Member.asked_name: ""}).where(Member.id.is_in(seen) & (Member.asked_name != ""))


async def ask_about_names(project_id: int) -> bool:
    """Let the newest public version wait for an organiser if somebody's name has not been approved; return whether it does.

    Nobody is asked twice about one name, nor while something of the project waits anyway.
    """
    async with writing():
        project = await lock_project(project_id)
        rows = await shown_or_waiting(project_id)
        if not rows or any(row.is_waiting for row in rows):
            return False
        fresh = [name for name in await mate_names(project_id) if name.is_waiting]
        known = await Member.select(Member.id, Member.asked_name).where(Member.project == project_id)
        asked = {row["id"]: row["asked_name"] for row in known}
        new = [name for name in fresh if asked[name.member] != name.proposed]
        for name in new:
            await Member.update({Member.asked_name: name.proposed}).where(Member.id == name.member)
        if new:
            await let_wait(rows[-1], project)
    return bool(new)


async def let_wait(row: PublicVersion, project: Project, why: Happened = Happened.NAME_WAITS) -> None:
    """Ask organisers to look at a public version again, of which nobody has changed the text."""
    row.is_waiting, row.offered_at, row.offered_by, row.refusal = True, now(), None, ""
    await row.save()
    await record(why, by=None, project=project.id, submission=row.submission, number=row.number)


#: Piccolo types the first join only.
_person: Any = Member.person


async def ask_about_new_names() -> int:
    """Ask organisers about the people who came, or got a consent, after the approval. A periodic task."""
    public = Publication.select(Publication.project).where(Publication.public())
    allowed = Consent.select(Consent.person).where((Consent.purpose == PUBLIC_NAME) & Consent.holding())
    rows = await Member.select(
        Member.project, Member.public_given, Member.public_family,
        _person.given_name.as_alias("given"), _person.family_name.as_alias("family"),
    ).where(Member.project.is_in(public) & Member.person.is_in(allowed))  # fmt: skip
    changed = {r["project"] for r in rows if (r["public_given"], r["public_family"]) != (r["given"], r["family"])}
    return sum([await ask_about_names(project_id) for project_id in sorted(changed)])


async def ask_about_name_of(person: Person) -> None:
    """Ask organisers about somebody's new name, in each public project of theirs."""
    rows = await Member.select(Member.project).where(Member.person == person.id).order_by(Member.project)
    for row in rows:
        await ask_about_names(row["project"])
