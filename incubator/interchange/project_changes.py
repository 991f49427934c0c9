"""What an earlier import made and what the file says now: compared value by value, and whether anybody has gone on working there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from incubator.core.languages import localized
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.interchange.import_report import ValueChange
from incubator.interchange.project_import import CheckedProject, Context, Listed
from incubator.names.matcher import PersonName
from incubator.projects.expected_members import expected_in
from incubator.projects.tables import Answer, Member, Project, ProjectCompetency
from incubator.publication.tables import Follower
from incubator.reference.tables import Organisation
from incubator.reviews.tables import Assignment

#: What an import itself leaves in the journal of a project; everything else is somebody's work.
_OF_IMPORTS = (Happened.IMPORTED, Happened.INVITED, Happened.INVITATION_REVOKED)


@dataclass(frozen=True, slots=True)
class StandingProject:
    """A project as it stands, in the words of a row."""

    project: Project
    organisation: str
    cluster: Listed | None
    municipality: Listed | None
    competencies: tuple[Listed, ...]
    texts: dict[str, str]
    noted: tuple[PersonName, ...] = ()
    """Whom an earlier run noted as of the team."""

    @property
    def title(self) -> str:
        return str(self.project.title)


async def standing_of(project_ids: Sequence[int], context: Context) -> dict[int, StandingProject]:
    """Return the projects as they stand. Five queries, none without ids."""
    if not project_ids:
        return {}
    ids = list(project_ids)
    projects = await Project.objects().where(Project.id.is_in(ids))
    texts, chosen, noted = await _texts_of(ids), await _competencies_of(ids), await expected_in(ids)
    names = await _names_of([each.organisation for each in projects if each.organisation])
    return {
        each.id: StandingProject(
            each, names.get(each.organisation, ""), context.clusters.rows.get(each.cluster or 0),
            context.municipalities.rows.get(each.municipality or 0),
            tuple(context.competencies.rows[number] for number in chosen[each.id]), texts[each.id], tuple(noted[each.id]),
        )
        for each in projects
    }  # fmt: skip


async def _texts_of(ids: list[int]) -> dict[int, dict[str, str]]:
    texts: dict[int, dict[str, str]] = {each: {} for each in ids}
    rows = await Answer.select(Answer.project, Answer.key, Answer.text).where(
        Answer.project.is_in(ids) & (Answer.text != "")
    )
    for row in rows:
        texts[row["project"]][row["key"]] = row["text"]
    return texts


async def _competencies_of(ids: list[int]) -> dict[int, list[int]]:
    chosen: dict[int, list[int]] = {each: [] for each in ids}
    columns = (ProjectCompetency.project, ProjectCompetency.competency)
    for row in await ProjectCompetency.select(*columns).where(ProjectCompetency.project.is_in(ids)):
        chosen[row["project"]].append(row["competency"])
    return chosen


async def _names_of(organisations: list[int]) -> dict[int, str]:
    rows = await Organisation.select(Organisation.id, Organisation.name).where(
        Organisation.id.is_in(organisations or [0])
    )
    return {row["id"]: row["name"] for row in rows}


async def worked_on(project_ids: Sequence[int]) -> set[int]:
    """Return those of the projects in which anybody has done anything since an import made them, a merger too. Five queries, none without ids."""
    if not project_ids:
        return set()
    ids = list(project_ids)
    is_review = Event.happened == Happened.REVIEW_SENT.value
    by_people = Event.happened.not_in([*(each.value for each in _OF_IMPORTS), Happened.REVIEW_SENT.value]) | (
        is_review & Event.data.not_like('%"imported":true%')
    )
    done = await Event.select(Event.project_id).where(Event.project_id.is_in(ids) & by_people)
    reviewed = await _reviewed(ids)
    people = await Member.select(Member.project).where(Member.project.is_in(ids))
    gone = await Project.select(Project.id).where(Project.id.is_in(ids) & Project.merged_into.is_not_null())
    busy = {row["project_id"] for row in done} | {row["project"] for row in people} | {row["id"] for row in gone}
    return busy | reviewed


async def _reviewed(ids: list[int]) -> set[int]:
    """Return those of the projects that somebody reviews, by an import or otherwise, or follows. Two queries."""
    of: Any = cast(Any, Assignment.submission).project
    rows = await Assignment.select(of.as_alias("project")).where(of.is_in(ids))
    followed = await Follower.select(Follower.project).where(Follower.project.is_in(ids))
    return {row["project"] for row in [*rows, *followed]}


def merged(row: CheckedProject, standing: StandingProject, context: Context) -> CheckedProject:
    """Return the row with what stands already in all fields for which the table has no column, to be written in its place."""
    named = set(context.columns)
    kept: dict[str, Any] = {
        "title": standing.project.title, "team": standing.project.team_name, "help_wanted": standing.project.help_wanted,
        "organisation": standing.organisation, "cluster": standing.cluster, "municipality": standing.municipality,
        "competencies": standing.competencies,
    }  # fmt: skip
    texts = {key: text for key, text in standing.texts.items() if key not in named} | row.texts
    return replace(
        row,
        texts=texts,
        replaces=standing.project,
        noted=standing.noted,
        **{name: value for name, value in kept.items() if name not in named},
    )


def changed(row: CheckedProject, standing: StandingProject, context: Context) -> list[ValueChange]:
    """Return what the merged ``row`` changes of what stands."""
    before, after = dict(_words(_as_row(row, standing))), dict(_words(row))
    return [
        ValueChange(
            row.number, standing.title, context.columns.get(name, name), before.get(name, ""), after.get(name, "")
        )
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    ]


def _as_row(row: CheckedProject, standing: StandingProject) -> CheckedProject:
    """Return what stands as a row."""
    return replace(
        row, title=standing.project.title, team=standing.project.team_name, help_wanted=standing.project.help_wanted,
        organisation=standing.organisation, cluster=standing.cluster, municipality=standing.municipality,
        competencies=standing.competencies, texts=standing.texts, people=(), noted=standing.noted,
    )  # fmt: skip


def _words(row: CheckedProject) -> Iterator[tuple[str, str]]:
    """Yield each field of a row with what it says, in words."""
    yield from (
        ("title", row.title),
        ("team", row.team),
        ("help_wanted", row.help_wanted),
        ("organisation", row.organisation),
    )
    for name, listed in (("cluster", row.cluster), ("municipality", row.municipality)):
        yield name, localized(listed, "title") if listed else ""
    yield "competencies", ", ".join(sorted(localized(each, "title") for each in row.competencies))
    yield "students", ", ".join(f"{name.family} {name.given}".strip() for name in row.names)
    yield from row.texts.items()
