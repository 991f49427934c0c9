"""Publishing and unpublishing: the team asks, an organiser approves, and either can end it at once."""

from collections.abc import Iterable
from datetime import datetime

from piccolo.query.functions import Max

from incubator.core.clock import now
from incubator.core.languages import _, override_locale
from incubator.core.refusals import Refusal
from incubator.core.text import short
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.http.markdown.plain import plain
from incubator.mail.outbox import queue
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.details import competency_titles
from incubator.projects.document import frozen_parts, submissions_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.start import free_slug
from incubator.projects.tables import FormerSlug, Project, ProjectCompetency, Submission
from incubator.projects.team import team_of
from incubator.projects.transition import StageChanged
from incubator.publication.facets import GRADUATED, facets_text, values_in
from incubator.publication.index import enter, follow, leave, terms_of
from incubator.publication.tables import AwardGiven, Publication
from incubator.reviews.tables import Decision
from incubator.search.stemming import index_of


async def publication_of(project_id: int) -> Publication | None:
    return await Publication.objects().where(Publication.project == project_id).first()


async def ask_publication(project: Project, *, by: Person) -> None:
    """Ask for publication, as captain or teacher. Raises Refusal before the first submission."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.ASK_PUBLICATION, project.id)
        if not await submissions_of(project.id):
            raise Refusal(_("На витрину попадает сданная версия: сначала сдайте заявку"))
        row = await publication_of(project.id) or Publication(project=project.id)
        if row.asked_at is not None or row.published_at is not None:
            return
        row.asked_at, row.asked_by = now(), by.id
        await row.save()
        await record(Happened.PUBLICATION_ASKED, by=by, project=project.id)


async def publish(project: Project, *, by: Person | None, number: int | None = None) -> None:
    """Approve the newest submission for the showcase, as an organiser (or an import, ``by`` None).

    ``number``: the version that the organiser has read; StageChanged if there is a newer one.
    """
    if by is not None:
        await require_staff(by, StaffAction.PUBLISH)
    async with writing():
        # Otherwise an approval of a stale page could restore what the team has withdrawn.
        project = await lock_project(project.id)
        row = await publication_of(project.id) or Publication(project=project.id)
        newest = await _approvable(row, project, number, is_asked_for=by is not None)
        if row.published_at is not None and row.number == newest.number and not differs(row, project):
            return  # repeated click
        row.published_at = row.published_at or now()
        row.published_by = by.id if by else None
        project = await _show(row, project, newest, is_approved=True)
        await record(Happened.PUBLISHED, by=by, project=project.id, submission=newest.id)
        if by is not None:
            await _tell_team(project)


async def _approvable(row: Publication, project: Project, number: int | None, *, is_asked_for: bool) -> Submission:
    """Return the newest version if it is the one that was read, and if the team has asked where that is required."""
    submissions = await submissions_of(project.id)
    if not submissions:
        raise Refusal(_("На витрину попадает сданная версия: сначала сдайте заявку"))
    if is_asked_for and row.asked_at is None:
        raise Refusal(_("Команда пока не просила показать проект"))
    if number is not None and number != submissions[-1].number:
        raise StageChanged
    return submissions[-1]


async def newest_numbers(project_ids: list[int]) -> dict[int, int]:
    """Return the number of each project's newest submitted version. One query."""
    rows = (
        await Submission.select(Submission.project, Max(Submission.number, alias="number"))
        .where(Submission.project.is_in(project_ids or [0]) & Submission.standing())
        .group_by(Submission.project)
    )
    return {row["project"]: row["number"] for row in rows}


def differs(row: Publication, project: Project) -> bool:
    """Return whether the details differ from those approved."""
    return (row.team_name, row.help_wanted) != (project.team_name, project.help_wanted)


async def show_version(project: Project, submission: Submission) -> None:
    """Publish a version that has passed a gate, if the project is public.

    Call inside the transaction that releases the decision and has locked the project.
    """
    row = await publication_of(project.id)
    if row is not None and row.published_at is not None:
        await _show(row, project, submission, is_approved=False)


async def retract_version(project: Project, submission: Submission, *, by: Person) -> None:
    """Replace a withdrawn version by the previous one, or unpublish the project if there is none.

    Call inside the transaction that withdraws it and has locked the project.
    """
    row = await publication_of(project.id)
    if row is None or row.published_at is None or row.number != submission.number:
        return
    earlier = await submissions_of(project.id)
    if earlier:
        await _show(row, project, earlier[-1], is_approved=False)
    else:
        await _hide(row, project, by=by)


async def _show(row: Publication, project: Project, submission: Submission, *, is_approved: bool) -> Project:
    """Make ``submission`` the public version; return the project, whose slug may have changed.

    Changed details become public only if an organiser has just seen them (``is_approved``).
    """
    full = await Project.objects(Project.organisation, Project.cluster, Project.municipality).get(
        Project.id == project.id
    )
    assert full is not None
    names = [
        getattr(reference, field)
        for reference, field in (
            (full.cluster, "title_ru"),
            (full.cluster, "title_en"),
            (full.municipality, "title_ru"),
            (full.municipality, "title_en"),
        )
        if reference is not None and reference.id
    ]
    names += await competency_titles(project.id)
    before = terms_of(row)
    if is_approved:
        row.team_name, row.help_wanted = full.team_name, full.help_wanted
        row.organisation = full.organisation.name if full.organisation and full.organisation.id else ""
    facets = await facets_of(project.id, help_wanted=row.help_wanted)
    fill(
        row, submission, team_name=row.team_name, help_wanted=row.help_wanted, organisation=row.organisation,
        names=names, facets=facets,
    )  # fmt: skip
    row.changed_at = now()
    if row.graduated_at is None and GRADUATED in values_in(facets)["stage"]:
        row.graduated_at = await _graduated_at(project.id) or row.changed_at
    await (follow(row, before) if before else enter([row]))
    await row.save()
    return await _readdress(full, submission.title)


async def _graduated_at(project_id: int) -> datetime | None:
    """Return when the final advance was released."""
    row = (
        await Decision.select(Decision.released_at)
        .where(
            (Decision.submission.project == project_id)
            & (Decision.outcome == "advance")
            & Decision.released_at.is_not_null()
        )
        .order_by(Decision.released_at, ascending=False)
        .first()
    )
    return row["released_at"] if row else None


async def _readdress(project: Project, title: str) -> Project:
    """Update the slug to match the published title; the former one redirects."""
    slug = await free_slug(title, mine=project.id)
    if slug == project.slug:
        return project
    async with writing():
        await FormerSlug.delete().where(FormerSlug.slug == slug)
        await FormerSlug.insert(FormerSlug(slug=project.slug, project=project.id))
        await Project.update({Project.slug: slug}).where(Project.id == project.id)
    project.slug = slug
    return project


async def facets_of(project_id: int, *, help_wanted: str) -> str:
    """Return the project's current filter values, as stored in a publication. Three queries."""
    rows = await Project.select(
        Project.stage, Project.state, Project.season.slug, Project.cluster.key, Project.municipality.key,
        Project.organisation.kind,
    ).where(Project.id == project_id)  # fmt: skip
    row = rows[0]
    competencies = await ProjectCompetency.select(ProjectCompetency.competency.key.as_alias("key")).where(
        ProjectCompetency.project == project_id
    )
    awards = await AwardGiven.select(AwardGiven.award.key.as_alias("key")).where(AwardGiven.project == project_id)
    return facets_text(
        stage=GRADUATED if row["state"] == GRADUATED else row["stage"], season=row["season.slug"],
        cluster=row["cluster.key"], municipality=row["municipality.key"], kind=row["organisation.kind"],
        help="yes" if help_wanted else "", competency=[r["key"] for r in competencies], award=[r["key"] for r in awards],
    )  # fmt: skip


async def refresh_facets(project_id: int) -> None:
    """Update the filter values after a change outside the text. Call inside the transaction of the change."""
    row = await publication_of(project_id)
    if row is not None and row.place is not None:
        before = terms_of(row)
        row.facets = await facets_of(project_id, help_wanted=row.help_wanted)
        await follow(row, before)
        await row.save(columns=[Publication.facets])


def fill(
    row: Publication, submission: Submission, *, team_name: str, help_wanted: str, organisation: str,
    names: Iterable[str], facets: str,
) -> None:  # fmt: skip
    """Fill ``row`` with what the public reads of ``submission``."""
    text = {p.key: plain(p.html) for p in frozen_parts(submission) if p.text}
    row.number = submission.number
    row.title, row.team_name, row.help_wanted = submission.title, team_name, help_wanted
    row.organisation = organisation
    row.pitch = short(text.get("pitch") or next(iter(text.values()), ""), 200)
    row.title_words = index_of(submission.title)
    row.facets = facets
    row.words = index_of(submission.title, *text.values(), *names, team_name, organisation)


async def unpublish(project: Project, *, by: Person) -> None:
    """Take the project off the showcase (or withdraw the request), as captain, teacher or organiser."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.UNPUBLISH, project.id)
        row = await publication_of(project.id)
        if row is None or (row.asked_at is None and row.published_at is None):
            return
        await _hide(row, project, by=by)


async def _hide(row: Publication, project: Project, *, by: Person) -> None:
    await leave(row)
    row.asked_at = row.asked_by = row.published_at = row.published_by = None
    await row.save()
    await record(Happened.UNPUBLISHED, by=by, project=project.id)


async def _tell_team(project: Project) -> None:
    for mate in await team_of(project.id):
        with override_locale(mate.person.locale):
            await queue(
                mate.person.email,
                _("«%(title)s» — на витрине", title=project.title),
                _("Ваш проект теперь видят все. Ссылкой можно делиться."),
                link=f"/showcase/{project.slug}",
                locale=mate.person.locale,
            )
