"""What an organiser does with mail that waits or failed: send it now, drop it, try the server with a test mail."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import on_commit, writing
from incubator.history.record import Happened, record
from incubator.mail.delivery import wake
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person


async def resend(message_id: int, *, by: Person) -> None:
    """Try a mail again at once, with all its attempts. Raises Refusal if it went meanwhile."""
    async with writing():
        await require_staff(by, StaffAction.CHANGE_MAIL)
        waiting = (
            await Message.update({Message.next_attempt_at: now(), Message.attempts: 0})
            .where((Message.id == message_id) & Message.undelivered())
            .returning(Message.id)
        )
        if not waiting:
            raise Refusal(_("Это письмо уже ушло"))
        await record(Happened.MAIL_RESENT, by=by, message=message_id)
        on_commit(wake)


async def drop(message_id: int, *, by: Person) -> None:
    """Remove a mail that has not gone. Raises Refusal if it went meanwhile."""
    async with writing():
        await require_staff(by, StaffAction.CHANGE_MAIL)
        gone = (
            await Message.delete().where((Message.id == message_id) & Message.undelivered()).returning(Message.id)
        )  # fmt: skip
        if not gone:
            raise Refusal(_("Это письмо уже ушло"))
        await record(Happened.MAIL_DROPPED, by=by, message=message_id)


async def send_test_to(person: Person) -> None:
    """Queue a test mail to the organiser who asks for it: it takes the same way as all mail."""
    async with writing():
        await require_staff(person, StaffAction.CHANGE_MAIL)
        message = await queue(
            person.email,
            _("Проверка почты: письмо дошло"),
            _("Вы попросили это письмо на странице «Почта». Раз вы его читаете, до участников письма тоже доходят."),
            locale=person.locale,
        )
        await record(Happened.MAIL_TESTED, by=person, message=message.id)
