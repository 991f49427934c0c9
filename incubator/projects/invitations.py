"""Invitation links for team members, mentors and organisers: hashed, expiring, revocable.

A link without an address is passed on by the team itself and can be used several times until
it expires or the team is full; a mailed one is used up by the first person who accepts it.
"""

from datetime import timedelta

from incubator.core.clock import now
from incubator.core.languages import _, current_locale
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.people.grants import require_staff
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require, require_may, role_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import INVITED_ROLES, Action, may_invite
from incubator.projects.tables import Invitation, Project
from incubator.projects.team import join

LASTS = timedelta(days=14)


class InvitationGone(Refusal):
    """The invitation was revoked, has expired or is used up."""

    def __init__(self) -> None:
        super().__init__(_("Приглашение больше не действует. Попросите прислать новое."))


async def invite_to_team(project: Project, role: str, *, by: Person, email: str = "") -> str:
    """Create a link into the team, and mail it if an address is given. Return its secret.

    A new link without an address replaces the previous one for the same role.
    """
    async with writing():
        await lock_project(project.id)
        require(may_invite(await role_of(by, project.id), role))
        if not email:
            await _revoke_open_links(project, role)
        secret = await _issue(role, by=by, email=email, project=project.id)
        if email:
            await queue(
                email,
                _("Вас зовут в команду «%(title)s»", title=project.title or _("без названия")),
                _(
                    "%(name)s приглашает вас в команду проекта. Откройте ссылку, чтобы согласиться или отказаться.",
                    name=by.name,
                ),
                _("Ссылка действует две недели."),
                link=f"/invitations/{secret}",
                locale=current_locale(),
            )
        await record(Happened.INVITED, by=by, project=project.id, role=role, mailed=bool(email))
        return secret


async def invite_staff(role: str, *, email: str, by: Person, organisation: int | None = None) -> str:
    """Mail a mentor or another organiser an invitation link. Return its secret."""
    await require_staff(by, StaffAction.INVITE_STAFF)
    subjects = {
        "mentor": _("Приглашаем вас в наставники"),
        "organiser": _("Приглашаем вас в организаторы"),
    }
    texts = {
        "mentor": _("Команды школьников и студентов ждут вашего взгляда: прочитать заявку, оценить по критериям и посоветовать, что дальше. Обычно это час в неделю."),
        "organiser": _("Вам открывают рабочее место организатора: сезоны, назначения, решения и витрина."),
    }  # fmt: skip
    async with writing():
        secret = await _issue(role, by=by, email=email, organisation=organisation)
        await queue(
            email, subjects[role], texts[role], _("Ссылка действует две недели."),
            link=f"/invitations/{secret}", locale=current_locale(),
        )  # fmt: skip
        await record(Happened.INVITED, by=by, role=role, mailed=True)
        return secret


async def _issue(
    role: str, *, by: Person, email: str, project: int | None = None, organisation: int | None = None
) -> str:
    secret = new_secret()
    at = now()
    await Invitation(
        token_hash=hash_secret(secret), role=role, project=project, organisation=organisation, email=email,
        invited_by=by.id, created_at=at, expires_at=at + LASTS,
    ).save()  # fmt: skip
    return secret


async def _revoke_open_links(project: Project, role: str) -> None:
    await Invitation.update({Invitation.revoked_at: now()}).where(
        (Invitation.project == project.id)
        & (Invitation.role == role)
        & (Invitation.email == "")
        & Invitation.revoked_at.is_null()
    )


async def open_invitation(secret: str) -> Invitation | None:
    """Return the invitation behind a valid link, else None."""
    return (
        await Invitation.objects(Invitation.project, Invitation.invited_by)
        .where((Invitation.token_hash == hash_secret(secret)) & Invitation.open())
        .first()
    )


async def pending_invitations(project_id: int) -> list[Invitation]:
    """Return the invitations for the team's page: not accepted, revoked or expired."""
    return (
        await Invitation.objects().where((Invitation.project == project_id) & Invitation.open()).order_by(Invitation.id)
    )


async def revoke_invitation(project: Project, invitation_id: int, *, by: Person) -> None:
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.REVOKE_INVITATION, project.id)
        revoked = (
            await Invitation.update({Invitation.revoked_at: now()})
            .where((Invitation.id == invitation_id) & (Invitation.project == project.id) & Invitation.open())
            .returning(Invitation.id)
        )
        if revoked:
            await record(Happened.INVITATION_REVOKED, by=by, project=project.id)


async def accept_into_team(secret: str, *, by: Person) -> int:
    """Join the team and return the project's id. Raises InvitationGone, or the reason why joining is impossible."""
    async with writing():
        invitation = await open_invitation(secret)
        if invitation is None or invitation.role not in INVITED_ROLES:
            raise InvitationGone
        await join(invitation.project.id, by, invitation.role)
        await use_up(invitation)
        return int(invitation.project.id)


async def use_up(invitation: Invitation) -> None:
    """Use up a mailed invitation, which works once; raises InvitationGone when somebody was faster."""
    if not invitation.email:
        return
    used = (
        await Invitation.update({Invitation.accepted_at: now()})
        .where((Invitation.id == invitation.id) & Invitation.accepted_at.is_null())
        .returning(Invitation.id)
    )
    if not used:
        raise InvitationGone
