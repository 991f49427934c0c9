"""Beginning an idea again in a new season: what the team wrote in the old one comes along."""

from typing import Any

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.references import id_of, some_id_of
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.changes import OWN_KEY
from incubator.programme.locking import lock_season
from incubator.programme.seasons import current_season
from incubator.programme.tables import Season, Section
from incubator.projects.access import require_may
from incubator.projects.details import competency_ids, set_competencies
from incubator.projects.kinds.files import KIND as FILES
from incubator.projects.lifecycle import State
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.start import already_begun, begun_by, insert_project
from incubator.projects.tables import Answer, Project
from incubator.publication.passages import copy_hidden
from incubator.reviews.tables import Conflict

_ENDED = frozenset({State.STOPPED.value, State.WITHDRAWN.value})


async def season_for_another_try(project: Project) -> Season | None:
    """Return the season in which a project that has ended may begin again; None if it goes on, or there is no new season.

    One query for a project that has ended, else none.
    """
    season = await current_season() if _has_ended(project) else None
    return None if season is None or season.id == some_id_of(project.season) else season


def _has_ended(project: Project) -> bool:
    """Return whether the project is over for its team, and neither a duplicate of another nor about to be deleted."""
    return project.state in _ENDED and project.deletes_at is None and id_of(project.merged_into) is None


async def begin_again(project: Project, *, by: Person) -> Project:
    """Begin the idea of a project that has ended again in the current season, with ``by`` as its captain.

    Its title, details and texts come along. The people do not, since each has to agree anew; nor do files, since whoever is on
    a picture agreed to it in the old project, which stays as it is. Raises NotAllowed; Refusal if the project has
    not ended, or no other season is open; Repeated if ``by`` has begun it again already.
    """
    async with writing():
        await require_may(by, Action.BEGIN_AGAIN, project.id)
        season = await season_for_another_try(project)
        if season is not None:
            await lock_season(season.id)
        project = await lock_project(project.id)
        if season is None or not _has_ended(project):  # it may have been reopened meanwhile
            raise Refusal(_("Начать заново можно, когда проект закончился и открылся следующий сезон"))
        if found := await Project.objects().where(begun_by(by, project.title, season)).first():
            raise already_begun(found)
        another = await insert_project(project.title, season=season, by=by)
        await _copy_details(project, another)
        await _copy_texts(project, another, by)
        await copy_hidden(project.id, another.id, by=by)
        await _copy_conflicts(project, another)
        await record(Happened.STARTED, by=by, project=another.id)
        return another


async def _copy_conflicts(project: Project, another: Project) -> None:
    """Let conflicts that somebody has declared hold in the new project, too."""
    for row in await Conflict.objects().where((Conflict.project == project.id) & Conflict.in_force()):
        await Conflict(
            mentor=row.mentor, project=another.id, is_hard=row.is_hard, reason=row.reason, kind=row.kind,
            is_pinned=row.is_pinned, declared_by=row.declared_by, at=row.at,
        ).save()  # fmt: skip


async def _copy_details(project: Project, another: Project) -> None:
    copied = (Project.team_name, Project.cluster, Project.municipality, Project.organisation, Project.help_wanted)
    values: dict[Any, Any] = {column: getattr(project, column._meta.name) for column in copied}
    values[Project.begun_from] = project.id
    values[Project.folded] = Project.folded_of(project.title, project.team_name)
    await Project.update(values).where(Project.id == another.id)
    await set_competencies(another.id, await competency_ids(project.id))


async def _copy_texts(project: Project, another: Project, by: Person) -> None:
    """Copy what stands in sections that the new season asks in the same way."""
    asked = await _questions_in(some_id_of(another.season))
    answered = await _questions_in(some_id_of(project.season))
    answers = await Answer.objects().where((Answer.project == project.id) & (Answer.text != "")).order_by(Answer.id)
    at = another.created_at
    copies = [
        Answer(project=another.id, key=row.key, text=row.text, changed_at=at, changed_by=by.id, begun_at=at)
        for row in answers
        if row.key in asked and asked[row.key] == answered.get(row.key) and asked[row.key][0] != FILES.key
    ]
    if copies:
        await Answer.insert(*copies)


async def _questions_in(season_id: int) -> dict[str, tuple[str, str]]:
    """Return what each section of a season asks, by its key: its kind and, of an organisers' own section, its title.

    Keys of those are numbers that each season gives anew.
    """
    rows = (
        await Section.select(Section.key, Section.kind, Section.title_ru)
        .where((Section.season == season_id) & Section.is_current.eq(True))
        .order_by(Section.id)
    )
    return {row["key"]: (row["kind"], row["title_ru"] if row["key"].startswith(OWN_KEY) else "") for row in rows}
