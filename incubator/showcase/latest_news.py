"""The latest news of all projects in a selection of the catalogue."""

from dataclasses import dataclass
from typing import Any

from pyroaring import BitMap

from incubator.projects.document import frozen_parts
from incubator.projects.tables import News
from incubator.publication.tables import Publication
from incubator.publication.withdrawals import projects_with_lapsed_names
from incubator.showcase.story import PublicNews, news_shown

#: The newest of all that are looked at; what is older is in its project's own feed.
_LOOKED_AT = 500

#: Piccolo types the first join only.
_project: Any = Publication.project


@dataclass(frozen=True, slots=True)
class ToldNews:
    """A piece of news with the project that tells it."""

    news: PublicNews
    project: int
    slug: str
    title: str
    team_name: str


async def latest_news(places: BitMap, limit: int) -> list[ToldNews]:
    """Return the newest news of the publications at ``places``, without pictures. One query, three more if there are any."""
    newest = (
        await News.select(News.id, News.project).where(News.public())
        .order_by(News.published_at, News.id, ascending=False).limit(_LOOKED_AT)
    )  # fmt: skip
    if not newest:
        return []
    projects = {row["project"] for row in newest}
    lapsed = await projects_with_lapsed_names(sorted(projects))
    told = await Publication.select(
        Publication.project, Publication.place, Publication.title, Publication.team_name, _project.slug.as_alias("slug")
    ).where(Publication.public() & Publication.project.is_in(sorted(projects.difference(lapsed)) or [0]))
    by_project = {row["project"]: row for row in told if row["place"] in places}
    ids = [row["id"] for row in newest if row["project"] in by_project][:limit]
    rows = await News.objects().where(News.id.is_in(ids or [0])).order_by(News.published_at, News.id, ascending=False)
    return [
        ToldNews(news_shown(row, frozen_parts(row)), row.project, each["slug"], each["title"], each["team_name"])
        for row in rows
        if (each := by_project.get(row.project))
    ]
