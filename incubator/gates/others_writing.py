"""What the others in a team write at this moment: their saved texts, and who writes where.

It follows from the answers themselves: a save needs nothing more, and a page that asks again costs one query.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incubator.core.clock import now
from incubator.core.formatting import clock
from incubator.projects.access import Access
from incubator.projects.tables import Answer

#: Somebody who saved so recently is still writing: pages save within a second of the last letter.
_STILL = timedelta(seconds=45)
#: A save is dated before it is committed, and clocks of two machines differ: look back a little further.
_OVERLAP = timedelta(seconds=10)
#: Whoever has not asked for longer gets everything of the last minutes; their page was away.
_LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class OthersSection:
    """A section that somebody else saved lately."""

    key: str
    version: int
    text: str
    name: str
    """Of whoever saved it, as the reader may see it; empty if it is not known any more."""
    at: str
    """The hour, in the region's time."""
    is_writing: bool


async def written_by_others(way: Access, *, since: datetime) -> list[OthersSection]:
    """Return the sections that others of the team saved after ``since``, and those in which they write now. One query."""
    at = now()
    earliest = max(since - _OVERLAP, at - _LONGEST)
    rows: list[Answer] = (
        await Answer.objects(Answer.changed_by)
        .where((Answer.project == way.project.id) & (Answer.changed_at > min(earliest, at - _STILL)))
        .order_by(Answer.id)
    )
    return [
        OthersSection(
            row.key,
            row.version,
            row.text,
            way.name_of(row.changed_by) if row.changed_by.id else "",
            clock(row.changed_at),
            row.changed_at > at - _STILL,
        )
        for row in rows
        if row.changed_by.id != way.person.id
    ]
