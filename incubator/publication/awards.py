"""Awards: each season defines some, and organisers give them to published projects."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.text import slugify
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.tables import Award, Season
from incubator.projects.access import require_outside
from incubator.projects.locking import lock_project
from incubator.projects.tables import Project
from incubator.publication.entry import publication_of, refresh_facets
from incubator.publication.tables import AwardGiven


async def add_award(season: Season, *, title_ru: str, title_en: str, by: Person) -> Award:
    """Add an award. Raises AlreadyThere if the season has one with the same name."""
    await require_staff(by, StaffAction.AWARD)
    key = slugify(f"{season.slug} {title_en or title_ru}", 60) or f"award-{season.id}"
    async with writing():
        award = Award(season=season.id, key=key, title_ru=title_ru, title_en=title_en)
        await award.save()
        await record(Happened.AWARD_ADDED, by=by, season=season.id, key=key)
        return award


async def give_award(project: Project, award: Award, *, by: Person) -> None:
    """Give a published project an award; repeating it changes nothing. Raises NotAllowed for somebody of the team."""
    await require_staff(by, StaffAction.AWARD)
    await require_outside(by, project.id)
    async with writing():
        project = await lock_project(project.id)
        publication = await publication_of(project.id)
        if publication is None or publication.published_at is None:
            raise Refusal(_("Награду видно на витрине: сначала покажите проект всем"))
        if award.season != project.season:
            raise Refusal(_("Эта награда – другого сезона"))
        own = (AwardGiven.project == project.id) & (AwardGiven.award == award.id)
        if await AwardGiven.exists().where(own):
            return
        await AwardGiven(project=project.id, award=award.id, given_at=now(), given_by=by.id).save()
        await refresh_facets(project.id)
        await record(Happened.AWARDED, by=by, project=project.id, key=award.key)


async def take_award(project: Project, award: Award, *, by: Person) -> None:
    """Withdraw an award. Raises NotAllowed for somebody of the team."""
    await require_staff(by, StaffAction.AWARD)
    await require_outside(by, project.id)
    async with writing():
        await lock_project(project.id)
        gone = (
            await AwardGiven.delete()
            .where((AwardGiven.project == project.id) & (AwardGiven.award == award.id))
            .returning(AwardGiven.id)
        )
        if gone:
            await refresh_facets(project.id)
            await record(Happened.AWARD_TAKEN, by=by, project=project.id, key=award.key)


async def awards_of(project_ids: list[int]) -> dict[int, list[Award]]:
    """Return awards by project. One query."""
    rows = await AwardGiven.objects(AwardGiven.award).where(AwardGiven.project.is_in(project_ids or [0]))
    given: dict[int, list[Award]] = {}
    for row in rows:
        given.setdefault(row.project, []).append(row.award)
    return given
