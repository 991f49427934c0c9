"""Which versions of a project are public or wait for that."""

from incubator.core.clock import now
from incubator.projects.tables import News
from incubator.publication.tables import PublicVersion

#: What holds texts that the public reads: rows with the same columns for them.
PublicText = PublicVersion | News


async def public_versions_of(project_id: int) -> list[PublicVersion]:
    """Return the versions that everybody may read, oldest first. The only way in which public pages get texts."""
    return (
        await PublicVersion.objects()
        .where((PublicVersion.project == project_id) & PublicVersion.public())
        .order_by(PublicVersion.number)
    )


async def offered_versions(project_id: int) -> dict[int, PublicVersion]:
    """Return every version that was ever offered, by number."""
    rows = await PublicVersion.objects().where(PublicVersion.project == project_id).order_by(PublicVersion.number)
    return {row.number: row for row in rows}


async def shown_or_waiting(project_id: int) -> list[PublicVersion]:
    """Return the versions that are public or wait for an organiser, oldest first."""
    return [row for row in (await offered_versions(project_id)).values() if row.is_public or row.is_waiting]


async def public_news_of(project_id: int) -> list[News]:
    """Return the news that everybody may read as long as the project is public, oldest first."""
    return await News.objects().where((News.project == project_id) & News.public()).order_by(News.published_at, News.id)


async def end_news_of(project_id: int) -> None:
    """End all news of a project that leaves the showcase: what brings it back later is a version alone."""
    shown = News.public() | News.waiting()
    await News.update(
        {News.is_waiting: False, News.ended_at: now(), News.title: "", News.content: "[]"}
    ).where((News.project == project_id) & shown)  # fmt: skip


async def public_texts_of(project_id: int) -> list[PublicText]:
    """Return everything that the public reads of a project, or will when it is public again: its versions and its news."""
    return [*await public_versions_of(project_id), *await public_news_of(project_id)]
