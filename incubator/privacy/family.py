"""What a family sees of its children: what is public, which consents hold, and taking one back, by the codes from the papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from incubator.attachments.showing import pictures_of
from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.db import writing
from incubator.db.references import some_id_of
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.people.consents import OWN, ConsentState, state_of
from incubator.people.enrolments import keepers_with
from incubator.people.rate_limits import HOUR, Limit, key_of, take
from incubator.people.tables import Consent, ConsentText, Enrolment, Person
from incubator.privacy.guardian_links import end_ways_to_family
from incubator.privacy.paper_codes import family_codes_in
from incubator.privacy.recorders import hold_entitlement
from incubator.privacy.sheets import code_for_family
from incubator.privacy.tables import ConsentSheet, FamilyCode, GuardianLink, SheetBatch
from incubator.projects.access import unvouched_among
from incubator.projects.consents import PURPOSES, latest_consents, latest_texts
from incubator.projects.former_members import teams_ever_of
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.permissions import STUDENT_ROLES, ProjectRole
from incubator.projects.tables import Member, Project
from incubator.publication.people_named import named_by_consent
from incubator.publication.tables import Passage, Publication, Verdict

#: Codes that somebody at one address may try in an hour: 80 bits are not guessed, but nobody need try.
TRIES = 30


@dataclass(frozen=True, slots=True)
class PublicTeam:
    """A public project of the child's."""

    project: Project
    names_child: bool
    """The page names the child; otherwise the team's name alone."""
    pictures: list[FileRef]
    """On which the child is, as everybody sees them now."""


@dataclass(frozen=True, slots=True)
class Family:
    """What the family sees."""

    person: Person
    code: str
    consents: dict[str, Consent]
    """By purpose, as far as there was one."""
    states: dict[str, str]
    texts: dict[str, ConsentText]
    public: list[PublicTeam]
    teachers: list[Person]
    """Whom to ask."""

    @property
    def is_over(self) -> bool:
        """Return whether the child has grown up: the page is nobody's but theirs any more."""
        return self.person.is_known_adult

    def may_take_back(self, purpose: str) -> bool:
        """Return whether a consent is in force, or waits for the teenager, that is the family's to take back: an adult's own is not."""
        stands = self.states.get(purpose) in {ConsentState.HOLDING, ConsentState.TEENAGER}
        return stands and self.consents[purpose].signatory not in OWN


async def codes_behind(typed: str, *, address: str) -> list[FamilyCode]:
    """Return the working ones of the codes that somebody typed or scanned, in their order.

    Codes are never joined in the database: who holds one child's paper must not learn of another by it.
    Raises TooOften for whoever tries many that are none.
    """
    codes = family_codes_in(typed)
    rows = await FamilyCode.objects().where(FamilyCode.code.is_in(codes or [""]) & FamilyCode.working())
    if not rows or len(rows) < len(codes):
        await count_wrong_code(address)
    return sorted(rows, key=lambda row: codes.index(row.code))


async def count_wrong_code(address: str) -> None:
    """Count a code or a secret that opens nothing. Raises TooOften for whoever tries many."""
    async with writing(is_cache=True):
        await take([Limit(key_of("family", address), TRIES, HOUR)], _("Слишком много неверных кодов."))


async def family_of(code: FamilyCode) -> Family:
    """Return what the page shows. Some ten queries."""
    person = await Person.objects().get(Person.id == code.person)
    assert person
    latest = await latest_consents([person.id])
    day = today()
    consents = {purpose: latest[person.id, purpose] for purpose in PURPOSES if (person.id, purpose) in latest}
    return Family(
        person=person,
        code=code.code,
        consents=consents,
        states={purpose: state_of(consent, day).value for purpose, consent in consents.items()},
        texts=await _texts_of(consents.values()),
        public=await _public_teams(person),
        teachers=await _teachers_of(person),
    )


async def _texts_of(consents: Iterable[Consent]) -> dict[str, ConsentText]:
    """Return the words of each document: those that were signed, else those in force. Two queries."""
    ids = [some_id_of(consent.text) for consent in consents]
    signed = await ConsentText.objects().where(ConsentText.id.is_in(ids or [0]))
    return await latest_texts() | {text.purpose: text for text in signed}


async def _public_teams(person: Person) -> list[PublicTeam]:
    mine = await Member.objects().where(Member.person == person.id)
    teams = [row.project for row in mine]
    rows = await Publication.objects(Publication.project).where(
        Publication.project.is_in(teams or [0]) & Publication.public()
    )
    may_be_named = person.id in await named_by_consent([person.id])
    in_texts = Passage.select(Passage.project).where(
        (Passage.person == person.id) & (Passage.verdict == Verdict.NAMED.value)
    )
    named = {row["project"] for row in await in_texts} | {row.project for row in mine if row.public_given}
    pictures = await pictures_of(person.id)
    return [
        PublicTeam(row.project, may_be_named and row.project.id in named, pictures.get(row.project.id, []))
        for row in rows
    ]


async def _teachers_of(person: Person) -> list[Person]:
    """Return the teachers of the teams for whom somebody has vouched; without a team, who keeps the class."""
    teams = Member.select(Member.project).where(Member.person == person.id)
    rows = await Member.objects(Member.person).where(
        Member.project.is_in(teams) & (Member.role == ProjectRole.TEACHER.value)
    )
    unvouched = await unvouched_among(rows)
    known = {row.person.id: row.person for row in rows if row.id not in unvouched}
    return list(known.values()) or await keepers_with([person.id])


async def renew_code(person_id: int, *, by: Person) -> str:
    """Make a new code, for a family that has lost theirs or showed it to others; the former one ends. Raises NotAllowed."""
    async with writing():
        project = (await hold_entitlement(by, person_id)).project
        await FamilyCode.update({FamilyCode.revoked_at: now()}).where(
            (FamilyCode.person == person_id) & FamilyCode.working()
        )
        await end_ways_to_family(person_id)
        await record(Happened.FAMILY_CODE_CHANGED, by=by, project=project, subject=person_id)
        return await code_for_family(person_id, by=by)


async def end_codes_known_to(person: Person, by: Person) -> None:
    """End the codes and links to families that somebody had in their hands who turned out not to be entitled to that.

    The families get new ones with the next sheet. Call inside the transaction that undoes what rested on the person.
    """
    children = await _children_known_to(person.id)
    ended = (
        await FamilyCode.update({FamilyCode.revoked_at: now()})
        .where(FamilyCode.person.is_in(children or [0]) & FamilyCode.working())
        .returning(FamilyCode.person)
    )
    for child in children:
        await end_ways_to_family(child)
    for child in sorted({row["person"] for row in ended}):
        await record(Happened.FAMILY_CODE_CHANGED, by=by, subject=child)


async def _children_known_to(person_id: int) -> list[int]:
    """Return for whom the person has printed a code, as papers and journal say, or sent a link."""
    batches = SheetBatch.select(SheetBatch.id).where(SheetBatch.made_by == person_id)
    sources: list[Any] = [
        FamilyCode.select(FamilyCode.person).where(FamilyCode.made_by == person_id),
        ConsentSheet.select(ConsentSheet.person).where(ConsentSheet.batch.is_in(batches)),
        GuardianLink.select(GuardianLink.person).where(GuardianLink.asked_by == person_id),
    ]
    if await Event.exists().where((Event.happened == Happened.SLIPS_MADE.value) & (Event.actor_id == person_id)):
        is_student = Member.role.is_in([role.value for role in STUDENT_ROLES])
        teams = await teams_ever_of(person_id)
        sources += [
            Enrolment.select(Enrolment.person).where(Enrolment.teacher == person_id),
            Member.select(Member.person).where(Member.project.is_in(teams or [0]) & is_student),
        ]
    return sorted({row["person"] for source in sources for row in await source})
