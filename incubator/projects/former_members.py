"""Who was in a team and is not any more: texts may still name them. So may those of a duplicate that was merged into it.

Where a project is deleted whose texts live on in another one, its people are noted there.
"""

from collections.abc import Sequence

import msgspec

from incubator.db.raw import any_of, run_sql
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Person
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import ExpectedMember, FormerMember, Member, Project

#: Events whose subject is no longer in a team, and those whose actor has come into one.
_LEAVING = [Happened.LEFT_TEAM.value, Happened.VOUCHING_REFUSED.value]
_COMING = [Happened.STARTED.value, Happened.JOINED.value]


#: The projects from which texts of some projects come: their duplicates, those that they were begun from, and so on.
SOURCES = """
    WITH RECURSIVE "source" ("project", "id") AS (
        SELECT "id", "id" FROM "project" WHERE "id" IN (%s)
        UNION
        SELECT s."project", p."id" FROM "source" s JOIN "project" o ON o."id" = s."id"
            JOIN "project" p ON p."first_merged_into" = o."id" OR p."id" = o."begun_from"
    )
"""
_PAIRS = f'{SOURCES} SELECT "project", "id" FROM "source"'  # noqa: S608 - names of columns only
#: The projects to which texts of some projects have gone, in the same ways.
_FOLLOWERS = """
    WITH RECURSIVE "later" ("id") AS (
        SELECT "id" FROM "project" WHERE "id" IN (%s)
        UNION
        SELECT p."id" FROM "later" l JOIN "project" o ON o."id" = l."id"
            JOIN "project" p ON p."id" = o."first_merged_into" OR p."begun_from" = o."id"
    )
    SELECT "id" FROM "later"
"""


async def homes_of(project_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return for which of ``project_ids`` the people of a project count, since its texts are in them, by that project's id. One query."""
    homes: dict[int, set[int]] = {}
    if project_ids:
        marks, values = any_of(sorted(project_ids))
        for row in await run_sql(_PAIRS % marks, *values):
            homes.setdefault(row["id"], set()).add(row["project"])
    return homes


async def ever_in_teams(project_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the ids of everybody who is or was in each team, by project, as the journal knows them. Four queries."""
    homes = await homes_of(project_ids)
    found: dict[int, set[int]] = {project_id: set() for project_id in project_ids}
    for table in (Member, FormerMember):
        for row in await table.select(table.project, table.person).where(table.project.is_in(list(homes) or [0])):
            for home in homes[row["project"]]:
                found[home].add(row["person"])
    for row in await Event.select(Event.project_id, Event.happened, Event.actor_id, Event.subject_id).where(
        Event.project_id.is_in(list(homes) or [0]) & Event.happened.is_in(_LEAVING + _COMING)
    ):
        person = row["subject_id"] if row["happened"] in _LEAVING else row["actor_id"]
        for home in homes[row["project_id"]] if person else ():
            found[home].add(person)
    return found


async def ever_coaches_of(project_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the ids of everybody who ever joined as a coach, by project; also one whose texts came along. Three queries."""
    homes = await homes_of(project_ids)
    found: dict[int, set[int]] = {}
    joined = Event.project_id.is_in(list(homes) or [0]) & (Event.happened == Happened.JOINED.value)
    for row in await Event.select(Event.project_id, Event.actor_id, Event.data).where(joined):
        if row["actor_id"] and msgspec.json.decode(row["data"]).get("role") == ProjectRole.COACH:
            for home in homes[row["project_id"]]:
                found.setdefault(home, set()).add(row["actor_id"])
    noted = FormerMember.project.is_in(list(homes) or [0]) & FormerMember.was_coach.eq(True)
    for row in await FormerMember.select(FormerMember.project, FormerMember.person).where(noted):
        for home in homes[row["project"]]:
            found.setdefault(home, set()).add(row["person"])
    return found


async def keep_people_of(project_id: int) -> None:
    """Note who was in a team in the projects to which its texts have gone, since it is deleted now. Call inside that transaction."""
    gone = await Project.select(Project.first_merged_into).where(Project.id == project_id).first()
    later = [row["id"] for row in await Project.select(Project.id).where(Project.begun_from == project_id)]
    later += [gone["first_merged_into"]] if gone and gone["first_merged_into"] else []
    if not later:
        return
    team = (await ever_in_teams([project_id]))[project_id]
    coaches = (await ever_coaches_of([project_id])).get(project_id, set())
    people = [row["id"] for row in await Person.select(Person.id).where(Person.id.is_in(sorted(team) or [0]))]
    for follower in later:
        noted = await FormerMember.select(FormerMember.person).where(FormerMember.project == follower)
        for person in sorted({*people} - {row["person"] for row in noted}):
            await FormerMember(project=follower, person=person, was_coach=person in coaches).save()
        await _keep_expected(project_id, follower)


async def _keep_expected(project_id: int, follower: int) -> None:
    """Note whom a table named as of a team that is deleted, and as of those from which its texts came, where they live on."""
    columns = (ExpectedMember.given_name, ExpectedMember.family_name, ExpectedMember.patronymic)
    sources = list(await homes_of([project_id])) or [project_id]
    names = await ExpectedMember.select(*columns).where(ExpectedMember.project.is_in(sources)).distinct()
    there = await ExpectedMember.select(*columns).where(ExpectedMember.project == follower)
    for name in names:
        if name not in there:
            await ExpectedMember(project=follower, **name).save()


async def teams_ever_of(person_id: int) -> list[int]:
    """Return the ids of the projects in whose team somebody is or was, and of those to which their texts have gone."""
    members = [
        row
        for table in (Member, FormerMember)
        for row in await table.select(table.project).where(table.person == person_id)
    ]
    events = await Event.select(Event.project_id).where(
        ((Event.subject_id == person_id) & Event.happened.is_in(_LEAVING))
        | ((Event.actor_id == person_id) & Event.happened.is_in(_COMING))
    )
    own = {row["project"] for row in members} | {row["project_id"] for row in events if row["project_id"]}
    if not own:
        return []
    marks, values = any_of(sorted(own))
    return sorted(row["id"] for row in await run_sql(_FOLLOWERS % marks, *values))
