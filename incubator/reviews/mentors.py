"""Becoming a mentor, and a mentor's organisation and capacity."""

from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.reviews.tables import Mentor


async def make_mentor(person: Person, *, organisation: int | None, capacity: int = 5, by: Person | None) -> None:
    """Give the role and remember where they work. Call inside a transaction."""
    await Person.update({Person.is_mentor: True, Person.is_adult: True}).where(Person.id == person.id)
    if not await Mentor.exists().where(Mentor.person == person.id):
        await Mentor(person=person.id, organisation=organisation, capacity=capacity).save()
    await record(Happened.ROLE_GIVEN, by=by, subject=person.id, role="mentor")
