"""The outbox: a mail is a row, written in the transaction that causes it."""

from piccolo.columns import BigInt, Boolean, Integer, Serial, Text, Timestamptz, Varchar

from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.db.table import Table


class Message(Table):
    """One mail, from queueing until it is sent or given up."""

    id: Serial
    to = Varchar(length=254)
    subject = Varchar(length=300)
    body = Text()
    footer = Text(default="")
    """What follows the body: who writes, and how to get fewer mails. A digest has one for all its mails."""
    message_id = Varchar(length=120, unique=True)
    created_at = Timestamptz()
    attempts = Integer(default=0)
    next_attempt_at = Timestamptz(null=True, default=None, index=True)
    """When to try (again); null after it was sent or given up."""
    sent_at = Timestamptz(null=True, default=None)
    error = Text(default="")
    unsubscribe = Varchar(length=200, default="")
    """Path that unsubscribes its recipient from this kind of mail; empty if that is not possible."""
    is_bundled = Boolean(default=False)
    """Sent as part of a daily digest, never by itself."""
    event_id = BigInt(null=True, default=None)
    """The event of the journal that it is about, if any."""

    @classmethod
    def undelivered(cls) -> Condition:
        """Return the condition of a mail that waits or was given up; one that waits for a digest does not count."""
        return cls.sent_at.is_null() & cls.is_bundled.eq(False)


TABLES = [Message]

INDEXES = [
    Index("message_to", (Message.to, Message.created_at)),
    Index("message_unsubscribe", (Message.unsubscribe,), where="\"unsubscribe\" <> ''"),
    Index("message_bundled", (Message.to,), where='"is_bundled" AND "sent_at" IS NULL'),
]
