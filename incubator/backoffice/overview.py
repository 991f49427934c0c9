"""The organiser's overview: what is late, what waits, where every team stands."""

from dataclasses import dataclass, field

from piccolo.query import Objects
from piccolo.query.functions.aggregate import Count

from incubator.backoffice.content_report_list import open_reports
from incubator.backoffice.review_queue import Heap, heaps, not_of
from incubator.backoffice.team_deadlines import TeamDeadline, writing_teams
from incubator.people.tables import Person
from incubator.programme.tables import Season
from incubator.projects.tables import News, Project
from incubator.publication.tables import PublicVersion

#: Of one page.
_MOST_NEWS = 100


@dataclass(slots=True)
class Overview:
    heaps: dict[str, Heap]
    """What is in review, by what it needs, and what is late."""
    asked: list[PublicVersion]
    """Versions that teams asked to publish."""
    news: list[News]
    """News that teams asked to show."""
    reports: int
    """What visitors reported about pages and nobody has closed."""
    late_teams: list[TeamDeadline]
    """Teams whose date is over and who have not submitted, as on the page of deadlines."""
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    """Projects of the season by (stage, state)."""


async def overview(season: Season | None, reader: Person) -> Overview:
    counts: dict[tuple[str, str], int] = {}
    if season:
        rows = (
            await Project.select(Project.stage, Project.state, Count())
            .where((Project.season == season.id) & Project.own())
            .group_by(Project.stage, Project.state)
        )
        counts = {(row["stage"], row["state"]): row["count"] for row in rows}
    late_teams = [row for row in await writing_teams(reader) if row.is_late]
    return Overview(
        await heaps(not_of(reader.id)),
        await publications_asked(),
        await news_asked(),
        await open_reports(),
        late_teams,
        counts,
    )


async def news_asked() -> list[News]:
    """Return the news that wait for an organiser, with their projects, oldest first. One query."""
    return await News.objects(News.project).where(News.waiting()).order_by(News.offered_at).limit(_MOST_NEWS)


def publications_asked() -> Objects[PublicVersion]:
    """Return the query for versions that wait for an organiser's approval, with their projects, oldest first."""
    return (
        PublicVersion.objects(PublicVersion.project).where(PublicVersion.waiting()).order_by(PublicVersion.offered_at)
    )
