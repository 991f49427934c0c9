"""Names that are new in a team, by the journal: hidden in public texts also where the process ended that let them in."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from incubator.core.clock import now
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Person
from incubator.projects.former_members import ever_in_teams
from incubator.projects.tables import Member
from incubator.publication.tables import Publication, PublicVersion

#: What lets a name into a team: of its actor or its subject, or of everybody in both teams.
_KINDS = [
    Happened.JOINED.value, Happened.PROFILE_CHANGED.value, Happened.NAME_CORRECTED.value, Happened.ACCOUNTS_MERGED.value,
    Happened.PROJECTS_MERGED.value,
]  # fmt: skip
#: How far a new process looks back: nobody notices for longer that the site is down.
LOOKED_BACK = timedelta(days=14)
#: Numbers given before the last one that was seen, which may be committed after it.
_LATE = 200


class NewNames:
    """What one process has looked at, and how it hides a person's name, or those whom a table named, where that has to be."""

    def __init__(
        self,
        hide: Callable[[int, Person], Awaitable[None]],
        hide_expected: Callable[[int], Awaitable[None]],
    ) -> None:
        self._hide, self._hide_expected = hide, hide_expected
        self._last: int | None = None
        self._done = frozenset[int]()

    async def hide_new_names(self) -> int:
        """Hide what came since the last time, and at first of the last two weeks; return how many events were looked at."""
        since: Any = Event.at >= now() - LOOKED_BACK if self._last is None else Event.id > self._last - _LATE
        columns = (Event.id, Event.at, Event.happened, Event.actor_id, Event.subject_id, Event.project_id, Event.data)
        rows = await Event.select(*columns).where(Event.happened.is_in(_KINDS) & since).order_by(Event.id)
        new = [row for row in rows if row["id"] not in self._done]
        pairs, merged = await _due(new)
        people = {each.id: each for each in await Person.objects().where(_is_one_of(pairs))}
        for project_id, person_id in sorted(pairs):
            if person_id in people:
                await self._hide(project_id, people[person_id])
        for project_id in sorted(merged):
            await self._hide_expected(project_id)
        self._done = frozenset(row["id"] for row in rows)
        self._last = max([self._last or 0, *self._done])
        return len(new)


def _is_one_of(pairs: set[tuple[int, int]]) -> Any:
    return Person.id.is_in(sorted({person for _project, person in pairs}) or [0])


async def _due(rows: Sequence[dict[str, Any]]) -> tuple[set[tuple[int, int]], set[int]]:
    """Return public projects, each with somebody whose name is new there, and those with which another was merged.

    Without those whose texts an organiser has approved since: whatever stands there, somebody has looked at it.
    """
    told = [row for row in rows if row["happened"] != Happened.PROFILE_CHANGED or _is_renamed(row)]
    merged = {row["project_id"]: row["at"] for row in told if row["happened"] == Happened.PROJECTS_MERGED}
    pairs = await _came_along(merged) | await _in_teams(told)
    approved = await _approved({project for project, _person in pairs} | merged.keys())

    def is_due(project: int, at: datetime) -> bool:
        return project in approved and approved[project] < at

    return (
        {pair for pair, at in pairs.items() if is_due(pair[0], at)},
        {project for project, at in merged.items() if is_due(project, at)},
    )


async def _came_along(merged: dict[int, datetime]) -> dict[tuple[int, int], datetime]:
    """Return each project with which another was merged, with everybody who is or was in either team, and when."""
    teams = await ever_in_teams(sorted(merged))
    return {(project, person): merged[project] for project, team in teams.items() for person in team}


async def _in_teams(rows: Sequence[dict[str, Any]]) -> dict[tuple[int, int], datetime]:
    """Return the teams of those whom the events name, and when that was last."""
    theirs = {row[who]: row["at"] for row in rows for who in ("actor_id", "subject_id") if row[who]}
    members = await Member.select(Member.project, Member.person).where(Member.person.is_in(sorted(theirs) or [0]))
    return {(row["project"], row["person"]): theirs[row["person"]] for row in members}


def _is_renamed(row: dict[str, Any]) -> bool:
    return bool(msgspec.json.decode(row["data"]).get("former"))


async def _approved(projects: Collection[int]) -> dict[int, datetime]:
    """Return when the oldest approval of what the public reads was, of the projects that it reads."""
    public = await Publication.select(Publication.project).where(
        Publication.project.is_in(sorted(projects) or [0]) & Publication.public()
    )
    shown = [row["project"] for row in public]
    found = dict.fromkeys(shown, datetime.min.replace(tzinfo=UTC))
    rows = await PublicVersion.select(PublicVersion.project, PublicVersion.approved_at).where(
        PublicVersion.project.is_in(shown or [0]) & PublicVersion.public()
    )
    oldest: dict[int, datetime] = {}
    for row in rows:
        oldest[row["project"]] = min(row["approved_at"], oldest.get(row["project"], row["approved_at"]))
    return found | oldest
