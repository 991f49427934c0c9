"""Whom events about classes concern."""

from collections.abc import Sequence

from incubator.core.clock import today
from incubator.core.formatting import day
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, readers
from incubator.people.tables import Substitution


async def substitute(event: Event) -> Sequence[Reader]:
    """Whoever is asked to stand in, while they do."""
    row = (
        await Substitution.objects(Substitution.substitute, Substitution.teacher)
        .where((Substitution.substitute == event.subject_id) & (Substitution.teacher == event.actor_id))
        .order_by(Substitution.id, ascending=False)
        .first()
    )
    if row is None or row.ended_at is not None or row.until < today():
        return []
    until = row.until
    return readers([row.substitute], "/class", name=row.teacher.name, day=lambda: day(until))


AUDIENCES = (Audience(Happened.SUBSTITUTE_NAMED, substitute, "substitute_named"),)
