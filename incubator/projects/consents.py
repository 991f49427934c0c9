"""Consents of a team's members for three purposes, with who recorded them, when, and under which text."""

from enum import StrEnum

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.references import some_id_of
from incubator.history.record import Happened, record
from incubator.people.locking import lock_person
from incubator.people.tables import Consent, ConsentText, Person
from incubator.projects.access import require, role_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import may_give_consent, may_withdraw_consent
from incubator.projects.tables import Member, Project


class Signatory(StrEnum):
    """Who signed a consent."""

    PERSON = "person"
    """An adult, for themselves, through their own account."""
    GUARDIAN = "guardian"
    """The guardian of a minor, electronically, without an account."""
    PAPER = "paper"
    """A guardian's paper form, received by somebody responsible."""


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
    """Return the consents in force, by person and purpose. One query."""
    if not person_ids:
        return {}
    rows = await Consent.objects(Consent.recorded_by).where(Consent.person.is_in(person_ids) & Consent.holding())
    return {(some_id_of(row.person), row.purpose): row for row in rows}


async def give_consent(project: Project, person: Person, purpose: str, *, by: Person) -> None:
    """Record an adult's own consent or, for a minor, that the guardian's form was received.

    Raises NotAllowed when ``by`` is neither the adult concerned nor, for a minor, the
    team's teacher or an organiser.
    """
    async with writing():
        await lock_project(project.id)
        person = await lock_person(person.id)
        role = await role_of(by, project.id)
        await _require_member(project, person)
        require(may_give_consent(role, is_own=person.id == by.id, is_adult=person.is_adult))
        await store_consent(
            person,
            purpose,
            by=by,
            signatory=Signatory.PERSON if person.is_adult else Signatory.PAPER,
            project=project.id,
        )


async def store_consent(person: Person, purpose: str, *, by: Person, signatory: Signatory, project: int) -> None:
    """Insert the row; an existing consent is left unchanged. Call inside a transaction."""
    if (person.id, purpose) in await valid_consents([person.id]):
        return
    text = (await latest_texts())[purpose]
    await Consent(
        person=person.id, purpose=purpose, text=text.id, given_at=now(), recorded_by=by.id, signatory=signatory.value
    ).save()
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
            .where((Consent.person == person.id) & (Consent.purpose == purpose) & Consent.holding())
            .returning(Consent.id)
        )
        if gone:
            await record(Happened.CONSENT_WITHDRAWN, by=by, project=project.id, subject=person.id, purpose=purpose)


async def _require_member(project: Project, person: Person) -> None:
    if not await Member.exists().where((Member.project == project.id) & (Member.person == person.id)):
        raise Refusal(_("Этого человека уже нет в команде"))
