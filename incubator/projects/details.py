"""A project's details: title, team name, cluster, competencies, place, help wanted."""

from dataclasses import dataclass
from typing import Any

from piccolo.columns import Column

from incubator.core.clock import now
from incubator.core.languages import _, localized
from incubator.core.refusals import Stale
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may, require_open_document
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.start import free_slug
from incubator.projects.tables import Project, ProjectCompetency, Submission
from incubator.reference.organisations import organisation_named


@dataclass(frozen=True, slots=True)
class Details:
    title: str
    team_name: str
    help_wanted: str
    cluster: int | None
    municipality: int | None
    organisation: str
    """By name: teams type where they study, and an unknown name is added."""
    competencies: tuple[int, ...]
    organisation_kind: str = ""
    """One of ORGANISATION_KINDS if the team said what a new organisation is."""


async def change_details(project: Project, details: Details, *, version: int, by: Person) -> None:
    """Store the details if they are still at ``version``; otherwise raise Stale."""
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.WRITE, project.id)
        require_open_document(project)
        if project.details_version != version:
            raise Stale(
                _(
                    "Пока вы правили, эти поля сохранил кто-то ещё из команды. Его правки уже здесь: сверьте и сохраните ещё раз."
                ),
                version=project.details_version,
            )
        organisation = (
            await organisation_named(
                details.organisation, kind=details.organisation_kind, municipality=details.municipality
            )
            if details.organisation
            else None
        )
        values: dict[Column | str, Any] = {
            Project.title: details.title,
            Project.team_name: details.team_name,
            Project.folded: Project.folded_of(details.title, details.team_name),
            Project.help_wanted: details.help_wanted,
            Project.cluster: details.cluster,
            Project.municipality: details.municipality,
            Project.organisation: organisation,
            Project.details_version: version + 1,
            Project.changed_at: now(),
        }
        if await _may_rename(project, details.title):
            values[Project.slug] = await free_slug(details.title, mine=project.id)
        await Project.update(values).where(Project.id == project.id)
        await set_competencies(project.id, details.competencies)
        former = {"team_name": project.team_name, "school": project.organisation}
        is_renamed = former != {"team_name": details.team_name, "school": organisation}
        await record(
            Happened.DETAILS_CHANGED, by=by, project=project.id, former=former if is_renamed and any(former.values()) else None
        )  # fmt: skip


async def _may_rename(project: Project, title: str) -> bool:
    """Return whether the slug may follow the title: only until the first submission, since links may exist afterwards."""
    return title != project.title and not await Submission.exists().where(Submission.project == project.id)


async def set_competencies(project_id: int, competencies: tuple[int, ...]) -> None:
    await ProjectCompetency.delete().where(ProjectCompetency.project == project_id)
    if competencies:
        await ProjectCompetency.insert(
            *(ProjectCompetency(project=project_id, competency=c) for c in dict.fromkeys(competencies))
        )


async def competency_ids(project_id: int) -> tuple[int, ...]:
    """Return the ids of the project's competencies, in the order in which they were chosen."""
    rows = (
        await ProjectCompetency.select(ProjectCompetency.competency)
        .where(ProjectCompetency.project == project_id)
        .order_by(ProjectCompetency.id)
    )
    return tuple(row["competency"] for row in rows)


async def competency_titles(project_id: int) -> list[str]:
    """Return the titles in both languages."""
    title = ProjectCompetency.competency
    rows = await ProjectCompetency.select(title.title_ru.as_alias("ru"), title.title_en.as_alias("en")).where(
        ProjectCompetency.project == project_id
    )
    return [row[locale] for row in rows for locale in ("ru", "en")]


async def competencies_in_words(project_id: int) -> list[str]:
    """Return the titles in the reader's language. One query."""
    found = ProjectCompetency.objects(ProjectCompetency.competency)
    return [localized(row.competency, "title") for row in await found.where(ProjectCompetency.project == project_id)]
