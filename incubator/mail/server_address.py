"""The address of the mail server: ``smtp://user:password@host:587`` or ``smtps://…:465``."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from incubator.core.languages import _


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    is_tls: bool
    """TLS from the first byte; otherwise STARTTLS where the server offers it."""
    user: str | None = None
    password: str | None = None


def mail_server(address: str) -> MailServer:
    """Return the server at ``address``. Raises ValueError with what is wrong and how to write it."""
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        raise ValueError(_wrong(_("порт – число"))) from None
    if url.scheme not in {"smtp", "smtps"} or not address.startswith(f"{url.scheme}://"):
        raise ValueError(_wrong(_("в начале должно стоять smtp:// или smtps://")))
    if not url.hostname:
        raise ValueError(_wrong(_("не назван сервер")))
    if url.path.strip("/") or url.query or url.fragment:
        raise ValueError(_wrong(_("после сервера и порта ничего не должно быть; знаки @ : / ? # в пароле пишутся как %40 %3A %2F %3F %23")))  # fmt: skip
    is_tls = url.scheme == "smtps"
    return MailServer(
        url.hostname, port or (465 if is_tls else 25), is_tls,
        unquote(url.username) if url.username else None, unquote(url.password) if url.password else None,
    )  # fmt: skip


def _wrong(reason: str) -> str:
    """Return the message. It does not repeat the address, which holds a password."""
    example = "smtp://user:password@mail.example.org:587"
    return _("INCUBATOR_SMTP_URL: %(reason)s. Правильно так: %(example)s", reason=reason, example=example)
