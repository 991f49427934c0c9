"""Consents of one person: who signs, in which state a consent is, and what a change of age does to it."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from incubator.core.clock import day_of, now, today
from incubator.core.languages import _
from incubator.db.conditions import Condition
from incubator.history.record import Actor, Happened, record
from incubator.people.ages import (
    AgeKnown,
    comes_of_age_on,
    is_near_of_age,
    last_day_as_a_minor,
    signs_beside_guardian,
)
from incubator.people.tables import Consent, Person


class Signatory(StrEnum):
    """Who signed a consent."""

    PERSON = "person"
    """An adult, for themselves, through their own account."""
    GUARDIAN = "guardian"
    """The guardian of a minor, electronically, without an account."""
    PAPER = "paper"
    """A guardian's paper form, received by somebody responsible."""
    OWN_PAPER = "own_paper"
    """An adult's own paper form, received by somebody responsible."""


#: Signed by the adult concerned: what a guardian signs ends with the 18th birthday and is the family's to take back, this is not.
OWN = frozenset({Signatory.PERSON, Signatory.OWN_PAPER})
#: Received on paper by somebody else.
ON_PAPER = frozenset({Signatory.PAPER, Signatory.OWN_PAPER})


def signed_by(signatories: Collection[Signatory]) -> Condition:
    """Return the condition that one of these signed."""
    return Consent.signatory.is_in(sorted(each.value for each in signatories))


def signatory_of(person: Person) -> Signatory | None:
    """Return who signs a paper form for ``person``; None: an adult by their own word alone, whose age has to be confirmed first."""
    if not person.is_adult:
        return Signatory.PAPER
    return Signatory.OWN_PAPER if person.is_known_adult else None


class ConsentState(StrEnum):
    """What a recorded consent is worth today; only HOLDING counts."""

    HOLDING = "holding"
    FUTURE = "future"
    """Given in advance, for the time from the 18th birthday on."""
    WAITING = "waiting"
    """Given by somebody whose age nobody responsible has confirmed."""
    TEENAGER = "teenager"
    """Given by a guardian through a mailed link; the teenager has not agreed yet."""
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    """A guardian answered a mailed link with no."""
    VOID = "void"


class Ban(StrEnum):
    """What a signatory may forbid those who see the data to do with it, beside words of their own."""

    COPY = "copy"
    ADS = "ads"


class VoidReason(StrEnum):
    """Why a consent never counted, where the program finds out by itself."""

    MINOR = "minor"
    """A minor gave it for themselves."""
    MERGED = "merged"
    """The recorder is the same person as the one concerned."""


def state_of(consent: Consent, day: date) -> ConsentState:
    """Return the state of a consent on ``day``; ``Consent.holding()`` is the same rule as a condition."""
    if consent.voided_at is not None:
        return ConsentState.VOID
    if consent.withdrawn_at is not None:
        return ConsentState.REFUSED if consent.is_refusal else ConsentState.WITHDRAWN
    if consent.ends_on < day:
        return ConsentState.ENDED
    if consent.awaits_age:
        return ConsentState.WAITING
    if consent.awaits_teenager:
        return ConsentState.TEENAGER
    if consent.starts_on is not None and consent.starts_on > day:
        return ConsentState.FUTURE
    return ConsentState.HOLDING


#: States in which a consent can still be taken back.
STANDING = frozenset({ConsentState.HOLDING, ConsentState.FUTURE, ConsentState.WAITING, ConsentState.TEENAGER})


def is_standing(consent: Consent, day: date) -> bool:
    """Return whether it was neither ended nor taken back; ``Consent.standing()`` is the same rule as a condition."""
    return state_of(consent, day) in STANDING


def in_state(state: ConsentState, day: date) -> Condition:
    """Return the condition that a consent is in ``state`` on ``day``: ``state_of`` for the database."""
    stands = Consent.voided_at.is_null() & Consent.withdrawn_at.is_null()
    lasts = stands & (Consent.ends_on >= day)
    begun = Consent.starts_on.is_null() | (Consent.starts_on <= day)
    counts = lasts & Consent.awaits_age.eq(False) & Consent.awaits_teenager.eq(False)
    taken = Consent.voided_at.is_null() & Consent.withdrawn_at.is_not_null()
    conditions: dict[ConsentState, Condition] = {
        ConsentState.VOID: Consent.voided_at.is_not_null(),
        ConsentState.WITHDRAWN: taken & Consent.is_refusal.eq(False),
        ConsentState.REFUSED: taken & Consent.is_refusal.eq(True),
        ConsentState.ENDED: stands & (Consent.ends_on < day),
        ConsentState.WAITING: lasts & Consent.awaits_age.eq(True),
        ConsentState.TEENAGER: lasts & Consent.awaits_age.eq(False) & Consent.awaits_teenager.eq(True),
        ConsentState.FUTURE: counts & (Consent.starts_on > day),
        ConsentState.HOLDING: counts & begun,
    }
    return conditions[state]


def void_reason_in_words(reason: str) -> str:
    """Return why a consent does not count, in the reader's language; an organiser's own words as they are."""
    words: dict[str, str] = {
        VoidReason.MINOR: _("дано самостоятельно, хотя ещё нет 18 лет"),
        VoidReason.MERGED: _("записано второй учётной записью того же человека"),
    }
    return words.get(reason, reason)


async def void(consent: Consent, reason: str, *, by: Actor | None, project: int | None = None) -> None:
    """Mark a consent as one that never counted. Call inside a transaction; a void one is left as it is."""
    gone = (
        await Consent.update(
            {Consent.voided_at: now(), Consent.voided_by: by.id if by else None, Consent.void_reason: reason}
        )
        .where((Consent.id == consent.id) & Consent.voided_at.is_null())
        .returning(Consent.person)
    )
    if gone:
        await record(
            Happened.CONSENT_VOIDED, by=by, project=project, subject=gone[0]["person"], purpose=consent.purpose
        )


async def settle_consents(person: Person, *, by: Actor | None, before: date | None) -> None:
    """Bring the consents of ``person`` in line with their age; ``before``: the date of birth until now.

    Call inside the transaction that changed the age and locked the person.
    """
    rows = await Consent.objects().where(
        (Consent.person == person.id) & Consent.withdrawn_at.is_null() & Consent.voided_at.is_null()
    )
    for consent in rows:
        if consent.signatory not in OWN:
            await _settle_guardians(consent, person, before)
        elif not person.is_adult and not _is_in_advance(consent, person):
            await void(consent, VoidReason.MINOR, by=by)
        else:
            await _settle_own(consent, person)


def _is_in_advance(consent: Consent, person: Person) -> bool:
    """Return whether a minor's own consent is for the time from a birthday that is near."""
    if consent.starts_on is None:
        return False
    return person.born_on is None or is_near_of_age(person.born_on, today())


async def _settle_own(consent: Consent, person: Person) -> None:
    if consent.starts_on is not None and person.born_on is not None:
        consent.starts_on = comes_of_age_on(person.born_on)
    consent.awaits_age = person.age_known == AgeKnown.UNKNOWN
    await consent.save([Consent.starts_on, Consent.awaits_age])


async def _settle_guardians(consent: Consent, person: Person, before: date | None) -> None:
    """A guardian signs up to the day before the 18th birthday; an end that was agreed earlier than that stays."""
    was = last_day_as_a_minor(before) if before is not None else None
    last = last_day_of_guardians(person)
    if consent.ends_on in (consent.term, was) or (last is not None and consent.ends_on > last):
        consent.ends_on = end_by_guardian(consent.term, person)
        await consent.save([Consent.ends_on])
    is_age_clear = (
        person.born_on is not None
    )  # who signs was clear when it was given; a date that is gone changes nothing
    if consent.signatory == Signatory.GUARDIAN and consent.teenager_agreed_at is None and is_age_clear:
        consent.awaits_teenager = signs_beside_guardian(person.born_on, day_of(consent.given_at))
        await consent.save([Consent.awaits_teenager])


def end_by_guardian(term: date, person: Person) -> date:
    """Return the last day of a consent that a guardian of ``person`` signs until ``term``."""
    return min(term, last_day_of_guardians(person) or term)


def last_day_of_guardians(person: Person) -> date | None:
    """Return the last day on which a guardian's consent for ``person`` counts; None while that is unknown."""
    if person.born_on is not None:
        return last_day_as_a_minor(person.born_on)
    return today() - timedelta(days=1) if person.is_adult else None
