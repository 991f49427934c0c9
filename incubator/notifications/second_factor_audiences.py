"""Whom a change of somebody's second factor concerns: the person, whoever made it, and the office where another did."""

from collections.abc import Sequence
from typing import Any

from incubator.core.languages import _
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.people.second_factor import PASSKEY
from incubator.people.tables import Person

_HERE = "/profile/second-factor"


async def whose_factor(event: Event) -> Sequence[Reader]:
    """The person, who may not be the one who knows the password and did it."""
    data = data_of(event)
    return await _to(event.actor_id, _HERE, what=lambda: _what(data), count=data.get("left", 0))


async def whose_factor_was_reset(event: Event) -> Sequence[Reader]:
    return await _to(event.subject_id, _HERE, **await _reset_of(event))


async def office(event: Event) -> Sequence[Reader]:
    """The organisers, but not the one whose factor it was: they have a mail of their own."""
    person = await Person.objects().get(Person.id == event.subject_id)
    others = [each for each in await people_who_may(StaffAction.MANAGE_ACCOUNTS) if each.id != event.subject_id]
    return readers(
        others, f"/organiser/accounts/{event.subject_id}", name=person.name if person else "", **await _reset_of(event)
    )  # fmt: skip


async def _to(person_id: int | None, link: str, **values: Any) -> Sequence[Reader]:
    person = await Person.objects().get(Person.id == person_id) if person_id else None
    return readers([person] if person else [], link, **values)


async def _reset_of(event: Event) -> dict[str, Any]:
    by = await Person.objects().get(Person.id == event.actor_id) if event.actor_id else None
    reason = str(data_of(event).get("reason", ""))
    return {
        "who": lambda: by.name if by else _("командная строка сервера"),
        "reason": lambda: reason or _("не названа"),
    }


def _what(data: dict[str, Any]) -> str:
    if data.get("kind") == PASSKEY:
        return _("ключ доступа «%(name)s»", name=data.get("name", ""))
    return _("приложение с кодами")


AUDIENCES = (
    Audience(Happened.FACTOR_ADDED, whose_factor, "factor_added", tells_doer=True),
    Audience(Happened.FACTOR_REMOVED, whose_factor, "factor_removed", tells_doer=True),
    Audience(Happened.RECOVERY_CODES_MADE, whose_factor, "codes_made", tells_doer=True),
    Audience(Happened.RECOVERY_CODE_USED, whose_factor, "code_used", tells_doer=True),
    Audience(Happened.FACTOR_RESET, whose_factor_was_reset, "factor_reset"),
    Audience(Happened.FACTOR_RESET, office, "factor_reset_office"),
)
