"""Changing the address of an account: confirmed from the new and the present one, stopped from either.

A present address that was never confirmed proves nothing: it may be a slip of the finger and belong to a stranger.
Then the new one alone is asked.
"""

from datetime import timedelta
from typing import NamedTuple

from incubator.core.clock import now
from incubator.core.email_address import readable
from incubator.core.languages import _, override_locale
from incubator.core.refusals import Refusal, TooOften
from incubator.db import AlreadyThere, writing
from incubator.db.conditions import Condition
from incubator.db.references import some_id_of
from incubator.history.record import Actor, Happened, record
from incubator.mail.outbox import queue, readdress
from incubator.mail.reach import require_reachable
from incubator.people import tokens
from incubator.people.accounts import AddressTaken, LinkExpired, ask_to_confirm, person_by_email, require_password
from incubator.people.grants import people_to_write_to, require_staff
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.locking import lock_as_proved, lock_person
from incubator.people.mail_limits import MailCause, allow_mail
from incubator.people.oidc.ending import end_identities
from incubator.people.permissions import StaffAction
from incubator.people.probing import counting_taken
from incubator.people.sessions import end_sessions_of
from incubator.people.tables import AddressChange, Person

LASTS = timedelta(days=7)


class WrongPassword(Refusal):
    """The password is not that of the account."""


class Side(NamedTuple):
    """A change as seen from one of its two links."""

    change: AddressChange
    person: Person
    is_new: bool
    """The link was mailed to the new address."""


async def ask_new_address(person: Person, email: str, *, password: str, address: str) -> None:
    """Mail a link to the new address and one to the present; a change that was asked for before is replaced.

    ``address``: of the client. Raises WrongPassword, AddressTaken, TooOften, Unreachable, Stale, and Refusal for the present address.
    """
    if email == person.email:
        raise Refusal(_("Это и есть ваш нынешний адрес"))
    try:
        await require_password(person, password)
    except TooOften:
        raise
    except Refusal:
        raise WrongPassword(_("Пароль не подошёл")) from None
    await require_reachable(email)
    async with counting_taken(address), writing():
        fresh = await lock_as_proved(person)
        if await person_by_email(email):
            raise _taken()
        await AddressChange.update({AddressChange.ended_at: now()}).where(_open_of(fresh.id))
        await allow_mail(MailCause.ADDRESS, to=email, by=fresh, address=address)
        for_new, for_old, at = new_secret(), new_secret(), now()
        await AddressChange(
            person=fresh.id, email=email, new_hash=hash_secret(for_new), old_hash=hash_secret(for_old), asked_at=at,
            expires_at=at + LASTS,
        ).save()  # fmt: skip
        await _write_to_new(email, for_new, fresh.locale)
        if fresh.email_confirmed_at is not None:
            await _write_to_old(fresh, email, for_old)
        await record(Happened.ADDRESS_CHANGE_ASKED, by=fresh)


async def open_change(person: Person) -> AddressChange | None:
    """Return the change of address that waits for confirmations."""
    return await AddressChange.objects().where(_open_of(person.id)).first()


async def side_of(secret: str) -> Side | None:
    """Return the change behind a mailed link; None once it took effect, was stopped or is too old."""
    digest = hash_secret(secret)
    change = (
        await AddressChange.objects(AddressChange.person)
        .where(((AddressChange.new_hash == digest) | (AddressChange.old_hash == digest)) & AddressChange.open())
        .first()
    )
    return Side(change, change.person, change.new_hash == digest) if change else None


async def confirm_address(secret: str, *, kept_session: str = "") -> bool:
    """Confirm one side; return whether the new address took effect, which ends all sessions but ``kept_session``.

    Raises LinkExpired, and AddressTaken if somebody else has opened an account there meanwhile.
    """
    try:
        async with writing():
            side = await _locked(secret)
            mine = AddressChange.new_confirmed_at if side.is_new else AddressChange.old_confirmed_at
            await AddressChange.update({mine: now()}).where(AddressChange.id == side.change.id)
            is_old_there = side.change.old_confirmed_at or not side.is_new or side.person.email_confirmed_at is None
            if not (is_old_there and (side.is_new or side.change.new_confirmed_at)):
                await _ask_old_late(side)
                await record(Happened.ADDRESS_CHANGE_CONFIRMED, by=None, subject=side.person.id)
                return False
            await _take_effect(side.person, side.change.email, by=side.person, kept_session=kept_session)
            return True
    except AlreadyThere:
        raise _taken() from None


async def _ask_old_late(side: Side) -> None:
    """Mail the present address its link if that was confirmed only after the change was asked for."""
    change, person = side.change, side.person
    if not side.is_new or change.new_confirmed_at is not None or person.email_confirmed_at is None:
        return
    if person.email_confirmed_at > change.asked_at:
        secret = new_secret()
        await AddressChange.update({AddressChange.old_hash: hash_secret(secret)}).where(AddressChange.id == change.id)
        await _write_to_old(person, change.email, secret)


async def stop_address(secret: str) -> None:
    """Stop the change from either mailbox and sign the account out everywhere: somebody may know its password."""
    async with writing():
        side = await _locked(secret)
        await _end(side.person)
        await end_sessions_of(side.person)
        await record(Happened.ADDRESS_CHANGE_STOPPED, by=None, subject=side.person.id)


async def stop_own_change(person: Person) -> None:
    """Give up one's own change. Repeating it does nothing."""
    async with writing():
        await lock_person(person.id)
        if await _end(person):
            await record(Happened.ADDRESS_CHANGE_STOPPED, by=person)


async def change_address_for(person_id: int, email: str, *, reason: str, by: Person) -> bool:
    """Give somebody who lost their mailbox another address, as an organiser; it has to be confirmed anew.

    Ends their sessions and links, tells the other organisers and both addresses, the former one only if it was proved:
    return whether it was. Raises NotAllowed, AddressTaken, Unreachable, and Refusal for one's own account, whose change is confirmed by its password and both mailboxes.
    """
    await require_reachable(email)
    try:
        async with writing():
            await require_staff(by, StaffAction.MANAGE_ACCOUNTS)
            if person_id == by.id:
                raise Refusal(_("Свой адрес смените в профиле: там это подтвердят пароль и оба ящика"))
            person = await lock_person(person_id)
            old, was_proved = person.email, person.email_confirmed_at is not None
            if old == email:
                return was_proved
            await _take_effect(person, email, by=by, reason=reason, is_proved=False)
            await ask_to_confirm(person, is_office=True)
            if was_proved:
                await _tell_old(old, person, email)
            await _tell_office(person, reason, by=by)
            return was_proved
    except AlreadyThere:
        raise _taken() from None


async def _take_effect(
    person: Person, email: str, *, by: Actor, reason: str = "", is_proved: bool = True, kept_session: str = ""
) -> None:
    """Put the new address in force: links mailed to the old one and sessions end, waiting mail goes to the new one.

    To one that nobody has proved it goes with a digest after that: it may be mistyped and belong to a stranger.
    """
    if await person_by_email(email):
        raise _taken()
    old, was_proved = person.email, person.email_confirmed_at is not None
    person.email, person.email_confirmed_at = email, now() if is_proved else None
    await person.save([Person.email, Person.email_confirmed_at])
    await _end(person)
    await tokens.end_all(person)
    await end_identities(person, but_by_address=is_proved)
    held = {} if is_proved else {"is_bundled": True, "next_attempt_at": None}
    await readdress(old, email, was_proved=was_proved, **held)
    await end_sessions_of(person, except_secret=kept_session)
    await record(Happened.ADDRESS_CHANGED, by=by, subject=person.id, reason=reason)


async def _locked(secret: str) -> Side:
    """Return the change with its person locked. Raises LinkExpired."""
    side = await side_of(secret)
    if side is None:
        raise LinkExpired
    person = await lock_person(side.person.id)
    again = await side_of(secret)
    if again is None:
        raise LinkExpired
    return Side(again.change, person, again.is_new)


def _open_of(person_id: int) -> Condition:
    return (AddressChange.person == person_id) & AddressChange.open()


async def _end(person: Person) -> bool:
    ended = (
        await AddressChange.update({AddressChange.ended_at: now()})
        .where(_open_of(some_id_of(person)))
        .returning(AddressChange.id)
    )
    return bool(ended)


def _taken() -> AddressTaken:
    return AddressTaken(_("У этого адреса уже есть учётная запись. Если она ваша, объедините записи."))


async def _write_to_new(email: str, secret: str, locale: str) -> None:
    with override_locale(locale):
        await queue(
            email,
            _("Подтвердите новый адрес"),
            _("Кто-то попросил, чтобы письма программы приходили сюда. Если это вы, откройте ссылку. Она действует неделю."),
            _("Если это были не вы, просто не открывайте её."),
            link=f"/address/{secret}",
            locale=locale,
        )  # fmt: skip


async def _write_to_old(person: Person, email: str, secret: str) -> None:
    with override_locale(person.locale):
        await queue(
            person.email,
            _("Вы меняете адрес почты?"),
            _("Кто-то, зная ваш пароль, попросил сменить адрес учётной записи на %(email)s.", email=readable(email)),
            _("Если это вы, откройте ссылку и подтвердите: без этого адрес не сменится. Если не вы, откройте её и остановите."),
            link=f"/address/{secret}",
            locale=person.locale,
        )  # fmt: skip


async def _tell_old(old: str, person: Person, email: str) -> None:
    with override_locale(person.locale):
        await queue(
            old,
            _("Адрес вашей учётной записи сменил организатор"),
            _("Теперь письма приходят на %(email)s. Если вы об этом не просили, напишите организаторам программы.", email=readable(email)),
            locale=person.locale,
        )  # fmt: skip


async def _tell_office(person: Person, reason: str, *, by: Person) -> None:
    for organiser in await people_to_write_to(StaffAction.MANAGE_ACCOUNTS):
        if organiser.id == by.id:
            continue
        with override_locale(organiser.locale):
            await queue(
                organiser.email,
                _("Организатор сменил адрес учётной записи"),
                _("Чья запись: %(name)s. Кто сменил: %(who)s. Причина: %(reason)s.", name=person.name, who=by.name, reason=reason),
                link=f"/organiser/accounts/{person.id}",
                locale=organiser.locale,
            )  # fmt: skip
