"""Mail on its way: what waits, what failed and why, what went lately. Never its text, which holds secrets of links."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incubator import config
from incubator.mail.failure_reason import reason_of, words_of_server
from incubator.mail.tables import Message

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Posting:
    """One mail, without its text."""

    id: int
    to: str
    subject: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None
    reason: str
    """Why the last attempt failed; empty if none did."""
    server_said: str


@dataclass(frozen=True, slots=True)
class Outbox:
    waiting: list[Posting]
    failed: list[Posting]
    sent: list[Posting]
    waiting_count: int
    failed_count: int
    bundled_count: int
    """Mails that wait for their reader's daily digest."""
    has_server: bool


async def outbox() -> Outbox:
    """Return the oldest that wait, and the newest that failed or went, at most SHOWN each."""
    given_up = Message.undelivered() & Message.next_attempt_at.is_null()
    waiting = Message.undelivered() & Message.next_attempt_at.is_not_null()
    return Outbox(
        waiting=await _postings(waiting, Message.next_attempt_at, newest_first=False),
        failed=await _postings(given_up, Message.id),
        sent=await _postings(Message.sent_at.is_not_null(), Message.sent_at),
        waiting_count=await Message.count().where(waiting),
        failed_count=await Message.count().where(given_up),
        bundled_count=await Message.count().where(Message.sent_at.is_null() & Message.is_bundled.eq(True)),
        has_server=bool(config.settings.smtp_url),
    )


async def _postings(which: Any, order: Any, *, newest_first: bool = True) -> list[Posting]:
    rows = (
        await Message.select(
            Message.id, Message.to, Message.subject, Message.created_at, Message.attempts, Message.next_attempt_at,
            Message.sent_at, Message.error,
        )
        .where(which)
        .order_by(order, ascending=not newest_first)
        .limit(SHOWN)
    )  # fmt: skip
    return [_posting(row) for row in rows]


def _posting(row: dict[str, Any]) -> Posting:
    error = row.pop("error")
    return Posting(**row, reason=reason_of(error) if error else "", server_said=words_of_server(error))
