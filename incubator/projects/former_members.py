"""Who was in a team and is not any more: texts may still name them. So may those of a duplicate that was merged into it."""

from collections.abc import Sequence

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.projects.tables import Member, Project

#: Events whose subject is no longer in a team, and those whose actor has come into one.
_LEAVING = [Happened.LEFT_TEAM.value, Happened.VOUCHING_REFUSED.value]
_COMING = [Happened.STARTED.value, Happened.JOINED.value]


async def homes_of(project_ids: Sequence[int]) -> dict[int, int]:
    """Return the id of the project that stays by its own id and by those of the duplicates that were merged into it. One query."""
    merged = await Project.select(Project.id, Project.merged_into).where(
        Project.merged_into.is_in(list(project_ids) or [0])
    )
    return {each: each for each in project_ids} | {row["id"]: row["merged_into"] for row in merged}


async def ever_in_teams(project_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the ids of everybody who is or was in each team, by project, as the journal knows them. Three queries."""
    home = await homes_of(project_ids)
    found: dict[int, set[int]] = {project_id: set() for project_id in project_ids}
    for row in await Member.select(Member.project, Member.person).where(Member.project.is_in(list(home) or [0])):
        found[home[row["project"]]].add(row["person"])
    for row in await Event.select(Event.project_id, Event.happened, Event.actor_id, Event.subject_id).where(
        Event.project_id.is_in(list(home) or [0]) & Event.happened.is_in(_LEAVING + _COMING)
    ):
        person = row["subject_id"] if row["happened"] in _LEAVING else row["actor_id"]
        if person:
            found[home[row["project_id"]]].add(person)
    return found


async def teams_ever_of(person_id: int) -> list[int]:
    """Return the ids of the projects in whose team somebody is or was, or with which such a project was merged."""
    members = await Member.select(Member.project).where(Member.person == person_id)
    events = await Event.select(Event.project_id).where(
        ((Event.subject_id == person_id) & Event.happened.is_in(_LEAVING))
        | ((Event.actor_id == person_id) & Event.happened.is_in(_COMING))
    )
    own = {row["project"] for row in members} | {row["project_id"] for row in events if row["project_id"]}
    merged = await Project.select(Project.merged_into).where(
        Project.id.is_in(sorted(own) or [0]) & Project.merged_into.is_not_null()
    )
    return sorted(own | {row["merged_into"] for row in merged})
