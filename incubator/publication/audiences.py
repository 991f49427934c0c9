"""Whom a request for the showcase concerns."""

from collections.abc import Sequence

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, readers
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.projects.audiences import project_of
from incubator.publication.tables import PublicVersion


async def office_while_asked(event: Event) -> Sequence[Reader]:
    """Those who approve publications, as long as the team waits for it."""
    if not await PublicVersion.exists().where((PublicVersion.project == event.project_id) & PublicVersion.waiting()):
        return []
    project = await project_of(event)
    return readers(await people_who_may(StaffAction.PUBLISH), "/organiser/publications", title=project.title)


AUDIENCES = (Audience(Happened.PUBLICATION_ASKED, office_while_asked, "publication_asked", "organising"),)
