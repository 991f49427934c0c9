"""What a team is told when its project is deleted, or will be: why, and everything that it has written."""

from collections.abc import Callable, Sequence

from incubator.core.languages import _, localized
from incubator.core.visible import says_something
from incubator.notifications.audiences import Paragraphs
from incubator.projects.document import parts_of
from incubator.projects.tables import Project


async def farewell(project: Project, reason: str, *, before: Callable[[], Sequence[str]] = tuple) -> Paragraphs:
    """Return what the team's mail says; ``before``: what stands in front of its own words, in the reader's language."""
    parts = [part for part in await parts_of(project) if says_something(part.text)]

    def paragraphs() -> list[str]:
        texts = [f"{localized(part.section, 'title')}\n{part.text}" for part in parts]
        intro = [_("Чтобы ваши слова не пропали, вот всё, что вы написали.")] if texts else []
        return [reason, *before(), *intro, *texts]

    return paragraphs
