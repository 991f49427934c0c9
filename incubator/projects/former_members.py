"""Who was in a team and is not any more: texts may still name them."""

from collections.abc import Sequence

from incubator.history.record import Happened
from incubator.history.tables import Event

#: Events after which somebody is no longer in a team.
LEAVING = (Happened.LEFT_TEAM, Happened.VOUCHING_REFUSED)


async def former_members(project_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the ids of those who ever left each team, by project, as the journal knows them. One query."""
    rows = await Event.select(Event.project_id, Event.subject_id).where(
        Event.project_id.is_in(list(project_ids) or [0]) & Event.happened.is_in([each.value for each in LEAVING])
    )
    found: dict[int, set[int]] = {project_id: set() for project_id in project_ids}
    for row in rows:
        if row["subject_id"]:
            found[row["project_id"]].add(row["subject_id"])
    return found
