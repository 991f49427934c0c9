"""Consents of those who take part or work in the programme, with who recorded them, when, and under which text."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal, Stale
from incubator.db import writing
from incubator.db.references import some_id_of
from incubator.history.record import Happened, record
from incubator.people.age_changes import know_as_minor
from incubator.people.ages import AgeKnown, signs_beside_guardian
from incubator.people.consents import OWN, ConsentState, Signatory, end_by_guardian, signed_by, state_of
from incubator.people.grants import may_in_programme
from incubator.people.locking import lock_person
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent, ConsentText, Person
from incubator.programme.seasons import current_season
from incubator.projects.access import require, role_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import may_give_consent, may_withdraw_consent
from incubator.projects.tables import Member, Project

PARTICIPATION = "participation"
PUBLIC_NAME = "public_name"
PHOTO = "photo"
PURPOSES = (PARTICIPATION, PUBLIC_NAME, PHOTO)
#: What experts, mentors, teachers and organisers consent to, wherever they work (``staff_consents.py``).
STAFF = "staff"
DOCUMENTS = (*PURPOSES, STAFF)
#: Either lets an adult accompany a team; a student gives the first.
TAKES_PART = (PARTICIPATION, STAFF)


def purpose_title(purpose: str) -> str:
    """Return what somebody consents to, in words."""
    return {
        PARTICIPATION: _("участие"), PUBLIC_NAME: _("полное имя на витрине"), PHOTO: _("фото"),
        STAFF: _("данные эксперта, наставника, педагога"),
    }[purpose]  # fmt: skip


def may_ban(purpose: str) -> bool:
    """Return whether the document is about showing data to everybody: then its signatory may forbid what others do with them."""
    return purpose in {PUBLIC_NAME, PHOTO}


async def states_of_taking_part(person_ids: list[int]) -> dict[tuple[int, str], ConsentState]:
    """Return what each person's standing consents that let them take part are worth today, by person and purpose. One query."""
    rows = await Consent.objects().where(
        Consent.person.is_in(person_ids or [0]) & Consent.purpose.is_in(list(TAKES_PART)) & Consent.standing()
    )
    day = today()
    states = [((some_id_of(row.person), row.purpose), state_of(row, day)) for row in rows]
    return dict(sorted(states, key=lambda each: each[1] is ConsentState.HOLDING))


async def latest_texts() -> dict[str, ConsentText]:
    """Return the text in force for each document: the newest, without drafts that are only offered."""
    rows = await ConsentText.objects().where(ConsentText.is_offered.eq(False)).order_by(ConsentText.version)
    return {row.purpose: row for row in rows}


async def valid_consents(person_ids: list[int]) -> dict[tuple[int, str], Consent]:
    """Return the consents in force today, by person and purpose. One query."""
    if not person_ids:
        return {}
    rows = (
        await Consent.objects(Consent.recorded_by)
        .where(Consent.person.is_in(person_ids) & Consent.holding())
        .order_by(Consent.ends_on, Consent.id)
    )
    return {(some_id_of(row.person), row.purpose): row for row in rows}


#: What is shown of several: one in force before all, and one for the time after 18 only where there is nothing else.
_RANK = {ConsentState.HOLDING: 2, ConsentState.FUTURE: 0}


async def latest_consents(person_ids: list[int]) -> dict[tuple[int, str], Consent]:
    """Return the consent to show for each person and purpose, in whatever state: one in force, else the newest. One query."""
    if not person_ids:
        return {}
    rows = (
        await Consent.objects(Consent.recorded_by, Consent.voided_by)
        .where(Consent.person.is_in(person_ids))
        .order_by(Consent.id)
    )
    day = today()
    ranked = sorted(rows, key=lambda row: _RANK.get(state_of(row, day), 1))
    return {(some_id_of(row.person), row.purpose): row for row in ranked}


async def give_consent(project: Project, person: Person, purpose: str, *, by: Person, read: int | None = None) -> None:
    """Record an adult's own consent or, for a minor, that the guardian's form was received; ``read``: as in ``store_consent``.

    An adult's counts once somebody responsible knows the age; a guardian's form makes the age of the minor known.
    Raises NotAllowed when ``by`` is neither the adult concerned nor, for a minor, the
    team's teacher, known to the programme, or an organiser.
    """
    async with writing():
        await lock_project(project.id)
        await lock_person(by.id)  # before the person, as whoever ends what rests on ``by`` does
        person = await lock_person(person.id)
        role = await role_of(by, project.id)
        await _require_member(project, person)
        require(may_give_consent(role, is_own=person.id == by.id, is_adult=person.is_adult))
        if not person.is_adult:
            await know_as_minor(person, by=by)
        await store_consent(
            person,
            purpose,
            by=by,
            signatory=Signatory.PERSON if person.is_adult else Signatory.PAPER,
            project=project.id,
            read=read,
        )


@dataclass(frozen=True, slots=True)
class Document:
    """What was signed: which text, until when, and the picture of it or what was typed beneath it."""

    text: int
    """Id of the ConsentText."""
    term: date
    scan: int | None = None
    """Id of the StoredFile."""
    signed_by: str = ""
    """The guardian's name, as they typed it."""
    bans: tuple[str, ...] = ()
    """See ``Consent.bans``."""
    asked_at: datetime | None = None
    """When whoever records it asked the family; None: now."""


#: How long a consent holds after the season in which it was signed, or after the day, if that is later.
AFTER_SEASON = timedelta(days=365)


async def term_in(project_id: int | None) -> date:
    """Return the last day of a consent that is signed now, for the season of a project or the one that is on. One query."""
    if project_id is None:
        season = await current_season()
        closes_on = season.closes_on if season else today()
    else:
        row = (
            await Project.select(Project.season.closes_on.as_alias("closes_on")).where(Project.id == project_id).first()
        )
        closes_on = row["closes_on"] if row else today()
    return max(closes_on, today()) + AFTER_SEASON


async def store_consent(
    person: Person, purpose: str, *, by: Person, signatory: Signatory, project: int | None = None,
    starts_on: date | None = None, document: Document | None = None, read: int | None = None, renews: bool = False,
) -> Consent | None:  # fmt: skip
    """Insert and return the row; one that stands already is left unchanged, and with ``renews`` stands beside it. Call inside a transaction that locked the person.

    ``read``: the id of the ConsentText that the page showed. Raises Stale if another is in force: nobody signs what they have not read.

    ``starts_on``: the 18th birthday, for a person's own consent that is given in advance. ``document``: what was
    signed, if not the newest text.
    """
    same = (Consent.person == person.id) & (Consent.purpose == purpose) & Consent.standing()
    same &= Consent.begun() if starts_on is None else Consent.starts_on.is_not_null()
    if not renews and await Consent.exists().where(same):
        return None
    is_own = signatory in OWN
    if signatory is Signatory.PERSON and not person.is_confirmed:
        raise Refusal(_("Сначала подтвердите почту: откройте ссылку из письма. Согласие даёт тот, чей это адрес."))
    if not is_own:
        await _require_no_quarrel(person, purpose, by, document)
    if document is None:
        text = (await latest_texts())[purpose].id
        if read not in (None, text):
            raise Stale(_("Текст документа только что изменился. Прочитайте его ещё раз и тогда решите."))
        document = Document(text, await term_in(project))
    consent = Consent(
        person=person.id, purpose=purpose, text=document.text, given_at=now(), recorded_by=by.id,
        signatory=signatory.value, starts_on=starts_on, term=document.term,
        ends_on=document.term if is_own else end_by_guardian(document.term, person),
        awaits_age=is_own and person.age_known == AgeKnown.UNKNOWN, scan=document.scan,
        awaits_teenager=signatory is Signatory.GUARDIAN and signs_beside_guardian(person.born_on, today()),
        signatory_name=document.signed_by, bans=msgspec.json.encode(document.bans).decode(),
    )  # fmt: skip
    await consent.save()
    await record(
        Happened.CONSENT_GIVEN, by=by, project=project, subject=person.id, purpose=purpose, text=document.text,
        signatory=signatory.value,
    )  # fmt: skip
    return consent


async def _require_no_quarrel(person: Person, purpose: str, by: Person, document: Document | None) -> None:
    """Raise Refusal if the family took the last one back, or said no."""
    if await family_said_no(person.id, purpose, to=by, asked_at=document.asked_at if document else None):
        raise Refusal(
            _("Семья забрала это согласие сама или отказала. Если она решила иначе, новое запишет организатор, когда спросит обоих родителей.")
        )  # fmt: skip


async def family_said_no(person_id: int, purpose: str, *, to: Person, asked_at: datetime | None = None) -> bool:
    """Return whether the family's last word was no: where two guardians disagree, the stricter one holds.

    That binds everybody but an organiser who asked both afterwards. ``asked_at``: when ``to`` asked; None: now.
    """
    counts = Consent.voided_at.is_null() | Consent.withdrawn_by_family.eq(True)  # a no counts whoever asked for the yes
    # What the child signs for the time after 18 is no word of the family's.
    mine = (Consent.person == person_id) & (Consent.purpose == purpose) & counts & signed_by(set(Signatory) - OWN)
    last = await Consent.objects().where(mine).order_by(Consent.id, ascending=False).first()
    if last is None or not last.withdrawn_by_family:
        return False
    has_asked_both = asked_at is None or asked_at > last.withdrawn_at
    return not (has_asked_both and await may_in_programme(to, StaffAction.ORGANISE))


async def store_refusal(person: Person, purpose: str, *, by: Person, document: Document) -> Consent:
    """Keep as a fact that a guardian said no, and who. Call inside the transaction that withdrew what stood and records the answer.

    ``by``: who asked.
    """
    at = now()
    refusal = Consent(
        person=person.id, purpose=purpose, text=document.text, given_at=at, recorded_by=by.id,
        signatory=Signatory.GUARDIAN.value, signatory_name=document.signed_by, term=document.term, ends_on=document.term,
        is_refusal=True, withdrawn_at=at, withdrawn_by_family=True,
    )  # fmt: skip
    await refusal.save()
    return refusal


async def withdraw_consent(project: Project, person: Person, purpose: str, *, by: Person) -> None:
    """Withdraw a consent at once: by the person at any age, the team's teacher, or an organiser.

    What somebody signed for the time from their 18th birthday on is theirs alone to take back until then.
    """
    theirs = Consent.id > 0 if person.id == by.id else Consent.begun()
    async with writing():
        teams = {row["project"] for row in await Member.select(Member.project).where(Member.person == person.id)}
        for project_id in sorted(teams | {project.id}):
            await lock_project(project_id)
        await lock_person(person.id)
        role = await role_of(by, project.id)
        await _require_member(project, person)
        require(may_withdraw_consent(role, is_own=person.id == by.id))
        gone = (
            await Consent.update({Consent.withdrawn_at: now(), Consent.withdrawn_by: by.id})
            .where((Consent.person == person.id) & (Consent.purpose == purpose) & Consent.standing() & theirs)
            .returning(Consent.id)
        )
        for project_id in sorted(teams) if gone else []:
            await record(Happened.CONSENT_WITHDRAWN, by=by, project=project_id, subject=person.id, purpose=purpose)


async def _require_member(project: Project, person: Person) -> None:
    if not await Member.exists().where((Member.project == project.id) & (Member.person == person.id)):
        raise Refusal(_("Этого человека уже нет в команде"))
