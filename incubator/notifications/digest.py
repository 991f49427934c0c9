"""The daily digest: all of a reader's bundled mails in one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from incubator.core.clock import REGION, now
from incubator.db import writing
from incubator.history.tables import Event
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.notifications.audiences import Audience
from incubator.notifications.mail_templates import worded
from incubator.notifications.preferences import DIGEST, NEVER, rhythm_of
from incubator.notifications.send import kind_in, path_to_fewer
from incubator.notifications.tell import readers_of
from incubator.people.tables import Person

#: The hour, in the region's time zone, at which it is sent.
HOUR = 8
_RULE = "· · ·"


async def bundle_waiting(audiences: Sequence[Audience]) -> int:
    """Bundle the mails that were waiting when the last digest was due; return how many digests were queued.

    A mail about something that is over by now is dropped: ``audiences`` do not name its reader any more.
    Mails to an address that nobody has confirmed, or that is no account's any more, go on waiting: it may be mistyped.
    """
    until = _last_hour()
    proved = Person.select(Person.email).where(Person.email_confirmed_at.is_not_null())
    rows = await Message.select(Message.to).where(_waits(until) & Message.to.is_in(proved)).group_by(Message.to)
    return sum([await _bundle(row["to"], until, audiences) for row in rows])


def _last_hour() -> datetime:
    local = now().astimezone(REGION)
    at = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return at if at <= local else at - timedelta(days=1)


def _waits(until: datetime) -> Any:
    return Message.is_bundled.eq(True) & Message.sent_at.is_null() & (Message.created_at < until)


async def _bundle(to: str, until: datetime, audiences: Sequence[Audience]) -> bool:
    """Bundle one reader's mails in one transaction, so that each appears once even with concurrent bundling."""
    async with writing():
        taken = (
            await Message.update({Message.sent_at: now()})
            .where(_waits(until) & (Message.to == to))
            .returning(Message.id, Message.subject, Message.body, Message.event_id, Message.unsubscribe)
        )
        person = await Person.objects().where(Person.email == to).first()
        over = [row["id"] for row in taken if person and not await _is_wanted(person, row, audiences)]
        await Message.delete().where(Message.id.is_in(over or [0]))
        items = [row for row in sorted(taken, key=lambda row: row["id"]) if row["id"] not in over]
        if not items:
            return False
        locale = person.locale if person else ""
        words = await worded("digest", locale, {"count": len(items)})
        texts = [f"{_RULE}\n\n{row['subject']}\n\n{row['body']}" for row in items]
        await queue(
            to,
            words.subject,
            words.body,
            *texts,
            locale=locale,
            unsubscribe=path_to_fewer(DIGEST, person) if person else "",
        )
        return True


async def _is_wanted(person: Person, row: dict[str, Any], audiences: Sequence[Audience]) -> bool:
    """Return whether the mail still concerns the person, who has not refused its kind in the meantime."""
    kind = kind_in(row["unsubscribe"])
    if kind and await rhythm_of(person.id, kind) == NEVER:
        return False
    return await _still_concerns(person, row["event_id"], audiences)


async def _still_concerns(person: Person, event_id: int | None, audiences: Sequence[Audience]) -> bool:
    """Return whether the event still concerns the person; mails without an event always do."""
    event = await Event.objects().get(Event.id == event_id) if event_id else None
    if event is None:
        return True
    return any(reader.person.id == person.id for _audience, reader in await readers_of(event, audiences))
