"""The journal: everything that happened, in order; what an event says never changes.

Ids are plain numbers, not foreign keys: the journal outlives the rows that it mentions, and
it lies below the features that write to it (docs/adr/0003).
"""

from piccolo.columns import BigInt, Serial, Text, Timestamptz, Varchar

from incubator.db.indexes import Index
from incubator.db.table import Table


class Event(Table):
    """One event: when it happened, who did it, whom and what it concerns."""

    id: Serial
    at = Timestamptz()
    happened = Varchar(length=40, index=True)
    actor_id = BigInt(null=True, default=None)
    """The person who did it; null: the system, or an import."""
    subject_id = BigInt(null=True, default=None)
    """The person concerned, if that is not the actor."""
    project_id = BigInt(null=True, default=None, index=True)
    submission_id = BigInt(null=True, default=None)
    data = Text(default="{}")
    """Details as a JSON object."""
    told_at = Timestamptz(null=True, default=None)
    """When those whom it concerns were told; null: not yet (``notifications/tell.py``)."""


TABLES = [Event]

INDEXES = [
    Index("event_actor", (Event.actor_id, Event.id)),
    Index("event_untold", (Event.id,), where='"told_at" IS NULL'),
]
