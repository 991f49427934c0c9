"""What teams called themselves and their school before: texts that were written then still say so."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.projects.former_members import homes_of
from incubator.projects.tables import Project


@dataclass(frozen=True, slots=True)
class EverCalled:
    """Without repetitions, today's first."""

    team_names: list[str] = field(default_factory=list)
    schools: list[int] = field(default_factory=list)
    """Ids of organisations."""

    def add(self, team_name: str, school: int | None) -> None:
        if team_name and team_name not in self.team_names:
            self.team_names.append(team_name)
        if school and school not in self.schools:
            self.schools.append(school)


async def ever_called(project_ids: Sequence[int]) -> dict[int, EverCalled]:
    """Return how each team calls and called itself, and those whose texts came to it, by a merger or a new beginning. Three queries."""
    homes = await homes_of(project_ids)
    found = {project_id: EverCalled() for project_id in project_ids}
    rows = await Project.select(Project.id, Project.team_name, Project.organisation).where(
        Project.id.is_in(list(homes) or [0])
    )
    for row in sorted(rows, key=lambda row: row["id"] not in found):
        for home in homes[row["id"]]:
            found[home].add(row["team_name"], row["organisation"])
    events = Event.select(Event.project_id, Event.data).where(
        Event.project_id.is_in(list(homes) or [0]) & (Event.happened == Happened.DETAILS_CHANGED.value)
    )
    for row in await events.order_by(Event.id, ascending=False):
        if former := msgspec.json.decode(row["data"]).get("former"):
            for home in homes[row["project_id"]]:
                found[home].add(former["team_name"], former["school"])
    return found
