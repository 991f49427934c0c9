"""Mails to those who follow a project: what became public since the last one, at most one a day for each project."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incubator import config
from incubator.core.clock import now
from incubator.core.formatting import day
from incubator.core.languages import _, override_locale
from incubator.core.logins import is_login
from incubator.core.portions import portions
from incubator.core.text import short
from incubator.db import writing
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.http.markdown.plain import plain
from incubator.mail.outbox import queue
from incubator.people.tables import Person
from incubator.programme.stages import stage_title
from incubator.projects.document import frozen_parts
from incubator.projects.locking import ProjectGone, lock_project
from incubator.projects.tables import News, Project
from incubator.publication.following import path_of
from incubator.publication.tables import Follower, FollowerMail, Publication, PublicVersion
from incubator.publication.versions import public_news_of, public_versions_of
from incubator.publication.withdrawals import lapsed_names
from incubator.reviews.tables import Decision

#: Between two mails about one project to one address.
PAUSE = timedelta(days=1)
#: What is older is no news, whatever kept the site from sending it.
FRESH = timedelta(days=30)
_AT_ONCE = 100
#: Pieces of news in one mail, and characters of each.
_MOST, _LONGEST = 10, 300


@dataclass(frozen=True, slots=True)
class Happening:
    """Something of a project that everybody may read, since ``at``."""

    at: datetime
    news: News | None = None
    stage: str = ""
    """The stage whose gate the project has passed."""


async def tell_followers() -> int:
    """Write to everybody who follows and to whom something is new; return how many mails. A periodic task."""
    rows = await Follower.select(Follower.project).where(Follower.confirmed()).group_by(Follower.project)
    followed = {row["project"] for row in rows}
    return sum([await _tell(project_id) for project_id in sorted(followed & await _fresh(followed))])


async def _fresh(projects: set[int]) -> set[int]:
    """Return those of the projects of which something may have become public lately. Three queries."""
    since, among = now() - FRESH, sorted(projects) or [0]
    news = await News.select(News.project).where(News.project.is_in(among) & (News.published_at > since))
    shown = await PublicVersion.select(PublicVersion.project, PublicVersion.submission).where(
        PublicVersion.project.is_in(among) & PublicVersion.public()
    )
    decided = await Decision.select(Decision.submission).where(
        Decision.submission.is_in([row["submission"] for row in shown] or [0])
        & (Decision.outcome == "advance") & Decision.released_at.is_not_null()
    )  # fmt: skip
    passed = {row["submission"] for row in decided}
    return {row["project"] for row in news} | {row["project"] for row in shown if row["submission"] in passed}


async def _tell(project_id: int) -> int:
    happened = await happenings_of(project_id)
    if not happened:
        return 0
    latest = max(each.at for each in happened)
    due = await Follower.select(Follower.id).where(
        (Follower.project == project_id) & Follower.confirmed() & (Follower.told_until < latest)
        & (Follower.mailed_at.is_null() | (Follower.mailed_at < now() - PAUSE))
    )  # fmt: skip
    return sum([await _write_to(project_id, ids) for ids in portions([row["id"] for row in due], _AT_ONCE)])


async def happenings_of(project_id: int) -> list[Happening]:
    """Return what everybody may read as news of a project, newest first: nothing of one that is not public."""
    publication = await Publication.exists().where((Publication.project == project_id) & Publication.public())
    if not publication or await lapsed_names(project_id):
        return []
    since = now() - FRESH
    news = [Happening(row.published_at, news=row) for row in await public_news_of(project_id)]
    found = [each for each in [*news, *await _passed(project_id)] if each.at > since]
    return sorted(found, key=lambda each: each.at, reverse=True)


async def _passed(project_id: int) -> list[Happening]:
    """Return the gates that the project has passed with a version that everybody may read, since both are known."""
    versions = await public_versions_of(project_id)
    ids = [row.submission for row in versions] or [0]
    decisions = await Decision.objects().where(Decision.submission.is_in(ids) & Decision.released_at.is_not_null())
    passing = [row for row in decisions if row.outcome == "advance"]
    stands = {row.submission for row in passing if row.superseded_at is None}
    # A correction of its words is no second gate.
    released = {row.submission: row.released_at for row in sorted(passing, key=lambda row: row.id, reverse=True)}
    shown = await Event.select(Event.submission_id, Event.at).where(
        (Event.happened == Happened.PUBLISHED.value) & Event.submission_id.is_in(ids)
    ).order_by(Event.id, ascending=False)  # fmt: skip
    first = {row["submission_id"]: row["at"] for row in shown}
    return [
        Happening(max(released[row.submission], first.get(row.submission, row.approved_at)), stage=row.stage)
        for row in versions
        if row.submission in stands
    ]


async def _write_to(project_id: int, ids: Sequence[int]) -> int:
    """Write to some followers in one transaction with the mark that they were told."""
    try:
        async with writing():
            project = await lock_project(project_id)  # what is taken off meanwhile is in no mail
            happened = await happenings_of(project_id)
            entry = await Publication.objects().get(Publication.project == project_id)
            rows = await Follower.objects(Follower.person).where(Follower.id.is_in([*ids]))
            if entry is None:
                return 0
            return sum([await _write(row, project, entry.title, happened) for row in rows])
    except ProjectGone:
        return 0


async def _write(row: Follower, project: Project, title: str, happened: Sequence[Happening]) -> bool:
    new = [each for each in happened if each.at > row.told_until]
    to, locale = _reader(row)
    if not new or not to:
        return False
    at = now()
    taken = (
        await Follower.update({Follower.told_until: at, Follower.mailed_at: at})
        .where((Follower.id == row.id) & (Follower.told_until == row.told_until))
        .returning(Follower.id)
    )
    if not taken:
        return False  # another process was faster
    with override_locale(locale):
        message = await queue(
            to, _("«%(title)s»: новое", title=title), *(_in_words(each, project.slug) for each in new[:_MOST]),
            link=f"/showcase/{project.slug}", locale=locale, unsubscribe=path_of(row.secret),
        )  # fmt: skip
    await FollowerMail(follower=row.id, message=message.id, told_from=row.told_until).save()
    return True


def _reader(row: Follower) -> tuple[str, str]:
    """Return where to write, and in which language; nowhere for an account whose address nobody has confirmed."""
    person: Person | None = row.person if row.person is not None and row.person.id else None
    if person is None:
        return row.email, row.locale
    is_sure = person.email_confirmed_at is not None and not is_login(person.email)
    return person.email if is_sure else "", person.locale


def _in_words(happening: Happening, slug: str) -> str:
    if happening.news is None:
        passed = _("пройден рубеж этапа «%(stage)s»", stage=stage_title(happening.stage))
        return f"{day(happening.at)} · {passed}"
    news = happening.news
    text = short(plain("".join(part.html for part in frozen_parts(news) if part.html)), _LONGEST)
    address = f"{config.settings.base_url}/showcase/{slug}#news-{news.id}"
    return f"{day(happening.at)} · {news.title}\n{text}\n{address}"
