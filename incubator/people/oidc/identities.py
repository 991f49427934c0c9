"""Accounts at other sites: who signs in with one, linking it to an account here and unlinking it.

An account there is known by issuer and subject. One that is new is linked only if both sides have proved the same mailbox:
the provider says so, and here a mailed link was opened. Whoever has another address there signs in with the password first
and links it in the profile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from incubator import config
from incubator.config import SignInProvider
from incubator.core.clock import now
from incubator.core.email_address import readable
from incubator.core.languages import _, localized, override_locale
from incubator.core.refusals import Refusal
from incubator.db import AlreadyThere, writing
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.people.accounts import create_person, person_by_email
from incubator.people.locking import lock_person
from incubator.people.oidc.tokens import Visitor
from incubator.people.tables import Identity, Person


@dataclass(frozen=True, slots=True)
class WayIn:
    """A linked account, as its owner sees it."""

    id: int
    name: str
    email: str
    used_at: datetime


def provider_with(key: str) -> SignInProvider | None:
    return next((each for each in config.settings.sign_in_providers if each.key == key), None)


def name_of(issuer: str) -> str:
    """Return what the provider is called; one that is no longer in the settings by its host."""
    known = next((each for each in config.settings.sign_in_providers if each.issuer == issuer), None)
    return localized(known, "name") if known else urlsplit(issuer).hostname or issuer


async def ways_in(person: Person) -> Sequence[WayIn]:
    rows = await Identity.objects().where(Identity.person == person.id).order_by(Identity.id)
    return [WayIn(row.id, name_of(row.issuer), row.email, row.used_at) for row in rows]


async def person_for(visitor: Visitor) -> tuple[Person, bool]:
    """Return whose account it is, and whether it is new here. Raises Refusal where nothing proves that it is theirs."""
    try:
        async with writing():
            if identity := await _identity_of(visitor):
                await _note_use(identity, visitor)
                return await lock_person(identity.person), False
            if not (visitor.email and visitor.is_confirmed):
                raise Refusal(
                    _("Тот сайт не подтверждает адрес вашей почты. Войдите с паролем и привяжите вход в профиле.")
                )
            person = await person_by_email(visitor.email)
            is_new = person is None
            if person is None:
                person = await create_person(
                    visitor.email, given_name=visitor.given_name, family_name=visitor.family_name, confirmed=True
                )
            person = await lock_person(person.id)
            if person.email_confirmed_at is None:
                raise Refusal(
                    _(
                        "С адресом %(email)s здесь уже есть запись, но адрес в ней не подтверждён. Войдите с паролем и "
                        "откройте ссылку из письма; потом вход привяжется.",
                        email=readable(visitor.email),
                    )
                )
            await _link(person, visitor, is_by_address=True, is_told=not is_new)
            return person, is_new
    except AlreadyThere:
        raise Refusal(_("Вы вошли дважды в один миг. Попробуйте ещё раз.")) from None


async def link(person_id: int, visitor: Visitor) -> None:
    """Add a way in to the account of somebody who asked for it with their password. Repeating it does nothing.

    Raises Refusal if the account there belongs to somebody else here, or the address here is not confirmed.
    """
    async with writing():
        person = await lock_person(person_id)
        if person.email_confirmed_at is None:
            raise _address_first()
        identity = await _identity_of(visitor)
        if identity is None:
            is_same = visitor.is_confirmed and visitor.email == person.email
            await _link(person, visitor, is_by_address=is_same, is_told=True)
        elif identity.person != person.id:
            raise Refusal(
                _("Этот вход уже привязан к другой записи. Войдите через него или объедините записи в профиле.")
            )
        else:
            await _note_use(identity, visitor)


def require_confirmed(person: Person) -> None:
    """Raise Refusal for an account whose mailbox nobody has proved: whoever proves it must find no other ways in."""
    if person.email_confirmed_at is None:
        raise _address_first()


def _address_first() -> Refusal:
    return Refusal(_("Сначала подтвердите свой адрес почты: откройте ссылку из письма."))


async def unlink(person: Person, identity_id: int) -> bool:
    """Take a way in away; return whether there was one. Raises Refusal for the last one."""
    async with writing():
        person = await lock_person(person.id)
        rows = await Identity.objects().where(Identity.person == person.id)
        found = next((row for row in rows if row.id == identity_id), None)
        if found is None:
            return False
        if not person.password and len(rows) == 1:
            raise Refusal(_("Это единственный вход в вашу запись. Сначала придумайте пароль."))
        await Identity.delete().where(Identity.id == found.id)
        await record(Happened.IDENTITY_UNLINKED, by=person, subject=person.id, issuer=found.issuer)
        with override_locale(person.locale):
            await _tell(
                person, _("Отвязан вход через «%(name)s»", name=name_of(found.issuer)),
                _("Войти в вашу запись через «%(name)s» больше нельзя.", name=name_of(found.issuer)),
            )  # fmt: skip
        return True


async def _identity_of(visitor: Visitor) -> Identity | None:
    own = (Identity.issuer == visitor.issuer) & (Identity.subject == visitor.subject)
    return await Identity.objects().where(own).first()


async def _note_use(identity: Identity, visitor: Visitor) -> None:
    identity.used_at, identity.email = now(), visitor.email
    await identity.save([Identity.used_at, Identity.email])


async def _link(person: Person, visitor: Visitor, *, is_by_address: bool, is_told: bool) -> None:
    at = now()
    await Identity(
        person=person.id, issuer=visitor.issuer, subject=visitor.subject, email=visitor.email,
        is_by_address=is_by_address, linked_at=at, used_at=at,
    ).save()  # fmt: skip
    await record(Happened.IDENTITY_LINKED, by=person, subject=person.id, issuer=visitor.issuer)
    if is_told:
        with override_locale(person.locale):
            await _tell(
                person, _("Привязан вход через «%(name)s»", name=name_of(visitor.issuer)),
                _("Теперь в вашу запись можно войти через «%(name)s».", name=name_of(visitor.issuer)),
            )  # fmt: skip


async def _tell(person: Person, subject: str, text: str) -> None:
    warning = _("Если это сделали не вы, отвяжите вход в профиле и смените пароль.")
    await queue(person.email, subject, text, warning, link="/profile/ways-in", locale=person.locale)
