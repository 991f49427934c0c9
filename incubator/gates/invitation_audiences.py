"""Whom an invitation concerns: the account that has confirmed the address to which it was mailed, as long as it can be accepted."""

from collections.abc import Sequence

from incubator.core import limits
from incubator.core.languages import _
from incubator.gates.accept import valid_invitation
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.free_text import harmless
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.role_words import staff_role_title
from incubator.people.tables import Person
from incubator.projects.access import role_of
from incubator.projects.permissions import MEMBER_ROLES
from incubator.projects.tables import Invitation


async def who_is_invited_to_team(event: Event) -> Sequence[Reader]:
    """The addressee, who is not in the team yet."""
    invitation, person = await _open(event)
    if invitation is None or person is None or event.project_id is None:
        return []
    if await role_of(person, event.project_id) in MEMBER_ROLES:
        return []
    title = invitation.project.title
    return readers([person], _page(invitation), title=lambda: harmless(title or _("без названия"), limits.TEAM_NAME))


async def who_is_invited_to_work(event: Event) -> Sequence[Reader]:
    """The addressee of an invitation to the work of a mentor or an organiser."""
    invitation, person = await _open(event)
    if invitation is None or person is None or event.project_id is not None:
        return []
    return readers([person], _page(invitation), title=lambda: staff_role_title(invitation.role))


async def _open(event: Event) -> tuple[Invitation | None, Person | None]:
    number = data_of(event).get("invitation")
    invitation = await valid_invitation((Invitation.id == number) & (Invitation.email != "")) if number else None
    if invitation is None:
        return None, None
    confirmed = (Person.email == invitation.email) & Person.email_confirmed_at.is_not_null()
    return invitation, await Person.objects().where(confirmed).first()


def _page(invitation: Invitation) -> str:
    return f"/invitations/mine/{invitation.id}"


#: The verb has mailed the link itself: the address may be nobody's account.
AUDIENCES = (
    Audience(Happened.INVITED, who_is_invited_to_team, "invited", is_mailed=False),
    Audience(Happened.INVITED, who_is_invited_to_work, "invited_to_work", is_mailed=False),
)
