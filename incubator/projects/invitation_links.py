"""Ending the invitation links of a team."""

from incubator.core.clock import now
from incubator.db.conditions import Condition
from incubator.people.tables import Person
from incubator.projects.tables import Invitation


async def end_links(project_id: int, which: Condition) -> None:
    """End the team's open invitations that meet ``which``. Call inside a transaction that has locked the project."""
    own = (Invitation.project == project_id) & Invitation.open()
    await Invitation.update({Invitation.revoked_at: now()}).where(own & which)


async def end_links_after_removal(project_id: int, person: Person) -> None:
    """End what a removed member may know or made: links passed on by the team, those mailed to them, and those that they sent."""
    mailed = (Invitation.email == person.email) | (Invitation.invited_by == person.id)
    await end_links(project_id, (Invitation.email == "") | mailed)
