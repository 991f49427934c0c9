"""Whether the configured mail server can write to an address: «мария@почта.рф» needs the extension SMTPUTF8."""

import time
from contextlib import suppress

import aiosmtplib

from incubator import config
from incubator.config import Settings
from incubator.core.email_address import is_for_smtputf8, readable
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.mail.server_address import mail_server

#: Seconds for which an answer is remembered, and to wait for one.
_REMEMBERED, _PATIENCE = 3600.0, 5.0
_answers: dict[str, tuple[float, bool]] = {}


class Unreachable(Refusal):
    """Our mail server cannot write to this address."""


async def require_reachable(address: str, settings: Settings | None = None) -> None:
    """Raise Unreachable for an address to which the mail server cannot write. Call outside a transaction.

    If the server does not answer now, nothing is known: the mail waits, and fails visibly if it must.
    """
    if is_for_smtputf8(address) and await takes_smtputf8(settings or config.settings) is False:
        raise Unreachable(
            _(
                "На адрес %(email)s наш почтовый сервер писать не умеет: до знака @ могут стоять только латинские буквы и "
                "цифры. Укажите другой адрес.",
                email=readable(address),
            )
        )


async def takes_smtputf8(settings: Settings) -> bool | None:
    """Return whether the server offers SMTPUTF8; None if it does not answer. Files take everything."""
    if not settings.smtp_url:
        return True
    known = _answers.get(settings.smtp_url)
    if known and time.monotonic() - known[0] < _REMEMBERED:
        return known[1]
    server = mail_server(settings.smtp_url)
    client = aiosmtplib.SMTP(hostname=server.host, port=server.port, use_tls=server.is_tls, timeout=_PATIENCE)
    try:
        await client.connect()
        await client.ehlo()
        answer = client.supports_extension("smtputf8")
    except (aiosmtplib.SMTPException, OSError):
        return None
    finally:
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
    _answers[settings.smtp_url] = (time.monotonic(), answer)
    return answer
