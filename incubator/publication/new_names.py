"""Names that are new in a team, by the journal: hidden in public texts also where the process ended that let them in."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from incubator.core.clock import now
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Person
from incubator.projects.former_members import ever_in_teams
from incubator.projects.tables import Member
from incubator.publication.tables import Publication

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
    """What one process has looked at, and how it hides somebody's name in a project where that has to be."""

    def __init__(self, hide: Callable[[int, Person], Awaitable[None]]) -> None:
        self._hide = hide
        self._last: int | None = None
        self._done = frozenset[int]()

    async def hide_new_names(self) -> int:
        """Hide what came since the last time, and at first of the last two weeks; return how many events were looked at."""
        since: Any = Event.at >= now() - LOOKED_BACK if self._last is None else Event.id > self._last - _LATE
        columns = (Event.id, Event.happened, Event.actor_id, Event.subject_id, Event.project_id)
        rows = await Event.select(*columns).where(Event.happened.is_in(_KINDS) & since).order_by(Event.id)
        new = [row for row in rows if row["id"] not in self._done]
        pairs = await _public_pairs(new)
        people = {each.id: each for each in await Person.objects().where(_is_one_of(pairs))}
        for project_id, person_id in sorted(pairs):
            if person_id in people:
                await self._hide(project_id, people[person_id])
        self._done = frozenset(row["id"] for row in rows)
        self._last = max([self._last or 0, *self._done])
        return len(new)


def _is_one_of(pairs: set[tuple[int, int]]) -> Any:
    return Person.id.is_in(sorted({person for _project, person in pairs}) or [0])


async def _public_pairs(rows: Sequence[dict[str, Any]]) -> set[tuple[int, int]]:
    """Return public projects, each with somebody whose name is new there."""
    pairs = await _merged(rows) | await _in_teams(
        {row[who] for row in rows for who in ("actor_id", "subject_id")} - {None}
    )
    projects = sorted({project for project, _person in pairs})
    public = await Publication.select(Publication.project).where(
        Publication.project.is_in(projects or [0]) & Publication.public()
    )
    shown = {row["project"] for row in public}
    return {pair for pair in pairs if pair[0] in shown}


async def _merged(rows: Sequence[dict[str, Any]]) -> set[tuple[int, int]]:
    """Return projects with which another was merged, each with everybody who is or was in either team."""
    merged = [row["project_id"] for row in rows if row["happened"] == Happened.PROJECTS_MERGED]
    return {(project, person) for project, team in (await ever_in_teams(merged)).items() for person in team}


async def _in_teams(people: set[Any]) -> set[tuple[int, int]]:
    rows = await Member.select(Member.project, Member.person).where(Member.person.is_in(sorted(people) or [0]))
    return {(row["project"], row["person"]) for row in rows}
