"""What somebody is and was called: texts that were written before still have the name of then."""

from collections.abc import Collection

import msgspec

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.names.matcher import PersonName
from incubator.people.tables import Person

#: How many former names are looked for, the latest and the first: nobody makes a search long by changing theirs all day.
_MOST = 5
#: Changes of somebody's name that others make.
_BY_OTHERS = [Happened.ACCOUNTS_MERGED.value, Happened.NAME_CORRECTED.value]


def name_of(person: Person) -> PersonName:
    return PersonName(person.given_name, person.family_name, person.patronymic)


async def names_ever_of(person_ids: Collection[int]) -> dict[int, list[PersonName]]:
    """Return the names of each person that exists, today's first. Two queries."""
    wanted = sorted(person_ids) or [0]
    people = await Person.objects().where(Person.id.is_in(wanted)).order_by(Person.id)
    names = {person.id: [name_of(person)] for person in people}
    for row in await Event.select(Event.happened, Event.actor_id, Event.subject_id, Event.data).where(
        ((Event.happened == Happened.PROFILE_CHANGED.value) & Event.actor_id.is_in(wanted))
        | (Event.happened.is_in(_BY_OTHERS) & Event.subject_id.is_in(wanted))
    ).order_by(Event.id, ascending=False):  # fmt: skip
        own = names.get(row["subject_id"] if row["happened"] in _BY_OTHERS else row["actor_id"], [])
        former = msgspec.json.decode(row["data"]).get("former")
        if former and (name := PersonName(*former)) not in own:
            own[_MOST:] = [name]  # beyond that many the earliest replaces the last
    return names
