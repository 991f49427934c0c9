"""Mails sent to somebody, and an SMTP server that receives them."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from incubator.app import AUDIENCES
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.people.tables import Person


async def tell() -> None:
    """Tell everything that happened, as the server does after each commit."""
    await tell_waiting(AUDIENCES)


async def subjects(person: Person) -> list[str]:
    """Return the subjects of the mails to somebody, after everything that happened has been told."""
    await tell()
    return [
        m["subject"]
        for m in await Message.select(Message.subject).where(Message.to == person.email).order_by(Message.id)
    ]


class Post:
    """Accepts mail, or answers ``refusal`` while one is set."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusal = ""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        assert isinstance(envelope.content, bytes)
        self.recipients += envelope.rcpt_tos
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def post_office(*, smtputf8: bool = True) -> Iterator[tuple[Post, str]]:
    """Run a real SMTP server; yield what it receives and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Post()
    server = Controller(box, hostname="127.0.0.1", port=port, enable_SMTPUTF8=smtputf8)
    server.start()
    try:
        yield box, f"smtp://127.0.0.1:{port}"
    finally:
        server.stop()
