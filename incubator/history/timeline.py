"""The journal of one project as a person may read it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

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
        Happened.BID,
        Happened.CONFLICT_LIFTED,
        Happened.ASSIGNMENT_WITHDRAWN,
        Happened.PROPOSAL_CHANGED,
        Happened.REMINDED,
        Happened.POSTED,
        Happened.POST_REMOVED,
    }
)

#: Saves follow each other by the minute; one of a run is enough to read.
_RUNS = frozenset({Happened.ANSWERED, Happened.REVIEW_SAVED})


_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    happened: str
    actor_id: int | None
    subject_id: int | None
    keys: tuple[str, ...] = ()
    """Keys of the sections that it concerns; of a whole run, newest first."""
    purpose: str = ""


async def timeline_of(project_id: int, *, is_insider: bool, most: int = 200) -> list[Line]:
    """Newest first; runs of saves by one person shrink to their latest."""
    rows = (
        await Event.objects().where(Event.project_id == project_id).order_by(Event.id, ascending=False).limit(most * 5)
    )
    lines: list[Line] = []
    for row in rows:
        if not is_insider and row.happened in HIDDEN_FROM_TEAM:
            continue
        line = _line(row)
        last = lines[-1] if lines else None
        if last and row.happened in _RUNS and (last.happened, last.actor_id) == (row.happened, row.actor_id):
            lines[-1] = replace(last, keys=tuple(dict.fromkeys(last.keys + line.keys)))
        else:
            lines.append(line)
    return lines[:most]


def _line(row: Event) -> Line:
    data = _decode(row.data)
    keys = (str(data["key"]),) if "key" in data else ()
    return Line(row.at, row.happened, row.actor_id, row.subject_id, keys, str(data.get("purpose", "")))
