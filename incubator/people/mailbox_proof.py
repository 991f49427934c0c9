"""Proving by a mailed secret that a mailbox is somebody's; an account that a stranger opened under it ends."""

from datetime import date

from incubator.core.languages import _
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people import tokens
from incubator.people.accounts import AddressTaken, LinkExpired, create_person, mark_confirmed, person_by_email
from incubator.people.age_changes import state_birth_date
from incubator.people.factors import forget_factors
from incubator.people.hashing import hash_password
from incubator.people.known_devices import forget_devices
from incubator.people.locking import lock_person
from incubator.people.oidc.ending import end_identities
from incubator.people.sessions import end_sessions_of
from incubator.people.tables import Person


async def end_what_stood(person: Person) -> None:
    """End password, second factor, sessions, links, known devices and other ways in of an account that somebody else may have opened.

    Call inside a transaction that has locked the person, when its mailbox is proved for the first time.
    """
    person.password = ""
    await person.save([Person.password])
    await record(Happened.PASSWORD_CHANGED, by=None, subject=person.id)
    await end_sessions_of(person)
    await tokens.end_all(person)
    await forget_devices(person)
    await end_identities(person)
    await forget_factors(person.id)


async def claim_mailbox(
    email: str, hashed: str, *, given_name: str = "", family_name: str = "", born_on: date | None = None
) -> Person:
    """Return the account of somebody who proved by a mailed secret that the mailbox is theirs. Call inside a transaction.

    It is created if there is none. What stood in an account that nobody had confirmed ends, and the password with the
    hash ``hashed`` counts. Raises AddressTaken if its owner confirmed it before: they sign in. Whoever calls it lets
    everything follow a new name afterwards (``accounts.py: follow_new_name``).
    """
    person = await person_by_email(email)
    if person is None:
        return await create_person(
            email, given_name=given_name, family_name=family_name, born_on=born_on, password_hash=hashed,
            confirmed=True,
        )  # fmt: skip
    person = await lock_person(person.id)
    if person.email_confirmed_at is not None:
        raise AddressTaken(_("У этого адреса уже есть запись. Войдите под ней и откройте ссылку ещё раз."))
    await end_what_stood(person)
    former = [person.given_name, person.family_name, person.patronymic]
    person.password = hashed
    person.given_name, person.family_name = given_name or person.given_name, family_name or person.family_name
    await person.save([Person.password, Person.given_name, Person.family_name])
    if former[:2] != [person.given_name, person.family_name]:
        await record(Happened.PROFILE_CHANGED, by=person, former=former)
    await mark_confirmed(person)
    if born_on is not None:
        await state_birth_date(person, born_on)
    return person


async def confirm_with_new_password(secret: str, password: str) -> Person:
    """Redeem a confirmation link for the mailbox's owner, who does not know the account's password: it gets a new one.

    What stood ends: somebody else may have opened the account. Raises LinkExpired.
    """
    hashed = await hash_password(password)
    async with writing():
        person = await tokens.redeem(secret, tokens.CONFIRM)
        if person is None:
            raise LinkExpired
        return await claim_mailbox(person.email, hashed)
