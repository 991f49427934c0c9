"""Invitations to the work of a mentor or an organiser: mailed to one address, resent, revoked."""

from incubator.core.clock import now
from incubator.core.languages import _, current_locale, override_locale
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.people.accounts import person_by_email
from incubator.people.grants import require_staff, roles_of
from incubator.people.mail_limits import MailCause, allow_mail
from incubator.people.permissions import INVITED_STAFF, StaffAction, StaffRole
from incubator.people.tables import Person
from incubator.projects.invitations import issue
from incubator.projects.tables import Invitation


async def invite_staff(role: str, *, email: str, by: Person, organisation: int | None = None) -> str:
    """Mail a mentor or another organiser an invitation link. Return its secret.

    It replaces an earlier one for the same role and address. Raises Refusal for somebody who has the role; TooOften.
    """
    async with writing():
        await require_staff(by, StaffAction.INVITE_STAFF)
        person = await person_by_email(email)
        if person is not None and role in await roles_of(person.id):
            raise Refusal(_("У человека с этим адресом такая роль уже есть"))
        await _end(Invitation.project.is_null() & (Invitation.role == role) & (Invitation.email == email))
        return await _send(role, email=email, by=by, organisation=organisation, locale=person.locale if person else "")


async def _send(role: str, *, email: str, by: Person, organisation: int | None, locale: str) -> str:
    await allow_mail(MailCause.INVITATION, to=email, by=by, is_office=True)
    secret = await issue(role, by=by, email=email, organisation=organisation)
    locale = locale or current_locale()
    with override_locale(locale):
        subject, text = _words(role)
        await queue(
            email, subject, text, _("Ссылка действует две недели и только для вашего адреса."),
            link=f"/invitations/{secret}", locale=locale,
        )  # fmt: skip
    await record(Happened.INVITED, by=by, role=role, mailed=True)
    return secret


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
    roles = [role.value for role in INVITED_STAFF]
    return (
        await Invitation.objects(Invitation.invited_by, Invitation.organisation)
        .where(Invitation.project.is_null() & Invitation.role.is_in(roles) & Invitation.open())
        .order_by(Invitation.id, ascending=False)
    )


async def resend_staff_invitation(invitation_id: int, *, by: Person) -> str:
    """Mail a new link, which replaces the old one and lasts from now on; return the address. Raises Refusal, TooOften."""
    async with writing():
        await require_staff(by, StaffAction.INVITE_STAFF)
        ended = await _end(Invitation.project.is_null() & (Invitation.id == invitation_id))
        if not ended:
            raise Refusal(_("Это приглашение уже принято, отозвано или устарело"))
        old = ended[0]
        person = await person_by_email(old.email)
        await _send(
            old.role, email=old.email, by=by, organisation=old.organisation, locale=person.locale if person else ""
        )
        return str(old.email)


async def revoke_staff_invitation(invitation_id: int, *, by: Person) -> None:
    """End an open invitation. Repeating it does nothing."""
    async with writing():
        await require_staff(by, StaffAction.INVITE_STAFF)
        for ended in await _end(Invitation.project.is_null() & (Invitation.id == invitation_id)):
            await record(Happened.INVITATION_REVOKED, by=by, role=ended.role)


async def _end(which: Condition) -> list[Invitation]:
    """End the open invitations that meet ``which`` and return them. Call inside a transaction."""
    ended = (
        await Invitation.update({Invitation.revoked_at: now()})
        .where(which & Invitation.open())
        .returning(Invitation.id)
    )
    return await Invitation.objects().where(Invitation.id.is_in([row["id"] for row in ended] or [0]))
