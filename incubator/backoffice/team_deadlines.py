"""Teams that still write, with the date that binds each: who is late, and who will be soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from incubator.core.clock import now
from incubator.gates.extend import mark_of
from incubator.people.tables import Person
from incubator.projects.deadline import Deadline
from incubator.projects.deadlines import binding_deadlines
from incubator.projects.lifecycle import State
from incubator.projects.tables import Member, Project

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TeamDeadline:
    project: Project
    deadline: Deadline | None
    at: datetime
    """The moment for which the list holds."""

    @property
    def is_late(self) -> bool:
        return self.deadline is not None and self.deadline.is_over(self.at)

    @property
    def is_soon(self) -> bool:
        return self.deadline is not None and not self.is_late and self.deadline.until < self.at + SOON

    @property
    def is_own(self) -> bool:
        return self.deadline is not None and self.deadline.cause != "stage"

    @property
    def choice(self) -> str:
        """Return the value of its checkbox: the team, and the deadline that was shown."""
        return f"{self.project.id} {mark_of(self.deadline)}"


async def writing_teams(reader: Person, stage: str = "") -> list[TeamDeadline]:
    """Return all teams in draft except the reader's own, those with the earliest deadline first. Four queries."""
    where: Any = Project.state == State.DRAFT.value
    if stage:
        where &= Project.stage == stage
    own = {row["project"] for row in await Member.select(Member.project).where(Member.person == reader.id)}
    projects = [p for p in await Project.objects().where(where) if p.id not in own]
    deadlines, at = await binding_deadlines(projects), now()
    rows = [TeamDeadline(project, deadlines[project.id], at) for project in projects]
    return sorted(
        rows, key=lambda row: (row.deadline is None, row.deadline.until if row.deadline else at, row.project.id)
    )
