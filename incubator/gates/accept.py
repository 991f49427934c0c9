"""Accepting an invitation: to a team, to a mentor's desk, or to the organisers' work."""

from dataclasses import dataclass
from datetime import date

from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.people.accounts import follow_new_name, person_by_email
from incubator.people.grants import grant_role, may_in_programme, roles_of
from incubator.people.hashing import hash_password
from incubator.people.locking import lock_person
from incubator.people.mailbox_proof import claim_mailbox
from incubator.people.pages import home_of
from incubator.people.permissions import StaffAction, StaffRole
from incubator.people.sessions import end_sessions_of
from incubator.people.tables import Person
from incubator.projects.invitations import (
    InvitationGone,
    behind_link,
    enter_team,
    lock_invitation,
    open_invitation,
    require_invited,
    use_up,
)
from incubator.projects.invitees import Entrance, entrance
from incubator.projects.permissions import INVITED_ROLES
from incubator.projects.tables import Invitation
from incubator.publication.withdrawals import hide_newcomer
from incubator.reviews.assignment.declared_conflicts import withdraw_barred
from incubator.reviews.assignment.mentors import make_mentor


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says who opens a mailed invitation without a confirmed account."""

    password: str
    given_name: str = ""
    family_name: str = ""
    born_on: date | None = None


async def accept(secret: str, *, by: Person, kept_session: str = "") -> str:
    """Accept the invitation of a link and return the page to go to. Raises InvitationGone, NotInvited.

    Call outside transactions. A role in the programme ends the person's sessions, except ``kept_session`` (its secret): a computer at school that
    they forgot does not become an organiser's.
    """
    return await accept_invitation(behind_link(secret), by=by, kept_session=kept_session)


async def accept_invitation(which: Condition, *, by: Person, kept_session: str = "") -> str:
    """Accept the open invitation that meets ``which``, as ``accept``."""
    return await _welcome(await _accept(which, by=by, kept_session=kept_session), by)


async def _welcome(joined: int | None, person: Person) -> str:
    """Return where a newcomer goes. ``joined``: id of the project whose team it is; None: a role in the programme."""
    if joined is None:
        return home_of(await roles_of(person.id))
    await hide_newcomer(joined, person)
    return f"/projects/{joined}"


async def _accept(which: Condition, *, by: Person, kept_session: str = "") -> int | None:
    """Accept the invitation; return the id of the project whose team it leads to, or None for a role in the programme."""
    invitation = await valid_invitation(which)
    if invitation is None:
        raise InvitationGone
    if invitation.role in INVITED_ROLES:
        async with writing():
            project_id = await enter_team(which, by=by)
            await withdraw_barred(project_id)
            return project_id
    async with writing():
        by = await lock_person(by.id)
        require_invited(invitation, by)
        await use_up(invitation)
        if not await _stands(invitation):
            raise InvitationGone
        giver = None if invitation.is_from_server else invitation.invited_by
        if invitation.role == StaffRole.MENTOR:
            await make_mentor(by, organisation=invitation.organisation, by=giver)
        else:
            await grant_role(by, StaffRole(invitation.role), by=giver)
        await end_sessions_of(by, except_secret=kept_session)
    return None


async def claim(secret: str, newcomer: Newcomer) -> tuple[Person, str]:
    """Accept a mailed invitation without a confirmed account: the link proves the mailbox. Return the account and its page.

    Nothing happens unless the invitation can be accepted. Raises InvitationGone, AddressTaken, and what ``accept`` raises.
    """
    hashed = await hash_password(newcomer.password)
    async with writing():
        invitation = await lock_invitation(behind_link(secret))
        if not invitation.email:
            raise InvitationGone
        person = await claim_mailbox(
            invitation.email, hashed, given_name=newcomer.given_name, family_name=newcomer.family_name,
            born_on=newcomer.born_on,
        )  # fmt: skip
        joined = await _accept(behind_link(secret), by=person)
    await follow_new_name(person)  # an organiser may have given somebody of a team this address
    return person, await _welcome(joined, person)


async def valid_invitation(which: Condition) -> Invitation | None:
    """Return the open invitation that meets ``which``, if whoever sent it to staff may still do so."""
    invitation = await open_invitation(which)
    if invitation is None or invitation.role in INVITED_ROLES:
        return invitation
    return invitation if await _stands(invitation) else None


async def _stands(invitation: Invitation) -> bool:
    """Return whether who sent an invitation to staff may still do so."""
    if invitation.is_from_server:
        return True
    by = invitation.invited_by
    return bool(by and by.id) and await may_in_programme(by, StaffAction.INVITE_STAFF)


async def entrance_for(invitation: Invitation, reader: Person | None) -> Entrance:
    """Return what the page of the invitation offers to ``reader`` (None: nobody is signed in). At most one query."""
    account = await person_by_email(invitation.email) if invitation.email else None
    return entrance(
        invitation.email,
        reader=reader.email if reader else "",
        is_reader_confirmed=bool(reader and reader.is_confirmed),
        has_account=account is not None,
        is_account_confirmed=bool(account and account.email_confirmed_at),
    )
