"""A person's second factor: setting one up, showing it, taking it away; and another organiser's help when it is lost."""

from dataclasses import dataclass
from typing import Any

from incubator import config
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import AlreadyThere, writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.people.factors import forget_factors, has_factor
from incubator.people.grants import require_staff, roles_anywhere_of
from incubator.people.hashing import is_password
from incubator.people.locking import lock_person
from incubator.people.passkeys import NoPasskey, new_passkey, use_passkey
from incubator.people.permissions import StaffAction, needs_second_factor
from incubator.people.recovery_codes import codes_left, is_recovery_code, make_codes, use_code
from incubator.people.sessions import end_sessions_of, note_factor, note_password, open_session
from incubator.people.tables import Authenticator, Passkey, Person, RecoveryCode
from incubator.people.throttle import begin_code, begin_guess, guessed_right
from incubator.people.totp import matching_step, new_seed

APP, PASSKEY = "app", "passkey"
#: Passkeys of one person; more are nobody's.
MOST_PASSKEYS = 20


class WrongCode(Refusal):
    """The code is not that of the person's app, or was used already."""


@dataclass(frozen=True, slots=True)
class Shower:
    """Who shows a factor, and in which session: one that is open already, or one that waits for it."""

    person: Person
    session: str
    """Its secret."""
    is_signed_in: bool


async def may_have_factor(person: Person) -> bool:
    """Return whether the person may set one up: adults, and who needs one."""
    return person.is_adult or needs_second_factor(await roles_anywhere_of(person.id)) or await has_factor(person.id)


async def start_app(person: Person) -> None:
    """Make a new secret for an app; the one that is in use works until the new one has shown its first code."""
    if not await may_have_factor(person):
        raise NotAllowed(_("Второй шаг при входе – для взрослых"))
    async with writing():
        await lock_person(person.id)
        await _drop_waiting(person)
        await Authenticator(person=person.id, secret=new_seed(), created_at=now()).save()


async def waiting_app(person: Person) -> Authenticator | None:
    """Return the app that waits for its first code."""
    return await Authenticator.objects().where(_apps_of(person) & Authenticator.confirmed_at.is_null()).first()


async def confirm_app(shower: Shower, code: str) -> list[str]:
    """Take an app into use by its first code; return recovery codes if the person has none. Raises WrongCode."""
    person = shower.person
    async with writing():
        await lock_person(person.id)
        app = await waiting_app(person)
        if app is None:
            raise Refusal(_("Начните сначала: этот код больше не ждут"))
        step = matching_step(app.secret, digits_of(code), now())
        if step is None:
            raise WrongCode(_("Код не подошёл. Проверьте, верно ли идут часы на телефоне, и введите новый код."))
        await Authenticator.delete().where(_apps_of(person) & (Authenticator.id != app.id))
        at = now()
        app.confirmed_at = app.used_at = at
        app.last_step = step
        await app.save([Authenticator.confirmed_at, Authenticator.used_at, Authenticator.last_step])
        return await _added(shower, APP, "")


async def add_passkey(shower: Shower, answer: str, *, name: str) -> list[str]:
    """Add the passkey that the browser made; return recovery codes if the person has none. Raises NoPasskey."""
    person = shower.person
    if not await may_have_factor(person):
        raise NotAllowed(_("Второй шаг при входе – для взрослых"))
    try:
        async with writing():
            await lock_person(person.id)
            if await Passkey.count().where(Passkey.person == person.id) >= MOST_PASSKEYS:
                raise Refusal(_("Столько ключей не нужно: удалите лишние"))
            passkey = await new_passkey(person, answer, session=shower.session, name=name)
            await passkey.save()
            return await _added(shower, PASSKEY, name)
    except AlreadyThere:
        raise NoPasskey from None


async def _added(shower: Shower, kind: str, name: str) -> list[str]:
    await note_factor(shower.session)
    await record(Happened.FACTOR_ADDED, by=shower.person, kind=kind, name=name)
    has_codes = await RecoveryCode.exists().where(RecoveryCode.person == shower.person.id)
    return [] if has_codes else await make_codes(shower.person.id)


async def remove_app(person: Person) -> None:
    """Take the app out of use. Raises Refusal for the last factor of somebody who needs one."""
    async with writing():
        await lock_person(person.id)
        await _require_another(person, but_app=True)
        if await Authenticator.delete().where(_apps_of(person)).returning(Authenticator.id):
            await _removed(person, APP, "")


async def remove_passkey(person: Person, passkey_id: int) -> None:
    """Take a passkey out of use. Raises Refusal for the last factor of somebody who needs one."""
    async with writing():
        await lock_person(person.id)
        await _require_another(person, but_passkey=passkey_id)
        mine = (Passkey.person == person.id) & (Passkey.id == passkey_id)
        for row in await Passkey.delete().where(mine).returning(Passkey.name):
            await _removed(person, PASSKEY, row["name"])


async def _require_another(person: Person, *, but_app: bool = False, but_passkey: int = 0) -> None:
    if not (config.settings.is_second_factor_required and needs_second_factor(await roles_anywhere_of(person.id))):
        return
    app = not but_app and await Authenticator.exists().where(_in_use_by(person))
    others = (Passkey.person == person.id) & (Passkey.id != but_passkey)
    if not app and not await Passkey.exists().where(others):
        raise Refusal(_("Это ваш единственный второй шаг, а вашей роли он нужен. Сначала добавьте другой."))


async def _removed(person: Person, kind: str, name: str) -> None:
    if not await has_factor(person.id):
        await RecoveryCode.delete().where(RecoveryCode.person == person.id)
    await record(Happened.FACTOR_REMOVED, by=person, kind=kind, name=name)


async def renew_codes(person: Person) -> list[str]:
    """Return ten new recovery codes; the old ones end. Raises Refusal without a second factor."""
    async with writing():
        await lock_person(person.id)
        if not await has_factor(person.id):
            raise Refusal(_("Сначала добавьте приложение или ключ: коды заменяют их, когда телефона нет под рукой"))
        codes = await make_codes(person.id)
        await record(Happened.RECOVERY_CODES_MADE, by=person)
        return codes


async def show_code(shower: Shower, code: str) -> str:
    """Accept a code of the app or a recovery code, once; return the session's secret, a new one if it opens now.

    Raises WrongCode, and TooOften after too many wrong ones.
    """
    person = shower.person
    guess = await begin_code(person.id, is_signed_in=shower.is_signed_in)
    async with writing():
        await lock_person(person.id)
        if is_recovery_code(code):
            if not await use_code(person.id, code):
                raise WrongCode(_("Такого запасного кода нет, или он уже использован"))
            await record(Happened.RECOVERY_CODE_USED, by=person, left=await codes_left(person.id))
        elif not await _is_code_of_app(person, digits_of(code)):
            raise WrongCode(
                _("Код не подошёл. Введите тот, что приложение показывает сейчас: каждый годится один раз.")
            )
        secret = await _shown(shower)
    await guessed_right(guess)
    return secret


async def show_passkey(shower: Shower, answer: str) -> str:
    """Accept a passkey; return the session's secret, a new one if it opens now. Raises NoPasskey."""
    async with writing():
        await lock_person(shower.person.id)
        await use_passkey(shower.person, answer, session=shower.session)
        return await _shown(shower)


async def _shown(shower: Shower) -> str:
    if shower.is_signed_in:
        await note_factor(shower.session)
        return shower.session
    return await open_session(shower.session)


async def _is_code_of_app(person: Person, code: str) -> bool:
    """Return whether it is a code of the person's app whose step comes after every one that was accepted."""
    app = await Authenticator.objects().where(_in_use_by(person)).first()
    step = matching_step(app.secret, code, now()) if app else None
    if app is None or step is None:
        return False
    noted: dict[Any, Any] = {Authenticator.last_step: step, Authenticator.used_at: now()}
    is_new = (Authenticator.id == app.id) & (Authenticator.last_step < step)
    return bool(await Authenticator.update(noted).where(is_new).returning(Authenticator.id))


async def show_password(shower: Shower, password: str) -> None:
    """Accept the password of somebody who has no second factor. Raises Refusal, TooOften."""
    person = shower.person
    guess = await begin_guess(person.email, address="", device="signed in")
    if not await is_password(password, person.password):
        raise Refusal(_("Пароль не подошёл"))
    await guessed_right(guess)
    async with writing():
        await note_password(shower.session)


async def reset_factor(person_id: int, *, reason: str, by: Person | None) -> bool:
    """Take every second factor from somebody who lost it, end their sessions; return whether there was any.

    Who needs one sets up a new one at the next sign-in. ``by`` None: the command line. Raises NotAllowed, and Refusal
    for one's own.
    """
    async with writing():
        if by is not None:
            await require_staff(by, StaffAction.MANAGE_ACCOUNTS)
            if by.id == person_id:
                raise Refusal(_("Свой второй шаг меняют в профиле. Если телефона нет, войдите с запасным кодом."))
        person = await lock_person(person_id)
        if not await has_factor(person_id):
            return False
        await forget_factors(person_id)
        await Person.update({Person.factor_due_at: now()}).where(Person.id == person_id)
        await end_sessions_of(person)
        await record(Happened.FACTOR_RESET, by=by, subject=person_id, reason=reason)
        return True


def digits_of(code: str) -> str:
    """Return the code without the blank in its middle that apps show."""
    return "".join(code.split())


async def _drop_waiting(person: Person) -> None:
    await Authenticator.delete().where(_apps_of(person) & Authenticator.confirmed_at.is_null())


def _apps_of(person: Person) -> Condition:
    return Authenticator.person == person.id


def _in_use_by(person: Person) -> Condition:
    return _apps_of(person) & Authenticator.confirmed_at.is_not_null()
