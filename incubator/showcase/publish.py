"""Onto the showcase and off it: the team asks, the organiser approves, either ends it at once."""

from collections.abc import Iterable
from datetime import datetime

from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.people.organisers import require_organiser
from incubator.people.tables import Person
from incubator.projects.access import require, role_of
from incubator.projects.document import frozen_parts, submissions_of
from incubator.projects.held import held
from incubator.projects.tables import Project, Submission
from incubator.projects.team import team_of
from incubator.showcase.tables import Publication
from incubator.showcase.words import index_of
from incubator.web.dates import now
from incubator.web.i18n import _, speaking
from incubator.web.markdown import plain
from incubator.web.refusal import Refusal
from incubator.web.text import short


async def publication_of(project_id: int) -> Publication | None:
    return await Publication.objects().where(Publication.project == project_id).first()


async def ask_publication(project: Project, *, by: Person) -> None:
    """The captain (or teacher) asks to be shown. Raises Refusal before the first submission."""
    async with writing():
        await held(project.id)
        require(await role_of(by, project.id) in {"captain", "teacher"})
        if not await submissions_of(project.id):
            raise Refusal(_("На витрину попадает сданная версия: сначала сдайте заявку"))
        row = await publication_of(project.id) or Publication(project=project.id)
        if row.asked_at is not None or row.published_at is not None:
            return
        row.asked_at, row.asked_by = now(), by.id
        await row.save()
        await record(Happened.PUBLICATION_ASKED, by=by, project=project.id)


async def publish(project: Project, *, by: Person | None) -> None:
    """The organiser (or an import, ``by`` None) approves the newest submission for the showcase."""
    if by is not None:
        require_organiser(by)
    async with writing():
        # Else an approval of what was read a moment ago could bring back what the team withdrew.
        await held(project.id)
        submissions = await submissions_of(project.id)
        if not submissions:
            raise Refusal(_("На витрину попадает сданная версия: сначала сдайте заявку"))
        row = await publication_of(project.id) or Publication(project=project.id)
        if by is not None and row.asked_at is None:
            raise Refusal(_("Команда пока не просила показать проект"))
        if row.published_at is not None and row.number == submissions[-1].number:
            return  # a second click
        row.published_at = row.published_at or now()
        row.published_by = by.id if by else None
        await _show(row, project, submissions[-1])
        await record(Happened.PUBLISHED, by=by, project=project.id, submission=submissions[-1].id)
        if by is not None:
            await _tell_team(project)


async def show_version(project: Project, submission: Submission) -> None:
    """A version passed a gate: if the project is public, this is what the public reads now.

    Call inside the transaction that releases the decision and holds the project.
    """
    row = await publication_of(project.id)
    if row is not None and row.published_at is not None:
        await _show(row, project, submission)


async def _show(row: Publication, project: Project, submission: Submission) -> None:
    full = await Project.objects(Project.organisation, Project.cluster, Project.municipality).get(
        Project.id == project.id
    )
    assert full is not None
    names = [
        getattr(reference, field)
        for reference, field in (
            (full.organisation, "name"),
            (full.cluster, "title_ru"),
            (full.cluster, "title_en"),
            (full.municipality, "title_ru"),
            (full.municipality, "title_en"),
        )
        if reference is not None and reference.id
    ]
    fill(row, submission, team_name=full.team_name, help_wanted=full.help_wanted, names=names)
    row.changed_at = now()
    await row.save()


def fill(row: Publication, submission: Submission, *, team_name: str, help_wanted: str, names: Iterable[str]) -> None:
    """Put into ``row`` what the public reads of ``submission`` from now on."""
    text = {p.key: plain(p.html) for p in frozen_parts(submission) if p.text}
    row.number = submission.number
    row.title, row.team_name, row.help_wanted = submission.title, team_name, help_wanted
    row.pitch = short(text.get("pitch") or next(iter(text.values()), ""), 200)
    row.words = index_of(submission.title, *text.values(), *names, team_name)


def publication_row(
    project_id: int, submission: Submission, *, at: datetime, team_name: str, help_wanted: str, names: Iterable[str]
) -> Publication:
    """A publication as of ``at``, ready to be stored; for imports."""
    row = Publication(project=project_id, published_at=at, changed_at=at)
    fill(row, submission, team_name=team_name, help_wanted=help_wanted, names=names)
    return row


async def unpublish(project: Project, *, by: Person) -> None:
    """Take the project off the showcase (or withdraw the wish): captain, teacher or organiser."""
    async with writing():
        await held(project.id)
        require(await role_of(by, project.id) in {"captain", "teacher", "organiser"})
        row = await publication_of(project.id)
        if row is None or (row.asked_at is None and row.published_at is None):
            return
        row.asked_at = row.asked_by = row.published_at = row.published_by = None
        await row.save()
        await record(Happened.UNPUBLISHED, by=by, project=project.id)


async def _tell_team(project: Project) -> None:
    for mate in await team_of(project.id):
        with speaking(mate.person.locale):
            await queue(
                mate.person.email,
                _("«%(title)s» — на витрине", title=project.title),
                _("Ваш проект теперь видят все. Ссылкой можно делиться."),
                link=f"/showcase/{project.slug}",
                locale=mate.person.locale,
            )
