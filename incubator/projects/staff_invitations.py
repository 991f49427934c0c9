"""Invitations to the work of a mentor or an organiser: mailed to one address, resent, revoked."""

from incubator.core.clock import now
from incubator.core.languages import _, current_locale, override_locale
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.mail.reach import require_reachable
from incubator.people.accounts import person_by_email
from incubator.people.grants import require_staff, roles_of
from incubator.people.mail_limits import MailCause, allow_mail
from incubator.people.permissions import INVITED_STAFF, StaffAction, StaffRole
from incubator.people.tables import Person
from incubator.projects.invitation_links import revoke_link
from incubator.projects.invitations import issue
from incubator.projects.tables import Invitation

_TO_STAFF = Invitation.project.is_null() & Invitation.role.is_in([role.value for role in INVITED_STAFF])


async def invite_staff(role: str, *, email: str, by: Person, organisation: int | None = None) -> str:
    """Mail a mentor or another organiser an invitation link. Return its secret.

    It replaces an earlier one for the same role and address. Raises Refusal for somebody who has the role; TooOften, Unreachable.
    """
    await require_reachable(email)
    async with writing():
        await require_staff(by, StaffAction.INVITE_STAFF)
        await allow_mail(MailCause.INVITATION, to=email, by=by, is_office=True)
        return await _invite(role, email=email, by=by, organisation=organisation, is_mailed=True)


async def invite_from_server(role: str, *, email: str, organisation: int | None = None, is_mailed: bool = False) -> str:
    """Invite somebody by the command line, for whoever runs the server; return the link's secret, to pass on or mailed."""
    async with writing():
        return await _invite(role, email=email, by=None, organisation=organisation, is_mailed=is_mailed)


async def _invite(role: str, *, email: str, by: Person | None, organisation: int | None, is_mailed: bool) -> str:
    person = await person_by_email(email)
    if person is not None and role in await roles_of(person.id):
        raise Refusal(_("У человека с этим адресом такая роль уже есть"))
    await _end((Invitation.role == role) & (Invitation.email == email))
    secret, invitation = await issue(role, by=by, email=email, organisation=organisation)
    if is_mailed:
        await _mail(role, secret, email, locale=person.locale if person else "")
    await record(Happened.INVITED, by=by, role=role, mailed=is_mailed, invitation=invitation)
    return secret


async def _mail(role: str, secret: str, email: str, *, locale: str) -> None:
    locale = locale or current_locale()
    with override_locale(locale):
        subject, text = _words(role)
        await queue(
            email, subject, text, _("Ссылка действует две недели и только для вашего адреса."),
            link=f"/invitations/{secret}", locale=locale,
        )  # fmt: skip


def _words(role: str) -> tuple[str, str]:
    return {
        StaffRole.MENTOR: (
            _("Приглашаем вас в наставники"),
            _("Команды школьников и студентов ждут вашего взгляда: прочитать заявку, оценить по критериям и посоветовать, что дальше. Обычно это час в неделю."),
        ),
        StaffRole.ORGANISER: (
            _("Приглашаем вас в организаторы"),
            _("Вам открывают рабочее место организатора: сезоны, назначения, решения и витрина."),
        ),
    }[StaffRole(role)]  # fmt: skip


async def open_staff_invitations() -> list[Invitation]:
    """Return the invitations that nobody has accepted yet, newest first, with who sent them. One query."""
    return (
        await Invitation.objects(Invitation.invited_by, Invitation.organisation)
        .where(_TO_STAFF & Invitation.open())
        .order_by(Invitation.id, ascending=False)
    )


async def resend_staff_invitation(invitation_id: int, *, by: Person) -> str:
    """Mail a new link, which replaces the old one and lasts from now on; return the address. Raises Refusal, TooOften."""
    async with writing():
        await require_staff(by, StaffAction.INVITE_STAFF)
        ended = await _end(Invitation.id == invitation_id)
        if not ended:
            raise Refusal(_("Это приглашение уже принято, отозвано или устарело"))
        old = ended[0]
        await allow_mail(MailCause.INVITATION, to=old.email, by=by, is_office=True)
        await _invite(old.role, email=old.email, by=by, organisation=old.organisation, is_mailed=True)
        return str(old.email)


async def revoke_staff_invitation(invitation_id: int, *, by: Person) -> None:
    """End an open invitation. Repeating it does nothing. Raises NotAllowed, and Refusal once it was accepted."""
    async with writing():
        await require_staff(by, StaffAction.INVITE_STAFF)
        if invitation := await revoke_link(invitation_id, _TO_STAFF):
            await record(Happened.INVITATION_REVOKED, by=by, role=invitation.role)


async def revoke_from_server(role: str, email: str) -> bool:
    """End the open invitation of an address to a role, by the command line; return whether there was one."""
    async with writing():
        ended = await _end((Invitation.role == role) & (Invitation.email == email))
        for invitation in ended:
            await record(Happened.INVITATION_REVOKED, by=None, role=invitation.role)
        return bool(ended)


async def _end(which: Condition) -> list[Invitation]:
    """End the open invitations to staff that meet ``which`` and return them. Call inside a transaction."""
    ended = (
        await Invitation.update({Invitation.revoked_at: now()})
        .where(_TO_STAFF & which & Invitation.open())
        .returning(Invitation.id)
    )
    return await Invitation.objects().where(Invitation.id.is_in([row["id"] for row in ended] or [0]))
