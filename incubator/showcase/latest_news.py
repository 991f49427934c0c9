"""The latest news of all projects in a selection of the catalogue, and which of them have grown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from piccolo.query.functions.aggregate import Min
from pyroaring import BitMap

from incubator.projects.document import frozen_parts
from incubator.projects.tables import News
from incubator.publication.tables import Publication, PublicVersion
from incubator.publication.withdrawals import projects_with_lapsed_names
from incubator.showcase.story import PublicNews, news_shown

#: The newest of all that are looked at; what is older is in its project's own feed.
_LOOKED_AT = 500

#: Piccolo types the first join only.
_project: Any = Publication.project


@dataclass(frozen=True, slots=True)
class Teller:
    """The public project that something is told of."""

    project: int
    slug: str
    title: str
    team_name: str


@dataclass(frozen=True, slots=True)
class ToldNews:
    news: PublicNews
    of: Teller


@dataclass(frozen=True, slots=True)
class ToldGrowth:
    """A public version to which a project grew."""

    number: int
    stage: str
    approved_at: datetime
    of: Teller


async def latest_news(places: BitMap, limit: int) -> list[ToldNews]:
    """Return the newest news of the publications at ``places``, without pictures. One query, three more if there are any."""
    newest = (
        await News.select(News.id, News.project).where(News.public())
        .order_by(News.published_at, News.id, ascending=False).limit(_LOOKED_AT)
    )  # fmt: skip
    if not newest:
        return []
    by_project = await _telling({row["project"] for row in newest}, places)
    ids = [row["id"] for row in newest if row["project"] in by_project][:limit]
    rows = await News.objects().where(News.id.is_in(ids or [0])).order_by(News.published_at, News.id, ascending=False)
    return [
        ToldNews(news_shown(row, frozen_parts(row)), teller) for row in rows if (teller := by_project.get(row.project))
    ]


async def latest_growth(places: BitMap, limit: int) -> list[ToldGrowth]:
    """Return the newest public versions of the publications at ``places`` that had a public one before. One query, three more if there are any."""
    newest = (
        await PublicVersion.select(PublicVersion.project, PublicVersion.number, PublicVersion.stage, PublicVersion.approved_at)
        .where(PublicVersion.public() & (PublicVersion.number > 1))
        .order_by(PublicVersion.approved_at, PublicVersion.id, ascending=False).limit(_LOOKED_AT)
    )  # fmt: skip
    if not newest:
        return []
    projects = {row["project"] for row in newest}
    by_project = await _telling(projects, places)
    firsts = (
        await PublicVersion.select(PublicVersion.project, Min(PublicVersion.number))
        .where(PublicVersion.public() & PublicVersion.project.is_in(sorted(projects)))
        .group_by(PublicVersion.project)
    )
    first = {row["project"]: row["min"] for row in firsts}
    grown = [row for row in newest if row["project"] in by_project and row["number"] > first[row["project"]]]
    return [
        ToldGrowth(row["number"], row["stage"], row["approved_at"], by_project[row["project"]]) for row in grown[:limit]
    ]


async def _telling(projects: set[int], places: BitMap) -> dict[int, Teller]:
    """Return the publications at ``places`` among ``projects``, by project: none with a name whose consent has just ended."""
    lapsed = await projects_with_lapsed_names(sorted(projects))
    told = await Publication.select(
        Publication.project, Publication.place, Publication.title, Publication.team_name, _project.slug.as_alias("slug")
    ).where(Publication.public() & Publication.project.is_in(sorted(projects.difference(lapsed)) or [0]))
    return {
        row["project"]: Teller(row["project"], row["slug"], row["title"], row["team_name"])
        for row in told
        if row["place"] in places
    }
