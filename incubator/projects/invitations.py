"""Invitations into a team: hashed, expiring, revocable.

A link without an address is passed on by the team itself and lets anybody in whose address is confirmed, until it expires,
the team is full or somebody is removed. A mailed one is accepted once, by the account with the address it was mailed to.
"""

from datetime import timedelta

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.email_address import masked
from incubator.core.languages import _, current_locale
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.mail.free_text import harmless
from incubator.mail.outbox import queue
from incubator.mail.reach import require_reachable
from incubator.people.grants import may_in_programme
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.mail_limits import MailCause, allow_mail
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require, require_may, role_of
from incubator.projects.invitation_links import end_links, revoke_link
from incubator.projects.invitees import Entrance, entrance
from incubator.projects.locking import lock_project
from incubator.projects.permissions import INVITED_ROLES, Action, may_invite
from incubator.projects.tables import Invitation, Project
from incubator.projects.team import join
from incubator.projects.vouching import admit

LASTS = timedelta(days=14)


class InvitationGone(Refusal):
    """The invitation was revoked, has expired or is used up."""

    def __init__(self) -> None:
        super().__init__(_("Приглашение больше не действует. Попросите прислать новое."))


class NotInvited(Refusal):
    """The invitation was mailed to another address, or one's own is not confirmed yet."""

    status = 403


async def invite_to_team(project: Project, role: str, *, by: Person, email: str = "", address: str = "") -> str:
    """Create a link into the team, and mail it if ``email`` is given. Return its secret.

    A new link replaces the previous one for the same role and address. ``address`` is the client's, for counting mails.
    Raises TooOften, Unreachable.
    """
    await require_reachable(email)
    async with writing():
        await lock_project(project.id)
        require(may_invite(await role_of(by, project.id), role))
        await end_links(project.id, (Invitation.role == role) & (Invitation.email == email))
        secret, invitation = await issue(role, by=by, email=email, project=project.id)
        if email:
            await _mail(secret, project, email, by=by, address=address)
        await record(Happened.INVITED, by=by, project=project.id, role=role, mailed=bool(email), invitation=invitation)
        return secret


async def _mail(secret: str, project: Project, email: str, *, by: Person, address: str) -> None:
    """Mail a link to somebody who may know nothing of us: the subject is ours alone."""
    if not by.has_mailbox:
        raise Refusal(_("Вы без почты, поэтому письмо отправит педагог, а вы можете передать ссылку сами."))
    if by.email_confirmed_at is None:
        raise Refusal(_("Сначала подтвердите свой адрес: до этого мы не пишем другим от вашего имени."))
    is_office = await may_in_programme(by, StaffAction.INVITE_STAFF)
    await allow_mail(MailCause.INVITATION, to=email, by=by, address=address, is_office=is_office)
    # The mail may reach anybody: of a student it tells the given name alone.
    host = by.name if by.is_known_adult else by.first_name or _("Капитан команды")
    name, title = harmless(host, limits.NAME), harmless(project.title or _("без названия"), limits.TEAM_NAME)
    await queue(
        email,
        _("Вас зовут в команду проекта"),
        _("Вас приглашают в команду школьного или студенческого проекта. Откройте ссылку, чтобы согласиться или отказаться."),
        _("Приглашает «%(name)s», проект называется «%(title)s» – так их назвали они сами.", name=name, title=title),
        _("Ссылка действует две недели и только для вашего адреса."),
        link=f"/invitations/{secret}",
        locale=current_locale(),
    )  # fmt: skip


async def issue(
    role: str, *, by: Person | None, email: str, project: int | None = None, organisation: int | None = None
) -> tuple[str, int]:
    """Store an invitation and return its secret and id; without ``by`` it comes from the server. Call inside a transaction."""
    secret = new_secret()
    at = now()
    row = Invitation(
        token_hash=hash_secret(secret), role=role, project=project, organisation=organisation, email=email,
        invited_by=by.id if by else None, is_from_server=by is None, created_at=at, expires_at=at + LASTS,
    )  # fmt: skip
    await row.save()
    return secret, row.id


def behind_link(secret: str) -> Condition:
    """Return the condition that it is the invitation of this link."""
    return Invitation.token_hash == hash_secret(secret)


def mailed_to(person: Person, invitation_id: int) -> Condition:
    """Return the condition that it is this invitation, and came to the person's own confirmed address: no link is needed then."""
    address = person.email if person.email_confirmed_at is not None else ""
    return (Invitation.id == invitation_id) & (Invitation.email == address) & (Invitation.email != "")


async def open_invitation(which: Condition) -> Invitation | None:
    """Return the open invitation that meets ``which``, else None."""
    return await Invitation.objects(Invitation.project, Invitation.invited_by).where(which & Invitation.open()).first()


async def pending_invitations(project_id: int) -> list[Invitation]:
    """Return the invitations for the team's page: not accepted, revoked or expired."""
    return (
        await Invitation.objects().where((Invitation.project == project_id) & Invitation.open()).order_by(Invitation.id)
    )


async def revoke_invitation(project: Project, invitation_id: int, *, by: Person) -> None:
    """End an open invitation. Repeating it does nothing. Raises NotAllowed, and Refusal once it was accepted."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.REVOKE_INVITATION, project.id)
        if await revoke_link(invitation_id, Invitation.project == project.id):
            await record(Happened.INVITATION_REVOKED, by=by, project=project.id)


async def accept_into_team(secret: str, *, by: Person) -> int:
    """Join the team by a link, as ``enter_team``."""
    return await enter_team(behind_link(secret), by=by)


async def enter_team(which: Condition, *, by: Person) -> int:
    """Join the team by the open invitation that meets ``which``, and return the project's id.

    Raises InvitationGone, NotInvited, or the reason why joining is impossible.
    """
    async with writing():
        invitation = await lock_invitation(which)
        if invitation.role not in INVITED_ROLES:
            raise InvitationGone
        require_invited(invitation, by)
        project_id = int(invitation.project.id)
        await _refuse_removed(invitation, project_id, by)
        await join(project_id, by, invitation.role)
        await admit(project_id, by, invitation.role, invited_by=invitation.invited_by if invitation.email else None)
        await use_up(invitation)
        return project_id


async def lock_invitation(which: Condition) -> Invitation:
    """Return the open invitation, with its project locked; raises InvitationGone. Call inside a transaction."""
    invitation = await open_invitation(which)
    if invitation is not None and invitation.project and invitation.project.id:
        await lock_project(invitation.project.id)
        invitation = await open_invitation(which)  # a removal may have ended it while we waited
    if invitation is None:
        raise InvitationGone
    return invitation


def require_invited(invitation: Invitation, person: Person) -> None:
    """Raise NotInvited unless the account may accept: its confirmed address is the one that was invited."""
    is_confirmed = person.is_confirmed
    way = entrance(
        invitation.email, reader=person.email, is_reader_confirmed=is_confirmed, has_account=True,
        is_account_confirmed=is_confirmed,
    )  # fmt: skip
    if way is Entrance.OTHER:
        address = masked(invitation.email)
        raise NotInvited(_("Приглашение пришло на адрес %(address)s: принять его можно только с ним.", address=address))
    if way is not Entrance.ACCEPT:
        raise NotInvited(_("Сначала подтвердите свой адрес: мы отправили вам ссылку."))


async def _refuse_removed(invitation: Invitation, project_id: int, person: Person) -> None:
    """Raise NotInvited for somebody who was removed from the team after this invitation was made."""
    left = (Event.project_id == project_id) & (Event.happened == Happened.LEFT_TEAM.value)
    removed = (Event.subject_id == person.id) & (Event.actor_id != person.id)
    if await Event.exists().where(left & removed & (Event.at >= invitation.created_at)):
        raise NotInvited(_("Эта ссылка старше того дня, когда вас убрали из команды. Попросите новую."))


async def use_up(invitation: Invitation) -> None:
    """Use up a mailed invitation, which works once; raises InvitationGone when somebody was faster."""
    if not invitation.email:
        return
    used = (
        await Invitation.update({Invitation.accepted_at: now()})
        .where((Invitation.id == invitation.id) & Invitation.open())
        .returning(Invitation.id)
    )
    if not used:
        raise InvitationGone
