"""Account actions: signing up, confirming, signing in, changing the password and the profile."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from urllib.parse import quote

from incubator.core.clock import now
from incubator.core.languages import _, current_locale, override_locale
from incubator.core.logins import is_login
from incubator.core.refusals import Refusal, Stale
from incubator.core.three_way import three_way
from incubator.db import AlreadyThere, writing
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.mail.reach import require_reachable
from incubator.people import tokens
from incubator.people.ages import AgeKnown
from incubator.people.factors import forget_factors
from incubator.people.hashing import hash_password, is_password
from incubator.people.known_devices import forget_devices, known_device
from incubator.people.locking import lock_as_proved, lock_person
from incubator.people.mail_limits import MailCause, allow_mail, forget_mails, may_have_mail
from incubator.people.oidc.ending import end_identities
from incubator.people.probing import counting_taken
from incubator.people.sessions import end_sessions_of, note_password
from incubator.people.tables import Person
from incubator.people.throttle import begin_guess, forget_guesses, guessed_right
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
    email: str, *, given_name: str = "", family_name: str = "", born_on: date | None = None, is_adult: bool = False,
    password_hash: str = "", confirmed: bool = False,
) -> Person:  # fmt: skip
    """Create an account without sending mail. Raises AddressTaken. Call inside a transaction.

    ``is_adult``: whoever creates it for somebody else (the command line, an import) knows them as an adult.
    """
    if await Person.exists().where(Person.email == email):
        raise AddressTaken(_("Этот адрес уже занят. Войдите или восстановите пароль."))
    at = now()
    person = Person(
        email=email, given_name=given_name, family_name=family_name, born_on=born_on,
        age_known=AgeKnown.ADULT.value if is_adult else "", age_known_at=at if is_adult else None,
        password=password_hash, email_confirmed_at=at if confirmed else None,
        locale=current_locale(), created_at=at,
    )  # fmt: skip
    await person.save()
    await record(Happened.SIGNED_UP, by=person)
    return person


async def sign_up(
    email: str, password: str, *, given_name: str = "", family_name: str = "", born_on: date | None = None,
    address: str = "", back: str = "", begin: Callable[[Person], Awaitable[object]] | None = None,
) -> Person:  # fmt: skip
    """Create an account and mail a link to confirm its address. Raises AddressTaken, TooOften, Unreachable.

    Without a link if the mailbox has had many mails: strangers may have caused them, and keep nobody from signing up.
    ``begin``: what the person begins with; if that fails, there is no account either.
    """
    await require_reachable(email)
    hashed = await hash_password(password)
    try:
        async with counting_taken(address), writing():
            person = await create_person(
                email, given_name=given_name, family_name=family_name, born_on=born_on, password_hash=hashed
            )
            if await may_have_mail(MailCause.CONFIRM, person.email):
                await ask_to_confirm(person, address=address, back=back)
            else:
                await allow_mail(MailCause.CONFIRM, address=address)
            if begin:
                await begin(person)
    except AlreadyThere:
        raise AddressTaken(_("Этот адрес уже занят. Войдите или восстановите пароль.")) from None
    return person


async def ask_to_confirm(person: Person, *, address: str = "", back: str = "", is_office: bool = False) -> None:
    """Mail a link that confirms the person's present address and then leads to the page ``back``. Raises TooOften.

    ``address`` is that of the client, which asks for so many mails only.
    """
    async with writing():
        person = await lock_person(person.id)
        await allow_mail(MailCause.CONFIRM, to=person.email, address=address, is_office=is_office)
        secret = await tokens.issue(person, CONFIRM)
        with override_locale(person.locale):
            await queue(
                person.email,
                _("Подтвердите адрес почты"),
                _("Здравствуйте! Откройте ссылку, чтобы мы знали, что письма доходят до вас. Она действует неделю."),
                link=f"/confirm/{secret}" + (f"?next={quote(back)}" if back else ""),
                locale=person.locale,
            )


async def confirm_email(secret: str) -> Person:
    """Mark the address as confirmed. Raises LinkExpired."""
    async with writing():
        person = await tokens.redeem(secret, CONFIRM)
        if person is None:
            raise LinkExpired
        await mark_confirmed(person)
        return person


async def confirm_with_password(secret: str, password: str, *, address: str, device: str = "") -> Person | None:
    """Confirm the address for whoever also knows the account's password, and return them; None for a wrong one.

    Somebody else may have opened the account: the click alone, on another device, would confirm it for them.
    Raises LinkExpired, TooOften, and Stale if the password has just been changed.
    """
    person = await tokens.holder(secret, CONFIRM)
    if person is None:
        raise LinkExpired
    known = await authenticate(person.email, password, address=address, device=device)
    if known is None:
        return None
    async with writing():
        await lock_as_proved(known)
        return await confirm_email(secret)


async def mark_confirmed(person: Person) -> None:
    """Record that the address is the person's, unless that is known. Call inside a transaction."""
    if person.email_confirmed_at is None:
        person.email_confirmed_at = now()
        await person.save([Person.email_confirmed_at])
        await record(Happened.EMAIL_CONFIRMED, by=person)


async def authenticate(email: str, password: str, *, address: str, device: str = "") -> Person | None:
    """Return the person with these credentials, or None. Raises TooOften after too many failures.

    ``device`` is the secret of the browser's cookie (people/known_devices.py).
    """
    person = await person_by_email(email)
    guess = await begin_guess(email, address=address, device=await known_device(person, device))
    if not await is_password(password, person.password if person else ""):
        return None
    await guessed_right(guess)
    return person


async def require_password(person: Person, password: str) -> None:
    """Raise Refusal unless it is the person's password, TooOften after too many wrong ones; one without a password needs none."""
    if not person.password:
        return
    guess = await begin_guess(person.email, address="", device="signed in")
    if not await is_password(password, person.password):
        raise Refusal(_("Нынешний пароль не подошёл"))
    await guessed_right(guess)


async def sign_in_by_link(secret: str) -> Person:
    """Return the holder of a sign-in link. Raises LinkExpired."""
    async with writing():
        person = await tokens.redeem(secret, SIGN_IN)
        if person is None:
            raise LinkExpired
        await _end_what_a_stranger_left(person)
        await mark_confirmed(person)
        return person


async def _end_what_a_stranger_left(person: Person) -> None:
    """End the second factor, known browsers and other ways in of an account whose mailbox is proved only now.

    Whoever opened it may have been somebody else, and must not keep its owner out. Call inside a transaction.
    """
    if person.email_confirmed_at is None:
        await forget_factors(person.id)
        await forget_devices(person)
        await end_identities(person)


async def mail_reset_link(email: str, *, address: str, device: str = "") -> None:
    """Mail a link to choose a new password; nothing if there is no such account, which counts as well. Raises TooOften, and Refusal for a login.

    ``device`` is the secret of the browser's cookie: strangers do not keep the owner's own browser waiting.
    """
    if is_login(email):
        raise Refusal(_("У этой записи нет почты. Новую карточку с кодом даст педагог: попросите его."))
    person = await person_by_email(email)
    is_own = bool(await known_device(person, device))
    async with writing():
        await allow_mail(MailCause.RESET, to=email, address=address, is_own=is_own)
    if person is None:
        return
    async with writing():
        person = await lock_person(person.id)
        if person.email != email:
            return
        secret = await tokens.issue(person, RESET)
        with override_locale(person.locale):
            await queue(
                person.email,
                _("Новый пароль"),
                _(
                    "Кто-то (надеемся, вы) попросил сменить пароль. Откройте ссылку и придумайте новый. Ссылка действует сутки."
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
        await _end_what_a_stranger_left(person)
        await set_password(person, hashed)
        await mark_confirmed(person)
        await forget_guesses(person.email)
        await forget_mails(MailCause.RESET, person.email)
        return person


async def change_password(person: Person, *, current: str, new: str, kept_session: str = "") -> None:
    """Set a new password and end every session except ``kept_session`` (its secret), in one transaction.

    An account without a password accepts any ``current``. Raises what ``require_password`` raises, and Stale
    when the password was changed elsewhere in the meantime.
    """
    await require_password(person, current)
    hashed = await hash_password(new)
    async with writing():
        fresh = await lock_person(person.id)
        if fresh.password != person.password:
            raise Stale
        await set_password(fresh, hashed, kept_session=kept_session)
        await note_password(kept_session)


async def set_password(person: Person, hashed: str, *, by: Person | None = None, kept_session: str = "") -> None:
    """Set the hash (empty: none) and end what was begun with the old password. Call inside a transaction.

    Sessions, links, a change of address, and ways in that were linked with the password; the link that confirms the address proves the mailbox, not the password.
    """
    person.password = hashed
    await person.save([Person.password])
    await record(Happened.PASSWORD_CHANGED, by=by or person, subject=person.id if by else None)
    await end_sessions_of(person, except_secret=kept_session)
    await tokens.end_all(person, kept=CONFIRM)
    await end_identities(person, but_by_address=True)


_followers_of_names: list[Callable[[Person], Awaitable[None]]] = []


def when_renamed(follow: Callable[[Person], Awaitable[None]]) -> None:
    """Call ``follow`` after somebody has changed their name, outside the transaction."""
    _followers_of_names.append(follow)


async def change_profile(
    person: Person, *, given_name: str, family_name: str, locale: str, read: Mapping[str, str] | None = None
) -> None:
    """Change name and language.

    ``read``: what the person saw before; what they did not touch stays as it is now: a teacher may have corrected the name. Raises Stale.
    """
    async with writing():
        fresh = await lock_person(person.id)
        former = [fresh.given_name, fresh.family_name, fresh.patronymic]
        typed = {"given_name": given_name, "family_name": family_name, "locale": locale}
        stored = {name: getattr(fresh, name) for name in typed}
        given_name, family_name, locale = three_way(
            read or {}, typed, stored, texts=("given_name", "family_name")
        ).values()
        is_renamed = former[:2] != [given_name, family_name]
        fresh.given_name, fresh.family_name, fresh.locale = given_name, family_name, locale
        await fresh.save([Person.given_name, Person.family_name, Person.locale])
        await record(Happened.PROFILE_CHANGED, by=fresh, former=former if is_renamed else None)
    if is_renamed:
        await follow_new_name(fresh)


async def follow_new_name(person: Person) -> None:
    """Let everything follow that somebody has a new name. Call outside the transaction."""
    for follow in _followers_of_names:
        await follow(person)
