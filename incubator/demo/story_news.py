"""The news of the demo's teams, through the verbs behind people's clicks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from incubator.core.clock import clock_at, now
from incubator.demo.story_files import TeamFiles
from incubator.notifications.audiences import Audience
from incubator.notifications.tell import tell_waiting
from incubator.people.tables import Person
from incubator.projects.tables import Project
from incubator.publication.news import NewsWording, offer_news, publish_news, write_news


@dataclass(frozen=True, slots=True)
class ShownProject:
    """A project that is on the showcase from a moment on, and its chapter of the story."""

    at: datetime
    project: Project
    captain: Person
    files: TeamFiles
    chapter: dict[str, Any]


async def tell_news(projects: Iterable[ShownProject], *, organiser: Person, audiences: Sequence[Audience]) -> None:
    """Let teams write their news in chronological order, and ``organiser`` publish those that do not wait in the story."""
    told = [
        (min(shown.at + timedelta(days=row["days"]), now()), shown, row)
        for shown in projects
        for row in shown.chapter.get("news", [])
    ]
    for at, shown, row in sorted(told, key=itemgetter(0)):
        with clock_at(at):
            news = await write_news(shown.project, _wording(row, shown.files), by=shown.captain)
            await offer_news(shown.project, news.id, by=shown.captain)
            if not row.get("waits"):
                await publish_news(news.id, by=organiser)
            await tell_waiting(audiences)


def _wording(row: dict[str, Any], files: TeamFiles) -> NewsWording:
    picture = files.ids[row["picture"]] if "picture" in row else None
    return NewsWording(row["headline"], row["text"].strip(), picture, row.get("caption", ""))
