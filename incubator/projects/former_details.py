"""What teams called themselves and their school before: texts that were written then still say so."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from incubator.history.record import Happened
from incubator.history.tables import Event
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
    """Return how each team calls and called itself, and those that were merged into it. Two queries."""
    wanted = list(project_ids) or [0]
    rows = await Project.select(Project.id, Project.merged_into, Project.team_name, Project.organisation).where(
        Project.id.is_in(wanted) | Project.merged_into.is_in(wanted)
    )
    found = {project_id: EverCalled() for project_id in project_ids}
    home = {row["id"]: row["id"] if row["id"] in found else row["merged_into"] for row in rows}
    for row in sorted(rows, key=lambda row: row["id"] not in found):
        found[home[row["id"]]].add(row["team_name"], row["organisation"])
    events = Event.select(Event.project_id, Event.data).where(
        Event.project_id.is_in(list(home) or [0]) & (Event.happened == Happened.DETAILS_CHANGED.value)
    )
    for row in await events.order_by(Event.id, ascending=False):
        if former := msgspec.json.decode(row["data"]).get("former"):
            found[home[row["project_id"]]].add(former["team_name"], former["school"])
    return found
