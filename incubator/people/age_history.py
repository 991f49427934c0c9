"""What is recorded of a person's date of birth: who stated, confirmed or changed it, when and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from incubator.core.clock import as_day
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Person


@dataclass(frozen=True, slots=True)
class AgeEntry:
    at: datetime
    who: str
    """Name of whoever did it; empty for the person themselves."""
    is_confirmation: bool
    before: date | None
    after: date | None
    reason: str


async def age_history(person_id: int) -> list[AgeEntry]:
    """Return the entries, newest first. Two queries."""
    own = (Event.actor_id == person_id) & Event.subject_id.is_null()
    rows = (
        await Event.objects()
        .where(
            Event.happened.is_in([Happened.BIRTH_DATE_CHANGED.value, Happened.AGE_CONFIRMED.value])
            & ((Event.subject_id == person_id) | own)
        )
        .order_by(Event.id, ascending=False)
    )
    ids = sorted({row.actor_id for row in rows if row.actor_id and row.actor_id != person_id})
    names = {p.id: p.name for p in (await Person.objects().where(Person.id.is_in(ids)) if ids else [])}
    return [_entry(row, names) for row in rows]


def _entry(row: Event, names: dict[int, str]) -> AgeEntry:
    data: dict[str, Any] = msgspec.json.decode(row.data)
    return AgeEntry(
        at=row.at,
        who=names.get(row.actor_id or 0, ""),
        is_confirmation=row.happened == Happened.AGE_CONFIRMED,
        before=as_day(data.get("before") or None),
        after=as_day(data.get("after") or None),
        reason=str(data.get("reason", "")),
    )
