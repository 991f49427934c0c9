"""A test mail, sent at once and past the outbox."""

import secrets

from incubator.config import Settings
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.mail.delivery import mailbox, send_now
from incubator.mail.sender import own_domain
from incubator.mail.server_address import mail_server
from incubator.mail.tables import Message


async def send_test(to: str, settings: Settings) -> str:
    """Send a test mail and return where it went. Raises whatever is wrong."""
    message = Message(
        id=0,  # never stored
        to=to,
        subject=_("Проверка почты: письмо дошло"),
        body=_("Сайт %(address)s отправил это письмо, чтобы проверить почту. Отвечать не нужно.", address=settings.base_url),
        message_id=f"<{secrets.token_hex(12)}@{own_domain(settings)}>",
        created_at=now(),
    )  # fmt: skip
    await send_now(message, settings)
    if not settings.smtp_url:
        return _("Сервер не задан: письмо записано в папку %(folder)s", folder=mailbox(settings))
    server = mail_server(settings.smtp_url)
    return _("%(server)s принял письмо для %(address)s", server=f"{server.host}:{server.port}", address=to)
