"""Whom a table named as of a team: nobody asked them for a consent yet, and nobody may be named before that."""

from collections.abc import Iterable, Mapping, Sequence

from incubator.db.raw import any_of, run_sql
from incubator.names.matcher import PersonName
from incubator.projects.former_members import SOURCES
from incubator.projects.tables import ExpectedMember

_EXPECTED = f"""
    {SOURCES} SELECT DISTINCT s."project", e."given_name", e."family_name", e."patronymic"
    FROM "source" s JOIN "expected_member" e ON e."project" = s."id" ORDER BY 1, 3, 2, 4
"""  # noqa: S608 - names of columns only


async def expect(names: Mapping[int, Iterable[PersonName]]) -> None:
    """Note whom a table names as of each team, by project, instead of what was noted before. Call inside a transaction."""
    if not names:
        return
    await ExpectedMember.delete().where(ExpectedMember.project.is_in(sorted(names)))
    rows = [
        ExpectedMember(project=project, given_name=name.given, family_name=name.family, patronymic=name.patronymic)
        for project, several in names.items()
        for name in dict.fromkeys(several)
    ]
    if rows:
        await ExpectedMember.insert(*rows)


async def expected_in(project_ids: Sequence[int]) -> dict[int, list[PersonName]]:
    """Return who is expected in each team, or was in those from which its texts come. One query."""
    found: dict[int, list[PersonName]] = {project_id: [] for project_id in project_ids}
    if project_ids:
        marks, values = any_of(sorted(project_ids))
        for row in await run_sql(_EXPECTED % marks, *values):
            found[row["project"]].append(PersonName(row["given_name"], row["family_name"], row["patronymic"]))
    return found
