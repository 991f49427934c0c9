"""All projects of the programme as organisers look for them: filtered, searched, and page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from piccolo.columns import Column

from incubator.core.folding import folded
from incubator.http.keyset import After, after_row, beyond
from incubator.people.named import people_named
from incubator.programme.stages import Stage
from incubator.projects.lifecycle import State
from incubator.projects.tables import Member, Project

PER_PAGE = 50

#: Orders of the list: the column, and whether it grows. Rows with one value are ordered by id in the same direction.
SORTS: dict[str, tuple[Column, bool]] = {
    "new": (Project.id, False),
    "changed": (Project.changed_at, False),
    "title": (Project.folded, True),
}


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What the organiser looks for."""

    stage: str = ""
    state: str = ""
    words: str = ""
    """Part of the title, the team's name, or a member's name."""
    sort: str = "new"
    since: datetime | None = None
    """When the first page was read; rows that changed later have moved to the top."""


@dataclass(frozen=True, slots=True)
class ProjectList:
    rows: list[Project]
    next: After | None
    moved: int
    """How many have changed, and so moved to the top, since the first page was read."""


async def list_projects(wish: ProjectFilter, after: After | None) -> ProjectList:
    """Return a page. Four queries at most."""
    where = await _where(wish)
    column, ascending = SORTS[wish.sort]
    page = where
    if after is not None:
        page = where & _beyond(after, column, ascending)
    rows = (
        await Project.objects(Project.season, Project.municipality, Project.organisation)
        .where(page)
        .order_by(column, ascending=ascending)
        .order_by(Project.id, ascending=ascending)
        .limit(PER_PAGE + 1)
    )
    shown = rows[:PER_PAGE]
    last = shown[-1] if len(rows) > PER_PAGE else None
    moved = 0
    if wish.sort == "changed" and wish.since is not None and after is not None:
        moved = await Project.count().where(where & (Project.changed_at > wish.since))
    return ProjectList(shown, _cursor(last, column) if last else None, moved)


def _beyond(after: After, column: Column, ascending: bool) -> Any:
    if column is Project.id:
        return Project.id < after.id
    try:
        return beyond(after, column, Project.id, ascending=ascending)
    except ValueError:  # an address typed by hand
        return Project.id > 0


def _cursor(row: Project, column: Column) -> After:
    return after_row(row.id, "" if column is Project.id else getattr(row, column._meta.name))


async def _where(wish: ProjectFilter) -> Any:
    where: Any = Project.own()
    if wish.stage in set(Stage):
        where &= Project.stage == wish.stage
    if wish.state in set(State):
        where &= Project.state == wish.state
    if words := folded(wish.words):
        where &= Project.folded.like(f"%{words}%") | Project.id.is_in(await _teams_with(words))
    return where


async def _teams_with(words: str) -> list[int]:
    """Return the projects that have a member of this name. Two queries."""
    found = await Member.select(Member.project).where(Member.person.is_in(await people_named(words) or [0]))
    return sorted({row["project"] for row in found}) or [0]
