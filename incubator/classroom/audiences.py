"""Whom events about classes concern."""

from collections.abc import Sequence
from datetime import date

from incubator.core.clock import today
from incubator.core.formatting import day
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.tables import Person, Substitution
from incubator.projects.audiences import name_of


async def substitute(event: Event) -> Sequence[Reader]:
    """Whoever is asked to stand in, while they do."""
    row = (
        await Substitution.objects(Substitution.substitute, Substitution.teacher)
        .where((Substitution.substitute == event.subject_id) & (Substitution.teacher == _teacher_in(event)))
        .order_by(Substitution.id, ascending=False)
        .first()
    )
    if row is None or row.ended_at is not None or row.until < today():
        return []
    until = row.until
    return readers([row.substitute], "/class", name=row.teacher.name, day=lambda: day(until))


async def teacher_replaced(event: Event) -> Sequence[Reader]:
    """Whose class it is, if an organiser named the substitute."""
    data = data_of(event)
    teacher = await Person.objects().get(Person.id == _teacher_in(event))
    if teacher is None or teacher.id == event.actor_id or not await substitute(event):
        return []
    until = date.fromisoformat(data["until"])
    return readers(
        [teacher], "/class", name=await name_of(event.subject_id), day=lambda: day(until), reason=data["reason"]
    )


def _teacher_in(event: Event) -> int | None:
    teacher = data_of(event).get("teacher", event.actor_id)
    return int(teacher) if teacher is not None else None


AUDIENCES = (
    Audience(Happened.SUBSTITUTE_NAMED, substitute, "substitute_named"),
    Audience(Happened.SUBSTITUTE_NAMED, teacher_replaced, "teacher_replaced"),
)
