"""Accepting an invitation: to a team, to a mentor's desk, or to the organisers' work."""

from incubator.db import writing
from incubator.people.grants import grant_role, roles_of
from incubator.people.pages import home_of
from incubator.people.permissions import StaffRole
from incubator.people.tables import Person
from incubator.projects.invitations import InvitationGone, accept_into_team, open_invitation, use_up
from incubator.projects.permissions import INVITED_ROLES
from incubator.reviews.assignment.declared_conflicts import withdraw_barred
from incubator.reviews.assignment.mentors import make_mentor


async def accept(secret: str, *, by: Person) -> str:
    """Accept the invitation and return the page to go to. Raises InvitationGone."""
    invitation = await open_invitation(secret)
    if invitation is None:
        raise InvitationGone
    if invitation.role in INVITED_ROLES:
        async with writing():
            project_id = await accept_into_team(secret, by=by)
            await withdraw_barred(project_id)
        return f"/projects/{project_id}"
    async with writing():
        await use_up(invitation)
        if invitation.role == StaffRole.MENTOR:
            await make_mentor(by, organisation=invitation.organisation, by=invitation.invited_by)
        else:
            await grant_role(by, StaffRole(invitation.role), by=invitation.invited_by)
    return home_of(await roles_of(by.id))
