"""Consents of a team's members for three purposes, with who recorded them, when, and under which text."""

from datetime import date

from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.references import some_id_of
from incubator.history.record import Happened, record
from incubator.people.age_changes import know_as_minor
from incubator.people.ages import AgeKnown
from incubator.people.consents import ConsentState, Signatory, last_day_of_guardians, state_of
from incubator.people.locking import lock_person
from incubator.people.tables import Consent, ConsentText, Person
from incubator.projects.access import require, role_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import may_give_consent, may_withdraw_consent
from incubator.projects.tables import Member, Project

PARTICIPATION = "participation"
PUBLIC_NAME = "public_name"
PHOTO = "photo"
PURPOSES = (PARTICIPATION, PUBLIC_NAME, PHOTO)


def purpose_title(purpose: str) -> str:
    """Return what somebody consents to, in words."""
    return {PARTICIPATION: _("участие"), PUBLIC_NAME: _("полное имя на витрине"), PHOTO: _("фото")}[purpose]


async def latest_texts() -> dict[str, ConsentText]:
    """Return the newest text for each purpose."""
    rows = await ConsentText.objects().order_by(ConsentText.version)
    return {row.purpose: row for row in rows}


async def valid_consents(person_ids: list[int]) -> dict[tuple[int, str], Consent]:
    """Return the consents in force today, by person and purpose. One query."""
    if not person_ids:
        return {}
    rows = await Consent.objects(Consent.recorded_by).where(Consent.person.is_in(person_ids) & Consent.holding())
    return {(some_id_of(row.person), row.purpose): row for row in rows}


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
    ranked = sorted(rows, key=lambda row: state_of(row, day) is ConsentState.HOLDING)
    return {(some_id_of(row.person), row.purpose): row for row in ranked}


async def give_consent(project: Project, person: Person, purpose: str, *, by: Person) -> None:
    """Record an adult's own consent or, for a minor, that the guardian's form was received.

    An adult's counts once somebody responsible knows the age; a guardian's form makes the age of the minor known.
    Raises NotAllowed when ``by`` is neither the adult concerned nor, for a minor, the
    team's teacher, known to the programme, or an organiser.
    """
    async with writing():
        await lock_project(project.id)
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
        )


async def store_consent(
    person: Person, purpose: str, *, by: Person, signatory: Signatory, project: int | None = None,
    starts_on: date | None = None,
) -> None:  # fmt: skip
    """Insert the row; one that stands already is left unchanged. Call inside a transaction that locked the person.

    ``starts_on``: the 18th birthday, for a person's own consent that is given in advance.
    """
    same = (Consent.person == person.id) & (Consent.purpose == purpose) & Consent.standing()
    begun = Consent.starts_on.is_null() | (Consent.starts_on <= today())
    same &= begun if starts_on is None else Consent.starts_on.is_not_null()
    if await Consent.exists().where(same):
        return
    text = (await latest_texts())[purpose]
    is_own = signatory is Signatory.PERSON
    await Consent(
        person=person.id, purpose=purpose, text=text.id, given_at=now(), recorded_by=by.id, signatory=signatory.value,
        starts_on=starts_on, ends_on=None if is_own else last_day_of_guardians(person),
        awaits_age=is_own and person.age_known == AgeKnown.UNKNOWN,
    ).save()  # fmt: skip
    await record(
        Happened.CONSENT_GIVEN, by=by, project=project, subject=person.id, purpose=purpose, text=text.version,
        signatory=signatory.value,
    )  # fmt: skip


async def withdraw_consent(project: Project, person: Person, purpose: str, *, by: Person) -> None:
    """Withdraw a consent at once: by the person at any age, the team's teacher, or an organiser."""
    async with writing():
        await lock_project(project.id)
        await lock_person(person.id)
        role = await role_of(by, project.id)
        await _require_member(project, person)
        require(may_withdraw_consent(role, is_own=person.id == by.id))
        gone = (
            await Consent.update({Consent.withdrawn_at: now(), Consent.withdrawn_by: by.id})
            .where((Consent.person == person.id) & (Consent.purpose == purpose) & Consent.standing())
            .returning(Consent.id)
        )
        if gone:
            await record(Happened.CONSENT_WITHDRAWN, by=by, project=project.id, subject=person.id, purpose=purpose)


async def _require_member(project: Project, person: Person) -> None:
    if not await Member.exists().where((Member.project == project.id) & (Member.person == person.id)):
        raise Refusal(_("Этого человека уже нет в команде"))
