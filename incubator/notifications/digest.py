"""The daily digest: all of a reader's bundled mails in one."""

from datetime import datetime, timedelta
from typing import Any

from incubator.core.clock import REGION, now
from incubator.db import writing
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.notifications.mail_templates import worded
from incubator.people.tables import Person

#: The hour, in the region's time zone, at which it is sent.
HOUR = 8
_RULE = "· · ·"


async def send_digests() -> int:
    """Bundle the mails that were waiting when the last digest was due; return how many digests were queued."""
    until = _last_hour()
    rows = await Message.select(Message.to).where(_waits(until)).group_by(Message.to)
    return sum([await _bundle(row["to"], until) for row in rows])


def _last_hour() -> datetime:
    local = now().astimezone(REGION)
    at = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return at if at <= local else at - timedelta(days=1)


def _waits(until: datetime) -> Any:
    return Message.is_bundled.eq(True) & Message.sent_at.is_null() & (Message.created_at < until)


async def _bundle(to: str, until: datetime) -> bool:
    """Bundle one reader's mails in one transaction, so that each appears once even with concurrent bundling."""
    async with writing():
        taken = (
            await Message.update({Message.sent_at: now()})
            .where(_waits(until) & (Message.to == to))
            .returning(Message.id, Message.subject, Message.body)
        )
        if not taken:
            return False
        person = await Person.objects().where(Person.email == to).first()
        locale = person.locale if person else ""
        words = await worded("digest", locale, {"count": len(taken)})
        items = [f"{row['subject']}\n\n{row['body']}" for row in sorted(taken, key=lambda row: row["id"])]
        await queue(to, words.subject, words.body, *(f"{_RULE}\n\n{item}" for item in items), locale=locale)
        return True
