"""A person's own consents: what stands, taking one back, and giving one in the month before turning 18."""

from datetime import date
from typing import Any

from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.ages import ASKED_BEFORE, comes_of_age_on, is_near_of_age
from incubator.people.consents import OWN, Signatory, signed_by
from incubator.people.locking import lock_person
from incubator.people.tables import Consent, Person
from incubator.projects.consents import PURPOSES, STAFF, store_consent
from incubator.projects.locking import lock_project
from incubator.projects.staff_consents import works_in_programme
from incubator.projects.tables import Member


def coming_of_age(person: Person) -> date | None:
    """Return the 18th birthday if it is near: from then on the person's own consents count; else None."""
    if person.born_on is None or person.is_adult:
        return None
    return comes_of_age_on(person.born_on) if is_near_of_age(person.born_on, today()) else None


async def consents_of(person: Person) -> list[Consent]:
    """Return everything recorded about the person's consents, newest first."""
    rows: list[Consent] = (
        await Consent.objects(Consent.recorded_by, Consent.voided_by, Consent.text)
        .where(Consent.person == person.id)
        .order_by(Consent.id, ascending=False)
    )
    return rows


async def give_own_consent(person: Person, purpose: str, *, read: int | None = None) -> None:
    """Give one's own consent: an adult at once, a minor about to turn 18 for the time from the birthday on; ``read``: as in ``store_consent``.

    Raises Refusal for other minors, and for the document of those who
    work in the programme if the person does not.
    """
    async with writing():
        fresh = await lock_person(person.id)
        if purpose == STAFF and not (fresh.is_adult and await works_in_programme(fresh.id)):
            raise Refusal(_("Этот документ для тех, кто работает в программе: экспертов, наставников, педагогов"))
        starts_on = coming_of_age(fresh)
        if not fresh.is_adult and starts_on is None:
            raise Refusal(_("До 18 лет согласие подписывает родитель: бланк отметит педагог"))
        await store_consent(fresh, purpose, by=fresh, signatory=Signatory.PERSON, starts_on=starts_on, read=read)


async def agree_too(person: Person, purpose: str, *, read: int | None = None) -> None:
    """Let a guardian's consent from a mailed link count: the teenager signs beside the guardian. Repeating it does nothing.

    ``read``: the id of the ConsentText that the page showed; only a consent to that one counts. Raises Refusal if there is none that waits.
    """
    async with writing():
        fresh = await lock_person(person.id)
        at = now()
        mine = (Consent.person == fresh.id) & (Consent.purpose == purpose) & Consent.standing()
        if read is not None:
            mine &= Consent.text == read
        agreed = (
            await Consent.update({Consent.awaits_teenager: False, Consent.teenager_agreed_at: at})
            .where(mine & Consent.awaits_teenager.eq(True))
            .returning(Consent.id)
        )
        if not agreed:
            if await Consent.exists().where(mine & Consent.teenager_agreed_at.is_not_null()):
                return
            raise Refusal(
                _("Сначала согласие даёт родитель. Оно появится здесь, когда он ответит по ссылке из письма.")
            )
        team = (
            await Member.select(Member.project)
            .where(Member.person == fresh.id)
            .order_by(Member.project, ascending=False)
            .first()
        )
        await record(
            Happened.TEENAGER_AGREED, by=fresh, project=team["project"] if team else None, subject=fresh.id,
            purpose=purpose,
        )  # fmt: skip


async def withdraw_own_consent(person: Person, purpose: str, *, is_family: bool = False) -> bool:
    """Take back every consent for ``purpose`` that stands, at any age and in no team too; each team is told.

    ``is_family``: somebody with the family's code or a mailed link does it; what the person signed for the time from the 18th birthday on
    is not theirs.
    """
    theirs = signed_by(set(Signatory) - OWN) if is_family else Consent.id > 0
    async with writing():
        members = Member.select(Member.project).where(Member.person == person.id)
        teams = [row["project"] for row in await members] if purpose in PURPOSES else []
        for project_id in sorted(teams):
            await lock_project(project_id)
        await lock_person(person.id)
        gone = (
            await Consent.update(
                {
                    Consent.withdrawn_at: now(),
                    Consent.withdrawn_by: None if is_family else person.id,
                    Consent.withdrawn_by_family: is_family,
                }
            )
            .where((Consent.person == person.id) & (Consent.purpose == purpose) & Consent.standing() & theirs)
            .returning(Consent.id)
        )
        if is_family and not gone:
            gone = await _say_no_as_well(person, purpose)
        for project_id in (teams or [None]) if gone else []:
            await record(
                Happened.CONSENT_WITHDRAWN, by=None if is_family else person, project=project_id, subject=person.id,
                purpose=purpose, family=is_family,
            )  # fmt: skip
        return bool(gone)


async def _say_no_as_well(person: Person, purpose: str) -> list[dict[str, Any]]:
    """Let the family's no count for a consent that somebody else took back before: nobody but an organiser records the next one."""
    of_guardians = signed_by(set(Signatory) - OWN) & Consent.voided_at.is_null()
    last = (
        await Consent.objects()
        .where((Consent.person == person.id) & (Consent.purpose == purpose) & of_guardians)
        .order_by(Consent.id, ascending=False)
        .first()
    )
    if last is None or last.withdrawn_at is None:
        return []
    return (
        await Consent.update({Consent.withdrawn_by_family: True})
        .where((Consent.id == last.id) & Consent.withdrawn_by_family.eq(False))
        .returning(Consent.id)
    )


async def ask_for_own_consents() -> int:
    """Ask those who turn 18 within a month for consents of their own; return how many. Safe to run anywhere: each is asked once."""
    on = today()
    ending = Consent.select(Consent.person).where(
        signed_by(set(Signatory) - OWN)
        & Consent.standing()
        & (Consent.ends_on >= on)
        & (Consent.ends_on < on + ASKED_BEFORE)
    )
    rows = await Person.objects().where(
        Person.id.is_in(ending) & Person.asked_for_own_consents_at.is_null() & Person.born_on.is_not_null()
    )
    return sum([await _ask(person.id) for person in rows])


async def _ask(person_id: int) -> int:
    async with writing():
        person = await lock_person(person_id)
        if coming_of_age(person) is None or person.asked_for_own_consents_at is not None:
            return 0
        person.asked_for_own_consents_at = now()
        await person.save([Person.asked_for_own_consents_at])
        await record(Happened.OWN_CONSENTS_ASKED, by=None, subject=person.id)
        return 1
