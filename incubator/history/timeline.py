"""The journal of one project, as far as a person may read it."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from incubator.history.record import Happened
from incubator.history.tables import Event

#: Autosaves follow each other closely; one line per series is enough.
_RUNS = frozenset({Happened.ANSWERED, Happened.REVIEW_SAVED})
#: What only reviewers do; other events say so themselves.
_BY_REVIEWERS = frozenset({Happened.REMARK_CONFIRMED, Happened.REMARK_DOUBTED})
#: Events read by one query.
_AT_ONCE = 1000


_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    happened: str
    actor_id: int | None
    subject_id: int | None
    keys: tuple[str, ...] = ()
    """Keys of the sections concerned; for a series of saves, newest first."""
    purpose: str = ""
    reason: str = ""
    until: str = ""
    """The moment that was set, in ISO 8601."""
    is_by_reviewer: bool = False
    """Whether somebody did it as a reviewer, whatever else they are to the project."""
    source: tuple[int, int] | None = None
    """The import from which it came, and the row of its file."""


async def timeline_of(*project_ids: int, shown: AbstractSet[Happened], most: int = 200) -> list[Line]:
    """Return the events of the ``shown`` kinds of these projects together, newest first; a series of saves by one person becomes its latest.

    One query for every thousand events.
    """
    lines: list[Line] = []
    rows = await _events_before(None, project_ids, shown)
    while rows:
        for row in rows:
            _add(lines, row)
        # One more than is returned: only then is the last line's series known to be whole.
        if len(rows) < _AT_ONCE or len(lines) > most:
            break
        rows = await _events_before(rows[-1].id, project_ids, shown)
    return lines[:most]


async def _events_before(
    event_id: int | None, project_ids: Collection[int], shown: AbstractSet[Happened]
) -> list[Event]:
    if not shown:
        return []
    wanted = Event.project_id.is_in(list(project_ids)) & Event.happened.is_in(sorted(shown))
    if event_id is not None:
        wanted &= Event.id < event_id
    rows: list[Event] = await Event.objects().where(wanted).order_by(Event.id, ascending=False).limit(_AT_ONCE)
    return rows


def _add(lines: list[Line], row: Event) -> None:
    line = _line(row)
    last = lines[-1] if lines else None
    if last and row.happened in _RUNS and (last.happened, last.actor_id) == (row.happened, row.actor_id):
        lines[-1] = replace(last, keys=tuple(dict.fromkeys(last.keys + line.keys)))
    else:
        lines.append(line)


def _line(row: Event) -> Line:
    data = _decode(row.data)
    keys = (str(data["key"]),) if "key" in data else ()
    return Line(
        row.at,
        row.happened,
        row.actor_id,
        row.subject_id,
        keys,
        str(data.get("purpose", "")),
        str(data.get("reason") or ""),
        str(data.get("until") or ""),
        row.happened in _BY_REVIEWERS or data.get("as_reviewer") is True,
        (int(data["batch"]), int(data["row"])) if data.get("batch") and "row" in data else None,
    )
