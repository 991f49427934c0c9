"""What is said and known of a person's age: stated by themselves, confirmed or corrected by somebody responsible."""

from datetime import date

from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Actor, Happened, record
from incubator.people.ages import AgeKnown, is_adult, is_plausible, may_state
from incubator.people.consents import settle_consents
from incubator.people.locking import lock_person
from incubator.people.tables import Person


async def state_birth_date(person: Person, born_on: date) -> None:
    """Enter or correct one's own date of birth. Raises Refusal once somebody responsible has confirmed the age."""
    async with writing():
        fresh = await lock_person(person.id)
        if fresh.born_on == born_on:
            return
        if not may_state(born_on, fresh.age_known, fresh.born_on, today()):
            raise Refusal(_("Ваш возраст уже подтверждён. Если в дате ошибка, её исправит педагог или организатор."))
        before, fresh.born_on = fresh.born_on, born_on
        fresh.asked_for_own_consents_at = None
        await fresh.save([Person.born_on, Person.asked_for_own_consents_at])
        await settle_consents(fresh, by=fresh, before=before)
        await record(Happened.BIRTH_DATE_CHANGED, by=fresh, before=str(before or ""), after=str(born_on))


async def set_known_age(
    person: Person, born_on: date, *, by: Actor, reason: str = "", project: int | None = None
) -> None:
    """Record the date of birth as checked by somebody responsible.

    Raises Refusal for a change without a reason. Call inside a transaction that locked ``person`` and checked ``by``.
    """
    before = person.born_on
    is_change = before is not None and before != born_on
    becomes_adult = is_adult(born_on, AgeKnown.UNKNOWN, today())
    contradicts = person.age_known != AgeKnown.UNKNOWN and person.is_adult != becomes_adult
    if (is_change or contradicts) and not reason:
        raise Refusal(_("Напишите, почему дата меняется: причину увидят организаторы"))
    if before == born_on and person.age_known != AgeKnown.UNKNOWN:
        return
    known = AgeKnown.ADULT if becomes_adult else AgeKnown.MINOR
    person.born_on, person.age_known, person.age_known_by, person.age_known_at = born_on, known.value, by.id, now()
    person.asked_for_own_consents_at = None
    await person.save(
        [
            Person.born_on, Person.age_known, Person.age_known_by, Person.age_known_at,
            Person.asked_for_own_consents_at,
        ]
    )  # fmt: skip
    await settle_consents(person, by=by, before=before)
    happened = Happened.AGE_CONFIRMED if before == born_on else Happened.BIRTH_DATE_CHANGED
    await record(
        happened, by=by, project=project, subject=person.id, before=str(before or ""), after=str(born_on),
        reason=reason,
    )  # fmt: skip


async def know_as_adult(person: Person, *, by: Actor | None) -> None:
    """Record that somebody responsible knows ``person`` as an adult: by an appointment or by vouching.

    Raises Refusal for a minor. Call inside a transaction that locked ``person`` and records why.
    """
    is_said_to_be_minor = person.born_on is not None or person.age_known == AgeKnown.MINOR
    if is_said_to_be_minor and not person.is_adult:
        raise Refusal(_("Эта роль – для взрослых, а по дате рождения человеку ещё нет 18 лет"))
    if person.age_known != AgeKnown.UNKNOWN:
        return
    person.age_known, person.age_known_by, person.age_known_at = AgeKnown.ADULT.value, by.id if by else None, now()
    await person.save([Person.age_known, Person.age_known_by, Person.age_known_at])
    await settle_consents(person, by=by, before=person.born_on)


async def know_as_minor(person: Person, *, by: Actor) -> None:
    """Record that a guardian's form was received for ``person``: from now on only somebody responsible makes them older.

    Call inside a transaction that locked ``person`` and records the consent.
    """
    if person.age_known == AgeKnown.UNKNOWN:
        person.age_known, person.age_known_by, person.age_known_at = AgeKnown.MINOR.value, by.id, now()
        await person.save([Person.age_known, Person.age_known_by, Person.age_known_at])


async def forget_known_age(person: Person, *, by: Actor) -> None:
    """Let an age be a claim again, because whoever confirmed it turned out not to be entitled.

    Call inside the transaction that locked ``person`` and records why.
    """
    person.age_known, person.age_known_by, person.age_known_at = AgeKnown.UNKNOWN.value, None, None
    await person.save([Person.age_known, Person.age_known_by, Person.age_known_at])
    await settle_consents(person, by=by, before=person.born_on)


def plausible(born_on: date) -> bool:
    """Return whether somebody born on that day may have an account today."""
    return is_plausible(born_on, today())
