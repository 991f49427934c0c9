"""Giving one team a later date, as organiser."""

from datetime import UTC, datetime

from incubator.core.languages import _
from incubator.core.refusals import Stale
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.deadline import Cause, Deadline
from incubator.projects.deadlines import binding_deadline, give_until, require_ahead, require_not_earlier_than_everybody
from incubator.projects.lifecycle import WRITABLE
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Project
from incubator.projects.transition import StageChanged


async def extend(project: Project, until: datetime, *, reason: str = "", read: str, by: Person) -> bool:
    """Set until when the team may submit in its current round; another date replaces it. The team is told by mail.

    ``read``: ``mark_of`` the deadline that the organiser saw. Raises StageChanged for a team
    that has nothing to submit, Stale if the deadline has changed since, Refusal for a date that
    is over or earlier than everybody's. Repeating it does nothing, and returns False.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.EXTEND, project.id)
        if project.state not in WRITABLE:
            raise StageChanged
        deadline = await binding_deadline(project)
        if deadline and (deadline.until, deadline.reason) == (until, reason):
            return False
        if mark_of(deadline) != read:
            raise Stale(_("Срок этой команды за это время изменили. Посмотрите, какой он теперь."))
        require_ahead(until)
        await require_not_earlier_than_everybody(project, until)
        await give_until(project, until, Cause.EXTENDED, reason=reason, by=by)
        await record(Happened.EXTENDED, by=by, project=project.id, until=until.isoformat(), reason=reason)
        return True


def mark_of(deadline: Deadline | None) -> str:
    """Return a token for forms, so that a new date replaces the one that was read."""
    return deadline.until.astimezone(UTC).isoformat(timespec="seconds") if deadline else ""
