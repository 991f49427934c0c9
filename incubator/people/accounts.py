"""Account actions: signing up, confirming, signing in, changing the password and the profile."""

from incubator.core.clock import now
from incubator.core.languages import _, current_locale, override_locale
from incubator.core.refusals import Refusal, Stale
from incubator.db import AlreadyThere, writing
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.people import tokens
from incubator.people.hashing import hash_password, is_password
from incubator.people.locking import lock_person
from incubator.people.sessions import end_sessions_of
from incubator.people.tables import Person
from incubator.people.throttle import count_attempt, forget_attempts, refuse_too_many
from incubator.people.tokens import CONFIRM, RESET, SIGN_IN


class AddressTaken(Refusal):
    """There is already an account with this address."""


class LinkExpired(Refusal):
    """The link was used, was replaced or is too old."""

    def __init__(self) -> None:
        super().__init__(_("Ссылка уже использована или устарела. Запросите новую."))


async def person_by_email(email: str) -> Person | None:
    return await Person.objects().where(Person.email == email).first()


async def create_person(
    email: str, *, given_name: str = "", family_name: str = "", is_adult: bool = False, password_hash: str = "",
    confirmed: bool = False,
) -> Person:  # fmt: skip
    """Create an account without sending mail. Raises AddressTaken. Call inside a transaction."""
    if await Person.exists().where(Person.email == email):
        raise AddressTaken(_("Этот адрес уже занят. Войдите или восстановите пароль."))
    at = now()
    person = Person(
        email=email, given_name=given_name, family_name=family_name, is_adult=is_adult,
        password=password_hash, email_confirmed_at=at if confirmed else None,
        locale=current_locale(), created_at=at,
    )  # fmt: skip
    await person.save()
    await record(Happened.SIGNED_UP, by=person)
    return person


async def sign_up(
    email: str, password: str, *, given_name: str = "", family_name: str = "", is_adult: bool = False
) -> Person:
    """Create an account and mail a link to confirm its address. Raises AddressTaken."""
    hashed = await hash_password(password)
    try:
        async with writing():
            person = await create_person(
                email, given_name=given_name, family_name=family_name, is_adult=is_adult, password_hash=hashed
            )
            await ask_to_confirm(person)
    except AlreadyThere:
        raise AddressTaken(_("Этот адрес уже занят. Войдите или восстановите пароль.")) from None
    return person


async def ask_to_confirm(person: Person) -> None:
    """Mail a link that confirms the address."""
    async with writing():
        secret = await tokens.issue(person, CONFIRM)
        with override_locale(person.locale):
            await queue(
                person.email,
                _("Подтвердите адрес почты"),
                _("Здравствуйте! Откройте ссылку, чтобы мы знали, что письма доходят до вас. Она действует неделю."),
                link=f"/confirm/{secret}",
                locale=person.locale,
            )


async def confirm_email(secret: str) -> Person:
    """Mark the address as confirmed. Raises LinkExpired."""
    async with writing():
        person = await tokens.redeem(secret, CONFIRM)
        if person is None:
            raise LinkExpired
        await _confirmed(person)
        return person


async def _confirmed(person: Person) -> None:
    if person.email_confirmed_at is None:
        person.email_confirmed_at = now()
        await person.save([Person.email_confirmed_at])
        await record(Happened.EMAIL_CONFIRMED, by=person)


async def authenticate(email: str, password: str, *, address: str) -> Person | None:
    """Return the person with these credentials, or None. Raises TooOften after too many failures."""
    await refuse_too_many("sign-in", account=email, address=address)
    person = await person_by_email(email)
    if await is_password(password, person.password if person else ""):
        await forget_attempts("sign-in", account=email)
        return person
    await count_attempt("sign-in", account=email, address=address)
    return None


async def sign_in_by_link(secret: str) -> Person:
    """Return the holder of a sign-in link. Raises LinkExpired."""
    async with writing():
        person = await tokens.redeem(secret, SIGN_IN)
        if person is None:
            raise LinkExpired
        await _confirmed(person)
        return person


async def mail_reset_link(email: str, *, address: str) -> None:
    """Mail a link to choose a new password; do nothing if there is no such account."""
    await refuse_too_many("reset", account=email, address=address)
    await count_attempt("reset", account=email, address=address)
    person = await person_by_email(email)
    if person is None:
        return
    async with writing():
        secret = await tokens.issue(person, RESET)
        with override_locale(person.locale):
            await queue(
                person.email,
                _("Новый пароль"),
                _(
                    "Кто-то (надеемся, вы) попросил сменить пароль. Откройте ссылку и придумайте новый. Ссылка действует два часа."
                ),
                _("Если это были не вы, ничего делать не нужно."),
                link=f"/password/reset/{secret}",
                locale=person.locale,
            )


async def reset_password(secret: str, password: str) -> Person:
    """Redeem the mailed link, which also proves the address, and end every session. Raises LinkExpired."""
    hashed = await hash_password(password)
    async with writing():
        person = await tokens.redeem(secret, RESET)
        if person is None:
            raise LinkExpired
        await _set_password(person, hashed)
        await _confirmed(person)
        return person


async def change_password(person: Person, *, current: str, new: str, kept_session: str = "") -> None:
    """Set a new password and end every session except ``kept_session`` (its secret), in one transaction.

    An account without a password accepts any ``current``. Raises Refusal when ``current`` is wrong, Stale
    when the password was changed elsewhere in the meantime.
    """
    if person.password and not await is_password(current, person.password):
        raise Refusal(_("Нынешний пароль не подошёл"))
    hashed = await hash_password(new)
    async with writing():
        fresh = await lock_person(person.id)
        if fresh.password != person.password:
            raise Stale
        await _set_password(fresh, hashed, kept_session=kept_session)


async def _set_password(person: Person, hashed: str, *, kept_session: str = "") -> None:
    """Set the hash and end the sessions that were begun with the old password. Call inside a transaction."""
    person.password = hashed
    await person.save([Person.password])
    await record(Happened.PASSWORD_CHANGED, by=person)
    await end_sessions_of(person, except_secret=kept_session)


async def change_profile(person: Person, *, given_name: str, family_name: str, locale: str, is_adult: bool) -> None:
    """Change name and language, and record coming of age (which cannot be undone)."""
    async with writing():
        fresh = await lock_person(person.id)
        fresh.given_name, fresh.family_name, fresh.locale = given_name, family_name, locale
        fresh.is_adult = fresh.is_adult or is_adult
        await fresh.save([Person.given_name, Person.family_name, Person.locale, Person.is_adult])
        await record(Happened.PROFILE_CHANGED, by=fresh, is_adult=fresh.is_adult)
