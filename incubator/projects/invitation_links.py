"""Ending invitation links."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db.conditions import Condition
from incubator.people.tables import Person
from incubator.projects.tables import Invitation


async def end_links(project_id: int, which: Condition) -> None:
    """End the team's open invitations that meet ``which``. Call inside a transaction that has locked the project."""
    own = (Invitation.project == project_id) & Invitation.open()
    await Invitation.update({Invitation.revoked_at: now()}).where(own & which)


async def end_links_to(email: str) -> None:
    """End all open invitations, to teams and to the programme, that were mailed to an address. Call inside a transaction."""
    await Invitation.update({Invitation.revoked_at: now()}).where((Invitation.email == email) & Invitation.open())


async def revoke_link(invitation_id: int, among: Condition) -> Invitation | None:
    """End an open invitation, or the one that replaced it since the page was read; return it, None if none is open.

    Raises Refusal if it has been accepted. Call inside a transaction.
    """
    named = await Invitation.objects().where(among & (Invitation.id == invitation_id)).first()
    if named is None:
        return None
    same = among & (Invitation.role == named.role) & (Invitation.email == named.email)
    ended = (
        await Invitation.update({Invitation.revoked_at: now()})
        .where(same & Invitation.open())
        .returning(Invitation.id)
    )  # fmt: skip
    if ended:
        return named
    newest = await Invitation.objects().where(same).order_by(Invitation.id, ascending=False).first()
    if newest is not None and newest.accepted_at is not None:
        raise Refusal(_("Это приглашение уже приняли, отозвать его нельзя."))
    return None


async def end_links_after_removal(project_id: int, person: Person) -> None:
    """End what a removed member may know or made: links passed on by the team, those mailed to them, and those that they sent."""
    mailed = (Invitation.email == person.email) | (Invitation.invited_by == person.id)
    await end_links(project_id, (Invitation.email == "") | mailed)
