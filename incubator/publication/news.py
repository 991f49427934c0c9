"""A team's short news: written by the team, offered, and shown to everybody once an organiser has approved them, like a version.

What the public reads is a copy in the row, so that hiding a passage, a name or a picture counts there at once.
"""

from contextlib import suppress
from dataclasses import dataclass

from incubator.attachments.people_on import attachment_of
from incubator.attachments.showing import ref_of
from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _, override_locale
from incubator.core.refusals import AGAIN, Refusal, Repeated, Stale
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.http.markdown.version import GRAMMAR
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_may, require_outside
from incubator.projects.document import Frozen, content_of
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND as FILES_KIND
from incubator.projects.kinds.files import captioned, with_file
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, ProjectRole
from incubator.projects.tables import News, Project
from incubator.projects.transition import StageChanged
from incubator.publication.entry import follow_public_files
from incubator.publication.examination import Basis, Examination, examine
from incubator.publication.following import recall_mails
from incubator.publication.offered_files import offered_files
from incubator.publication.passages import kept_passages
from incubator.publication.people_named import names_of_team
from incubator.publication.public_copy import Unrendered, hidden_of, shown_parts
from incubator.publication.public_files import note_looked_at
from incubator.publication.publish import note_names
from incubator.publication.versions import public_versions_of

#: The keys of what a piece of news consists of; no section has such a key.
TEXT, PICTURE = ":news", ":picture"


@dataclass(slots=True)
class DraftedNews:
    """What the team has written, as a row that holds sections."""

    content: str


class NewsFlagged(Refusal):
    """The news name or locate somebody: that is decided first, on their page."""


@dataclass(frozen=True, slots=True)
class NewsWording:
    """What somebody types of a piece of news."""

    headline: str
    text: str
    picture: int | None = None
    """Id of one of the project's attachments."""
    caption: str = ""


def parts_of_news(row: News) -> list[Frozen]:
    """Return what the team has written as sections without HTML."""
    parts = [_part(TEXT, row.text)]
    if file := FileRef.of(row.picture):
        value = captioned(with_file("", file, name=""), {file.id: row.caption})
        with override_locale("ru"):
            parts.append(_part(PICTURE, FILES_KIND.text(value), kind=FILES_KIND.key, value=value))
    return parts


def _part(key: str, text: str, **more: str) -> Frozen:
    return Frozen(key=key, stage="", title_ru="", title_en="", group="", limit=limits.NEWS, text=text, html="", **more)


async def news_of(project_id: int) -> list[News]:
    """Return all news of a project, newest first."""
    return await News.objects().where(News.project == project_id).order_by(News.id, ascending=False)


async def news_at(news_id: int, project_id: int | None = None) -> News | None:
    """Return a piece of news; None if it is not there, or not of this project."""
    row = await News.objects().get(News.id == news_id)
    return row if row is not None and project_id in (None, row.project) else None


async def write_news(project: Project, wording: NewsWording, *, by: Person) -> News:
    """Begin a piece of news. Raises NotAllowed, Refusal where there are too many, Repeated for the same once more."""
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.WRITE_NEWS, project.id)
        known = await news_of(project.id)
        again = (wording.headline, wording.text, by.id)
        for row in known:
            if (row.headline, row.text, row.written_by) == again and row.written_at > now() - AGAIN:
                raise Repeated(_("Эта новость уже записана."), f"/projects/{project.id}/news/{row.id}")
        if len(known) >= limits.NEWS_OF_PROJECT:
            raise Refusal(_("Новостей уже очень много: сначала удалите старые черновики"))
        row = News(project=project.id, headline=wording.headline, text=wording.text, written_at=now(), written_by=by.id)
        row.picture, row.caption = await _own_picture(project.id, wording.picture), wording.caption
        await row.save()
        await record(Happened.NEWS_WRITTEN, by=by, project=project.id, news=row.id)
    return row


async def change_news(project: Project, news_id: int, wording: NewsWording, *, version: int, by: Person) -> None:
    """Change a piece of news that nobody reads yet. Raises Stale if somebody else has; NotAllowed, Refusal."""
    async with writing():
        row = await _changeable(project, news_id, by)
        picture = await _own_picture(row.project, wording.picture)
        if (row.headline, row.text, row.picture, row.caption) == (
            wording.headline, wording.text, picture, wording.caption,
        ):  # fmt: skip
            return
        if row.version != version:
            raise Stale(theirs=row.text, version=row.version)
        row.headline, row.text, row.picture, row.caption = wording.headline, wording.text, picture, wording.caption
        row.version, row.written_at, row.written_by = row.version + 1, now(), by.id
        await row.save()
        await record(Happened.NEWS_WRITTEN, by=by, project=row.project, news=row.id)


async def delete_news(project: Project, news_id: int, *, version: int, by: Person) -> None:
    """Delete a piece of news that nobody reads. Raises Refusal if somebody has written more than was seen; NotAllowed."""
    async with writing():
        row = await _changeable(project, news_id, by)
        if row.version != version:
            raise Refusal(_("Эту новость только что изменили. Посмотрите, что в ней теперь, и решите снова."))
        await row.remove()
        await record(Happened.NEWS_DELETED, by=by, project=row.project, news=row.id)


async def _changeable(project: Project, news_id: int, by: Person) -> News:
    """Lock the project; return the news if the person may write in them."""
    project = await lock_project(project.id)
    await require_may(by, Action.WRITE_NEWS, project.id)
    row = _there(await news_at(news_id, project.id))
    if not row.may_be_changed:
        raise Refusal(_("Новость у организатора или уже на витрине: сначала отзовите или снимите её"))
    return row


async def _own_picture(project_id: int, attachment_id: int | None) -> str:
    """Return the picture as a cell names it; raise Refusal for what is none of the project's."""
    if attachment_id is None:
        return ""
    row = await attachment_of(project_id, attachment_id)
    if row is None or not ref_of(row).is_picture:
        raise Refusal(_("Такой картинки у проекта нет"))
    return str(ref_of(row))


def _there(row: News | None) -> News:
    if row is None:
        raise Refusal(_("Этой новости уже нет"))
    return row


async def basis_of_news(row: News) -> Basis:
    """Return what the public would read of a piece of news, and what is known about it."""
    hiding = await hidden_of(row.project)
    parts = shown_parts(DraftedNews(content_of(parts_of_news(row))), hiding)
    return Basis(
        title=hiding.of(row.headline), team_name="", help_wanted="", organisation="", parts=tuple(parts),
        people=tuple(await names_of_team(row.project)), mates=(), kept=frozenset(await kept_passages(row.project)),
        files=await offered_files(row.project, parts), hidden=hiding.passages,
    )  # fmt: skip


async def offer_news(project: Project, news_id: int, *, is_checked: bool = False, by: Person) -> None:
    """Offer a piece of news to the public, as captain or teacher, while the project is on the showcase.

    Raises NewsFlagged while it names somebody who did not consent, or, unless the team has looked (``is_checked``), while
    it holds a telephone number and the like; Refusal, NotAllowed.
    """
    while True:
        row = _there(await news_at(news_id, project.id))
        examination = await examine(await basis_of_news(row))
        with suppress(Unrendered):
            async with writing():
                fresh = await lock_project(project.id)
                await require_may(by, Action.ASK_PUBLICATION, fresh.id)
                row = _there(await news_at(news_id, fresh.id))
                if not row.may_be_changed:
                    return  # repeated click
                if not await public_versions_of(fresh.id):
                    raise Refusal(_("Новости видны на странице проекта: сначала покажите на витрине сам проект"))
                await _require_same(row, examination)
                _require_clean(examination, is_checked=is_checked)
                row.is_waiting, row.offered_at, row.offered_by, row.refusal = True, now(), by.id, ""
                await row.save()
                await record(Happened.NEWS_OFFERED, by=by, project=fresh.id, news=row.id)
            return


async def _require_same(row: News, examination: Examination) -> None:
    """Raise Unrendered if the text has changed since it was examined."""
    if await basis_of_news(row) != examination.basis:
        raise Unrendered


def _require_clean(examination: Examination, *, is_checked: bool) -> None:
    if examination.forbidden:
        raise NewsFlagged(_("В тексте названы те, кто не соглашался на имя в открытом доступе. Скройте эти места."))
    if examination.open and not is_checked:
        raise NewsFlagged(
            _("В тексте есть телефон, адрес или что-то похожее. Скройте это или отметьте, что это не личное.")
        )


async def publish_news(news_id: int, *, mark: str = "", by: Person) -> None:
    """Approve a piece of news, as an organiser. ``mark``: what the page showed (``examination.py: Basis.mark``).

    Raises StageChanged if it says something else by now, NewsFlagged while something in it is neither hidden nor kept.
    """
    await require_staff(by, StaffAction.PUBLISH)
    while True:
        examination = await examine(await basis_of_news(await _waiting(news_id)))
        with suppress(Unrendered):
            async with writing():
                project = await lock_project((await _waiting(news_id)).project)
                await require_outside(by, project.id)
                row = await _waiting(news_id)
                await _require_same(row, examination)
                if mark and mark != examination.basis.mark:
                    raise StageChanged
                if not row.is_waiting:
                    return  # repeated click
                if examination.open:
                    raise NewsFlagged(_("Сначала решите обо всём, что отмечено в тексте: скройте или оставьте."))
                await _approve(row, project, examination, by=by)
            return


async def _waiting(news_id: int) -> News:
    row = _there(await news_at(news_id))
    if not (row.is_waiting or row.is_public):
        raise Refusal(_("Команда пока не просила показать эту новость"))
    return row


async def _approve(row: News, project: Project, examination: Examination, *, by: Person) -> None:
    row.title, row.content, row.grammar = examination.basis.title, content_of(examination.parts), GRAMMAR
    row.is_waiting, row.approved_at, row.approved_by, row.ended_at = False, now(), by.id, None
    row.published_at = row.published_at or row.approved_at
    await row.save()
    await note_names(project, examination.findings, by=by)
    await note_looked_at(examination.parts)
    await follow_public_files(project.id)
    await record(Happened.NEWS_PUBLISHED, by=by, project=project.id, news=row.id)


async def refuse_news(news_id: int, *, reason: str, by: Person) -> None:
    """Refuse a piece of news that waits, as an organiser, and tell the team why; one that is public is taken off."""
    await require_staff(by, StaffAction.PUBLISH)
    async with writing():
        project = await lock_project(_there(await news_at(news_id)).project)
        row = _there(await news_at(news_id))
        if not row.is_waiting:
            raise StageChanged
        row.refusal = reason
        await _end(row)
        await record(Happened.NEWS_REFUSED, by=by, project=project.id, news=row.id, reason=reason)


async def take_news_off(project_id: int, news_id: int, *, reason: str = "", by: Person) -> bool:
    """Take a piece of news off, or recall it, as captain, teacher or organiser: at once. Return whether the team is told."""
    async with writing():
        project = await lock_project(project_id)
        await require_may(by, Action.UNPUBLISH, project.id)
        row = _there(await news_at(news_id, project.id))
        if row.may_be_changed:
            return False  # repeated click
        is_office = await require_may(by, Action.UNPUBLISH, project.id) == ProjectRole.ORGANISER
        await _end(row)
        await record(
            Happened.NEWS_TAKEN_OFF, by=by, project=project.id, news=row.id, is_told=is_office, reason=reason
        )  # fmt: skip
        return is_office


async def _end(row: News) -> None:
    row.is_waiting, row.title, row.content = False, "", "[]"
    row.ended_at = now()
    await row.save()
    await recall_mails(row.project)
    await follow_public_files(row.project)


async def let_news_wait(project_id: int, attachment_ids: set[int]) -> None:
    """Ask organisers to look again at the public news that show one of these pictures: the team says something else of the people there.

    Call inside a transaction that has locked the project.
    """
    for row in await News.objects().where((News.project == project_id) & News.public() & News.is_waiting.eq(False)):
        file = FileRef.of(row.picture)
        if file is not None and file.id in attachment_ids:
            row.is_waiting, row.offered_at, row.offered_by = True, now(), None
            await row.save([News.is_waiting, News.offered_at, News.offered_by])
            await record(Happened.NEWS_OFFERED, by=None, project=project_id, news=row.id)
