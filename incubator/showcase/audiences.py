"""Whom it concerns that a visitor offers help: the row of the table of audiences."""

from collections.abc import Sequence

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, readers
from incubator.projects.audiences import project_of
from incubator.publication.entry import publication_of
from incubator.showcase.help import whom_to_offer


async def adults_with_offer(event: Event) -> Sequence[Reader]:
    """Those who got the offer by mail, as long as the project is public; the offer itself is in the mail alone."""
    project = await project_of(event)
    entry = await publication_of(project.id)
    if entry is None or not entry.is_public:
        return []
    return readers(await whom_to_offer(project.id), f"/showcase/{project.slug}", title=project.title)


AUDIENCES = (Audience(Happened.HELP_OFFERED, adults_with_offer, "help_offered", is_mailed=False),)
