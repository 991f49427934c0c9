"""Cards for pupils without a mailbox: a login and a code that works once, to choose a password with.

Only a code's hash is stored, so a card is printed when it is made or not at all; a lost one is replaced.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incubator.classroom.enrol import require_kept
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.logins import address_of, login_in
from incubator.core.printed_codes import new_code
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.people.accounts import set_password
from incubator.people.enrolments import confirmed_for_class_of
from incubator.people.hashing import hash_password, hash_secret
from incubator.people.locking import lock_person
from incubator.people.sessions import end_sessions_of
from incubator.people.tables import AccessCard, Person
from incubator.people.throttle import begin_guess, forget_guesses, guessed_right

#: Characters of a code, five bits each: 60 bits, of which anybody may try thirty an hour.
CODE = 12
#: How long a card may lie in a drawer.
LASTS = timedelta(days=60)


class CardRefused(Refusal):
    """The card opens nothing: it is none of ours, was used, replaced, or is too old."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed."""

    name: str
    school: str
    login: str
    code: str
    expires_at: datetime


async def make_cards(people: Iterable[int], *, renews: bool = False, by: Person) -> list[Card]:
    """Make a card for each pupil, in the order of their names; the former card and sessions end.

    With ``renews`` the password ends as well; without, whoever has chosen one is left out: a whole class is not sent back
    to its cards by one press. Raises NotAllowed, and Refusal if nobody is left, or for a pupil with a mailbox, who gets a
    new password by mail.
    """
    async with writing():
        rows = [row for row in await require_kept(people, by=by) if renews or not row.person.password]
        if not rows:
            raise Refusal(_("Все отмеченные уже вошли. Кто забыл пароль, тому сделайте новую карточку внизу страницы."))
        for row in rows:
            if row.person.has_mailbox:
                raise Refusal(
                    _("%(name)s уже с почтой: новый пароль приходит туда, карточка не нужна", name=row.person.name)
                )
        return [await _make(row.person, f"{row.organisation.name} {row.course}".strip(), by) for row in rows]


async def _make(person: Person, school: str, by: Person) -> Card:
    at = now()
    if person.password:
        await set_password(person, "", by=by)
    await end_sessions_of(person)
    await AccessCard.update({AccessCard.ended_at: at}).where((AccessCard.person == person.id) & AccessCard.working())
    code = new_code(CODE)
    card = AccessCard(person=person.id, code_hash=hash_secret(code), made_at=at, made_by=by.id, expires_at=at + LASTS)
    await card.save()
    await record(Happened.CARD_MADE, by=by, subject=person.id)
    name = " ".join(filter(None, (person.family_name, person.given_name)))
    return Card(name, school, login_in(person.email), code, at + LASTS)


async def use_card(login: str, code: str, password: str, *, address: str) -> Person:
    """Use up a card: its pupil's password is ``password`` from now on. Return the pupil.

    ``address``: of the client. Raises CardRefused, and TooOften after too many codes that were none.
    """
    card = await _card_with(login, code, address=address)
    _require_working(card)
    hashed = await hash_password(password)
    async with writing():
        person = await lock_person(card.person.id)
        fresh = await AccessCard.objects().get(AccessCard.id == card.id)
        _require_working(fresh or card)
        if not await AccessCard.exists().where((AccessCard.id == card.id) & is_honoured([person.id])):
            raise CardRefused(_("Эта карточка уже не действует: возьмите у педагога новую"))
        await AccessCard.update({AccessCard.used_at: now()}).where((AccessCard.id == card.id) & AccessCard.working())
        await set_password(person, hashed)
        await forget_guesses(person.email)
        await record(Happened.CARD_USED, by=person)
        return person


def is_honoured(people: Sequence[int]) -> Condition:
    """Return the condition that the school of these pupils still confirms whoever made a card: who has left knows no code that opens."""
    return AccessCard.working() & AccessCard.made_by.is_in(confirmed_for_class_of(people))


async def _card_with(login: str, code: str, *, address: str) -> AccessCard:
    """Return the card, working or not, of somebody who knows both its login and its code. Raises CardRefused, TooOften."""
    email = address_of(login)
    # Counted apart from passwords: whoever plays with cards locks nobody out.
    guess = await begin_guess(f"card {email}", address=address, what="card")
    card = (
        await AccessCard.objects(AccessCard.person)
        .where((AccessCard.code_hash == hash_secret(code)) & (AccessCard.person.email == email))
        .first()
    )
    if card is None:
        raise CardRefused(_("Логин и код не подошли друг к другу: проверьте, как они напечатаны на карточке"))
    await guessed_right(guess)
    return card


def _require_working(card: AccessCard) -> None:
    if card.used_at is not None:
        raise CardRefused(
            _("По этой карточке уже вошли. Войдите с паролем, который придумали, а если забыли – попросите у педагога новую.")
        )  # fmt: skip
    if card.ended_at is not None:
        raise CardRefused(_("Эта карточка уже не действует: возьмите у педагога новую"))
    if card.expires_at <= now():
        raise CardRefused(_("Срок карточки прошёл: возьмите у педагога новую"))
