"""Atom feeds (RFC 4287): news of the showcase, whole or filtered, and the growth of one project."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from litestar import Controller, Response, get
from litestar.params import FromPath

from incubator import config
from incubator.core.languages import _, current_locale
from incubator.core.text import short
from incubator.http.requests import AnyRequest
from incubator.http.templating import render
from incubator.programme.stages import stage_title
from incubator.showcase.addresses import at_canonical, full, links_of
from incubator.showcase.catalogue import find
from incubator.showcase.filter_options import active_choices
from incubator.showcase.filters import Wish
from incubator.showcase.latest_news import Teller, ToldGrowth, ToldNews, latest_growth, latest_news
from incubator.showcase.project_pages import publication_at
from incubator.showcase.reference_titles import reference_lists, stage_titles
from incubator.showcase.story import Version, public_news, public_team, public_versions

ENTRIES = 50
#: Characters of a piece of news.
SUMMARY = 300


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """``key`` is its permanent identity, whatever the address becomes."""

    key: str
    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str
    authors: Sequence[str] = ()


class Feeds(Controller):
    path = "/showcase"

    @get("/feed.atom")
    async def catalogue(self, request: AnyRequest) -> Response[Any]:
        """Return the newest results of the catalogue with the same filters."""
        wish = Wish.of(request.query_params.multi_items())
        if elsewhere := at_canonical(request, wish.query()):
            return elsewhere
        met = await find(Wish(wish.words, wish.chosen, "newest"), size=ENTRIES)
        lists = await reference_lists()
        filters = [a.title for a in active_choices(wish, lists)]
        filters += [title for value, title in stage_titles().items() if value in wish.values("stage")]
        entries = [
            FeedEntry(
                f"project-{row['project']}", row["title"], full(f"/showcase/{row['slug']}"), row["published_at"],
                row["changed_at"] or row["published_at"], row["pitch"], [row["team_name"]] if row["team_name"] else [],
            )
            for row in met.rows
        ]  # fmt: skip
        entries += map(_told, await latest_news(met.places, ENTRIES))
        entries = _newest_first([*entries, *map(_grown_to, await latest_growth(met.places, ENTRIES))])
        title = " · ".join([_("Витрина"), *filters])
        return _feed(
            request, f"showcase?{wish.query()}", title, full(wish.url()), entries, own=wish.url("/showcase/feed.atom")
        )

    @get("/{slug:str}/feed.atom")
    async def project(self, request: AnyRequest, slug: FromPath[str]) -> Response[str]:
        publication = await publication_at(slug)
        project = publication.project
        url = full(f"/showcase/{project.slug}")
        names = [mate.name for mate in await public_team(project.id)]
        versions = await public_versions(publication)
        authors = [publication.team_name] if publication.team_name else names
        entries = [
            FeedEntry(
                f"project-{project.id}-version-{v.row.number}",
                _("%(stage)s, версия %(n)s", stage=stage_title(v.row.stage), n=v.row.number),
                f"{url}#growth", v.row.submitted_at, v.row.approved_at or v.row.submitted_at, _growth(v),
                authors,
            )
            for v in reversed(versions)
        ]  # fmt: skip
        entries += [
            FeedEntry(
                f"project-{project.id}-news-{news.id}", news.title, f"{url}#news-{news.id}", news.published_at,
                news.published_at, short(news.summary, SUMMARY), authors,
            )
            for news in await public_news(project.id)
        ]  # fmt: skip
        entries = _newest_first(entries)
        own = f"/showcase/{project.slug}/feed.atom"
        return _feed(request, f"project-{project.id}", publication.title, url, entries, own=own)


def _told(told: ToldNews) -> FeedEntry:
    news, of = told.news, told.of
    return FeedEntry(
        f"project-{of.project}-news-{news.id}", f"{of.title}: {news.title}", full(f"/showcase/{of.slug}#news-{news.id}"),
        news.published_at, news.published_at, short(news.summary, SUMMARY), _author(of),
    )  # fmt: skip


def _grown_to(grown: ToldGrowth) -> FeedEntry:
    of = grown.of
    return FeedEntry(
        f"project-{of.project}-grown-{grown.number}",
        _("Проект «%(title)s» вырос: %(stage)s, версия %(n)s", title=of.title, stage=stage_title(grown.stage), n=grown.number),
        full(f"/showcase/{of.slug}#growth"), grown.approved_at, grown.approved_at, "", _author(of),
    )  # fmt: skip


def _author(of: Teller) -> list[str]:
    return [of.team_name] if of.team_name else []


def _newest_first(entries: Sequence[FeedEntry]) -> list[FeedEntry]:
    return sorted(entries, key=lambda entry: entry.published, reverse=True)[:ENTRIES]


def _growth(version: Version) -> str:
    said = []
    if version.added:
        said.append(_("Появилось") + ": " + ", ".join(part.title for part in version.added))
    if version.grown:
        said.append(_("Изменилось") + ": " + ", ".join(grown.part.title for grown in version.grown))
    return ". ".join(said)


def _identity(key: str) -> str:
    """Return a tag URI (RFC 4151): the same by whichever protocol, port and address the feed is read."""
    return f"tag:{urlsplit(config.settings.base_url).hostname},2024:{key}"


def _feed(request: AnyRequest, key: str, title: str, url: str, entries: list[FeedEntry], *, own: str) -> Response[str]:
    updated = max((entry.updated for entry in entries), default=None)
    body = render(
        request, "showcase/feed.xml", key=key, title=title, url=url, links=links_of(request, canonical=own), entries=entries,
        updated=updated, lang=current_locale(), identity=_identity,
    )  # fmt: skip
    return Response(body, media_type="application/atom+xml; charset=utf-8")


PAGES = [Feeds]
