"""Sending the mails of the outbox, at least once, with growing pauses after a failure."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import aiosmtplib
import structlog

from incubator import config
from incubator.config import Settings
from incubator.core.clock import now
from incubator.core.email_address import is_for_smtputf8
from incubator.db.errors import StorageFull, Unavailable
from incubator.mail.headers import header_policy
from incubator.mail.sender import sender
from incubator.mail.server_address import mail_server
from incubator.mail.tables import Message

log = structlog.get_logger()

#: A mail whose worker died while sending becomes available again after this time.
LEASE = timedelta(minutes=5)
PAUSES = [timedelta(minutes=m) for m in (1, 5, 20, 60, 240, 720, 1440)]

_wake = asyncio.Event()


def wake() -> None:
    """Wake the sender after queueing a mail, so that it need not wait for the next round."""
    _wake.set()


def mailbox(settings: Settings) -> Path:
    """Return the folder that receives mails as files if no server is configured."""
    return settings.data / "mail"


def as_email(message: Message, settings: Settings) -> EmailMessage:
    """Return the mail as it is sent; one to «мария@…» in UTF-8 (RFC 6532), which needs a server with SMTPUTF8."""
    mail = EmailMessage(policy=header_policy(utf8=not message.to.isascii()))
    mail["From"] = sender(settings)
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe:  # RFC 8058: the mail program's unsubscribe button
        mail["List-Unsubscribe"] = f"<{settings.base_url}{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content("\n\n".join(filter(None, (message.body, message.footer))))
    return mail


async def deliver_waiting(settings: Settings | None = None) -> int:
    """Send everything that is due; return how many mails were sent."""
    settings = settings or config.settings
    due = await Message.select(Message.id).where(Message.next_attempt_at <= now()).order_by(Message.id)
    return sum([await _deliver(row["id"], settings) for row in due])


async def _deliver(message_id: int, settings: Settings) -> bool:
    at = now()
    claimed = (
        await Message.update({Message.next_attempt_at: at + LEASE, Message.attempts: Message.attempts + 1})
        .where((Message.id == message_id) & (Message.next_attempt_at <= at))
        .returning(Message.id)
    )
    if not claimed:
        return False
    message = await Message.objects().get(Message.id == message_id)
    if message is None:
        return False  # it was taken back in between
    try:
        await send_now(message, settings)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the next ones go out
        give_up = message.attempts > len(PAUSES) or _is_hopeless(error, message)
        later = None if give_up else now() + PAUSES[message.attempts - 1]
        log.warning("mail not delivered", message=message.id, attempts=message.attempts, error=type(error).__name__)
        await Message.update({Message.next_attempt_at: later, Message.error: repr(error)[:500]}).where(
            Message.id == message_id
        )
        return False
    await Message.update({Message.next_attempt_at: None, Message.sent_at: now(), Message.error: ""}).where(
        Message.id == message_id
    )
    return True


def _is_hopeless(error: Exception, message: Message) -> bool:
    """Return whether trying again is no use: the server cannot write to an address in another script."""
    return isinstance(error, aiosmtplib.SMTPNotSupported) and is_for_smtputf8(message.to)


async def send_now(message: Message, settings: Settings) -> None:
    """Send one mail, or write it to a file if no server is configured. Raises whatever is wrong."""
    mail = as_email(message, settings)
    if not settings.smtp_url:
        folder = mailbox(settings)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{message.id:06}.eml").write_bytes(mail.as_bytes())
        return
    server = mail_server(settings.smtp_url)
    await aiosmtplib.send(
        mail,
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.is_tls,
        timeout=30,
    )


async def deliver_forever() -> None:
    """Send mails beside the server: at once when woken, otherwise every half minute."""
    while True:
        try:
            await deliver_waiting()
        except (Unavailable, StorageFull) as error:
            log.warning("mail waits for the database", error=type(error).__name__)
        except Exception:
            log.exception("mail delivery stumbled")
        try:
            await asyncio.wait_for(_wake.wait(), 30)
        except TimeoutError:
            continue
        finally:
            _wake.clear()
