"""The journal of one project as a person may read it."""

from dataclasses import dataclass
from datetime import datetime

from incubator.history.record import Happened
from incubator.history.tables import Event

#: What a team must not learn from its history before (or at all): who reviews, what is pending.
HIDDEN_FROM_TEAM = frozenset(
    {
        Happened.ASSIGNED,
        Happened.ASSIGNMENT_CANCELLED,
        Happened.DECLINED,
        Happened.CONFLICT_DECLARED,
        Happened.REVIEW_SAVED,
        Happened.REVIEW_SENT,
        Happened.REVIEW_CHANGED,
        Happened.DECIDED,
        Happened.DECISION_UNDONE,
    }
)

#: Saves follow each other by the minute; one of a run is enough to read.
_RUNS = frozenset({Happened.ANSWERED, Happened.REVIEW_SAVED})


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    happened: str
    actor_id: int | None
    subject_id: int | None


async def timeline_of(project_id: int, *, is_insider: bool, most: int = 200) -> list[Line]:
    """Newest first; runs of saves by one person shrink to their latest."""
    rows = (
        await Event.objects().where(Event.project_id == project_id).order_by(Event.id, ascending=False).limit(most * 5)
    )
    lines: list[Line] = []
    for row in rows:
        if not is_insider and row.happened in HIDDEN_FROM_TEAM:
            continue
        last = lines[-1] if lines else None
        if last and row.happened in _RUNS and (last.happened, last.actor_id) == (row.happened, row.actor_id):
            continue
        lines.append(Line(row.at, row.happened, row.actor_id, row.subject_id))
    return lines[:most]
