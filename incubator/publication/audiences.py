"""Whom it concerns what becomes of a project on the showcase: its team and the organisers."""

from collections.abc import Sequence

from incubator.attachments.tables import Attachment
from incubator.core.languages import _, localized
from incubator.core.visible import says_something
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Paragraphs, Reader, data_of, readers
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.projects.audiences import is_led_by, project_of, team_readers
from incubator.projects.tables import Member, News
from incubator.projects.team import team_of
from incubator.publication.awards import awards_of
from incubator.publication.content_report_words import wrong_title
from incubator.publication.entry import publication_of
from incubator.publication.tables import ContentReport, PublicVersion
from incubator.publication.team_names import mate_names


async def office_while_asked(event: Event) -> Sequence[Reader]:
    """Those who approve publications, as long as the team waits for it."""
    if not await PublicVersion.exists().where((PublicVersion.project == event.project_id) & PublicVersion.waiting()):
        return []
    project = await project_of(event)
    return readers(await people_who_may(StaffAction.PUBLISH), "/organiser/publications", title=project.title)


async def team_while_offered(event: Event) -> Sequence[Reader]:
    """The team, when an organiser asked in its name, as long as it can recall that."""
    row, reason = await _version(event), str(data_of(event).get("reason", ""))
    if not reason or row is None or not row.is_waiting:
        return []
    project = await project_of(event)
    return await team_readers(project, f"/projects/{project.id}/showcase", lambda: [reason])


async def leaders_while_name_waits(event: Event) -> Sequence[Reader]:
    """Captain and teacher, while somebody's name waits."""
    if not await _name_waits(event):
        return []
    project = await project_of(event)
    leaders = [mate.person for mate in await team_of(project.id) if is_led_by(mate)]
    return readers(leaders, f"/projects/{project.id}/showcase", title=project.title)


async def office_while_name_waits(event: Event) -> Sequence[Reader]:
    """Those who approve publications, while somebody's name waits."""
    if not await _name_waits(event):
        return []
    project = await project_of(event)
    return readers(
        await people_who_may(StaffAction.PUBLISH), f"/organiser/publications/{project.id}", title=project.title
    )


async def team_while_public(event: Event) -> Sequence[Reader]:
    """The team, as long as everybody can read the version."""
    row = await _version(event)
    if row is None or not row.is_public:
        return []
    project = await project_of(event)
    return await team_readers(project, f"/showcase/{project.slug}", title=row.title, number=str(row.number))


async def team_while_refused(event: Event) -> Sequence[Reader]:
    """The team, with the organiser's reason, until it asks again."""
    return await _team_after_refusal(event, was_public=False)


async def team_while_details_refused(event: Event) -> Sequence[Reader]:
    """The team, likewise, where the version stays public and only its new details or names do not come."""
    return await _team_after_refusal(event, was_public=True)


async def _team_after_refusal(event: Event, *, was_public: bool) -> Sequence[Reader]:
    row = await _version(event)
    if row is None or row.is_waiting or row.is_public != was_public:
        return []
    project, reason = await project_of(event), str(data_of(event).get("reason", ""))
    return await team_readers(
        project, f"/projects/{project.id}/showcase", number=str(row.number), reason=reason
    )  # fmt: skip


async def team_after_removal(event: Event) -> Sequence[Reader]:
    """The team, when an organiser took something of it off."""
    data = data_of(event)
    if not data.get("is_told"):
        return []
    project, reason = await project_of(event), str(data["reason"])
    return await team_readers(
        project, f"/projects/{project.id}/showcase",
        lambda: [_("Организатор объяснил почему:"), reason] if says_something(reason) else [],
    )  # fmt: skip


async def office_while_reported(event: Event) -> Sequence[Reader]:
    """Those who can hide the page and are not of the team, while the report is open; nothing of its words, which they read on the page."""
    number = int(data_of(event).get("report", 0))
    row = await ContentReport.objects().where((ContentReport.id == number) & ContentReport.open()).first()
    if row is None:
        return []
    project = await project_of(event)
    team = {each["person"] for each in await Member.select(Member.person).where(Member.project == project.id)}
    office = [each for each in await people_who_may(StaffAction.PUBLISH) if each.id not in team]
    return readers(
        office, f"/organiser/reports/{row.id}", title=project.title, wrong=lambda: wrong_title(row.wrong)
    )  # fmt: skip


async def office_while_news_wait(event: Event) -> Sequence[Reader]:
    """Those who approve publications, while a piece of news waits."""
    row = await _news(event)
    if row is None or not row.is_waiting:
        return []
    project, office = await project_of(event), await people_who_may(StaffAction.PUBLISH)
    return readers(office, f"/organiser/news/{row.id}", title=project.title, headline=row.headline)


async def team_while_news_public(event: Event) -> Sequence[Reader]:
    """The team, as long as everybody can read its news."""
    row, project = await _news(event), await project_of(event)
    if row is None or not row.is_public:
        return []
    return await team_readers(
        project, f"/showcase/{project.slug}#news-{row.id}", title=project.title, headline=row.headline
    )  # fmt: skip


async def team_while_news_refused(event: Event) -> Sequence[Reader]:
    """The team, with the organiser's reason, until it offers its news again."""
    row, project = await _news(event), await project_of(event)
    if row is None or not row.may_be_changed or not row.refusal:
        return []
    return await team_readers(
        project, f"/projects/{project.id}/news/{row.id}", title=project.title, headline=row.headline, reason=row.refusal
    )  # fmt: skip


async def team_after_news_taken_off(event: Event) -> Sequence[Reader]:
    """The team, when an organiser took its news off, as long as they are."""
    row, data = await _news(event), data_of(event)
    if row is None or not row.may_be_changed or not data.get("is_told"):
        return []
    project, reason = await project_of(event), str(data.get("reason", ""))
    return await team_readers(
        project, f"/projects/{project.id}/news/{row.id}",
        lambda: [_("Организатор объяснил почему:"), reason] if says_something(reason) else [],
        title=project.title, headline=row.headline,
    )  # fmt: skip


async def _news(event: Event) -> News | None:
    return await News.objects().get(News.id == int(data_of(event).get("news", 0)))


async def leaders_and_office(event: Event) -> Sequence[Reader]:
    """Captain, teacher and organisers, without the name: whose it was is on the team's own page."""
    project = await project_of(event)
    entry = await publication_of(project.id)
    done = _how_it_was_hidden(event, is_public=entry is not None and entry.is_public)
    leaders = [mate.person for mate in await team_of(project.id) if is_led_by(mate)]
    office = await people_who_may(StaffAction.PUBLISH)
    return [
        *readers(leaders, f"/projects/{project.id}/showcase", done, title=project.title),
        *readers(office, f"/organiser/publications/{project.id}", done, title=project.title),
    ]


async def team_with_award(event: Event) -> Sequence[Reader]:
    """The team, as long as the project has the award."""
    key = str(data_of(event).get("key", ""))
    award = next(
        (a for a in (await awards_of([event.project_id or 0])).get(event.project_id or 0, []) if a.key == key), None
    )
    if award is None:
        return []
    project, entry = await project_of(event), await publication_of(event.project_id or 0)
    link = f"/showcase/{project.slug}" if entry is not None and entry.is_public else f"/projects/{project.id}"
    return await team_readers(project, link, name=lambda: localized(award, "title"))


def _how_it_was_hidden(event: Event, *, is_public: bool) -> Paragraphs:
    data = data_of(event)

    def paragraphs() -> Sequence[str]:
        if data.get("versions_set_aside") and is_public:
            done = _(
                "Машина не уверена, что нашла его везде. Такие версии сняты с витрины, пока кто-нибудь не посмотрит."
            )
        elif data.get("versions_set_aside"):
            done = _("Машина не уверена, что нашла его везде. Проект снят с витрины, пока кто-нибудь не посмотрит.")
        elif data.get("count"):
            done = _("Скрыто мест: %(n)s.", n=data["count"])
        else:
            done = _("В тексте проекта этого имени не нашлось.")
        look = _(
            "Посмотрите, пожалуйста, не узнать ли человека по другим словам: прозвище или короткое имя с ошибкой машина не найдёт."
        )
        return [done, look]

    return paragraphs


async def _name_waits(event: Event) -> bool:
    row = await _version(event)
    is_waiting = row is not None and row.is_waiting
    return is_waiting and any(name.is_waiting for name in await mate_names(event.project_id or 0))


async def office_while_file_waits(event: Event) -> Sequence[Reader]:
    """Those who approve publications, while the team says something else of the people on a public picture."""
    row = await _version(event)
    changed = (Attachment.project == event.project_id) & Attachment.is_to_look_at.eq(True)
    if row is None or not row.is_waiting or not await Attachment.exists().where(changed):
        return []
    project, office = await project_of(event), await people_who_may(StaffAction.PUBLISH)
    return readers(office, f"/organiser/publications/{project.id}", title=project.title)


async def team_while_file_is_hidden(event: Event) -> Sequence[Reader]:
    """The team, when an organiser took a picture or a paper off, as long as it is."""
    data = data_of(event)
    row = await Attachment.objects().get(Attachment.id == int(data.get("file", 0)))
    if row is None or not row.is_hidden_by_office or not data.get("is_office"):
        return []
    project = await project_of(event)
    return await team_readers(project, f"/projects/{project.id}/files")


async def _version(event: Event) -> PublicVersion | None:
    return await PublicVersion.objects().where(PublicVersion.submission == event.submission_id).first()


AUDIENCES = (
    Audience(Happened.PUBLICATION_ASKED, team_while_offered, "offered"),
    Audience(Happened.PUBLICATION_ASKED, office_while_asked, "publication_asked", "organising"),
    Audience(Happened.PUBLISHED, team_while_public, "published"),
    Audience(Happened.PUBLICATION_REFUSED, team_while_refused, "publication_refused"),
    Audience(Happened.PUBLICATION_REFUSED, team_while_details_refused, "news_refused"),
    Audience(Happened.UNPUBLISHED, team_after_removal, "taken_off"),
    Audience(Happened.NEWS_OFFERED, office_while_news_wait, "news_offered", "organising"),
    Audience(Happened.NEWS_PUBLISHED, team_while_news_public, "news_shown"),
    Audience(Happened.NEWS_REFUSED, team_while_news_refused, "news_declined"),
    Audience(Happened.NEWS_TAKEN_OFF, team_after_news_taken_off, "news_removed"),
    Audience(Happened.CONTENT_REPORTED, office_while_reported, "content_reported"),
    Audience(Happened.AWARDED, team_with_award, "awarded"),
    Audience(Happened.NAME_WAITS, leaders_while_name_waits, "name_waits"),
    Audience(Happened.NAME_WAITS, office_while_name_waits, "name_to_see", "organising"),
    Audience(Happened.FILE_WAITS, office_while_file_waits, "file_to_see", "organising"),
    Audience(Happened.FILE_HIDDEN, team_while_file_is_hidden, "file_hidden"),
    Audience(Happened.NAME_HIDDEN, leaders_and_office, "name_hidden"),
)
