"""Header fields arrive as they were written, however long they are and whoever folds them."""

import email.header
import io
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.generator import BytesGenerator
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator import config
from incubator.mail.delivery import as_email
from incubator.mail.tables import Message

WORDS = (
    *("«Тихий", "улей»:", "в", "команде", "новый", "человек", "–", "на", "витрине", "😀", "review", "“hive”", "№1"),
    "Слово-без-пробелов-которое-не-влезает-в-одну-строку-письма-и-ещё-длиннее-чем-это",
)
UNSUBSCRIBE = "/mail/assignments/off/" + "x" * 43
ADDRESSES = ("maria@example.org", "мария@xn--80a1acny.xn--p1ai", f"{'a' * 64}@{'b' * 60}.{'c' * 60}.ru")


def mail(to: str, subject: str) -> EmailMessage:
    message = Message(
        id=0, to=to, subject=subject, body="Текст", message_id=f"<{'a' * 24}@{'b' * 60}.example.org>",
        created_at=datetime.now(UTC), unsubscribe=UNSUBSCRIBE,
    )  # fmt: skip
    return as_email(message, config.settings)


def as_sent(message: EmailMessage, *, utf8: bool) -> bytes:
    """Return the mail as aiosmtplib writes it, whatever the mail's own policy is."""
    out = io.BytesIO()
    BytesGenerator(out, policy=policy.SMTPUTF8 if utf8 else policy.SMTP).flatten(message)
    return out.getvalue()


def decoded(header: str) -> str:
    """Return the header as old mail programs decode it."""
    return "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part
        for part, charset in email.header.decode_header(header)
    )


@given(st.sampled_from(ADDRESSES), st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
def test_a_subject_keeps_its_blanks(to: str, subject: str) -> None:
    written = mail(to, subject)
    for raw in (written.as_bytes(), as_sent(written, utf8=not to.isascii())):
        assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
        assert decoded(message_from_bytes(raw)["Subject"]) == subject
        assert all(len(line) <= 78 for line in raw.split(b"\nSubject: ")[1].split(b"\nDate: ")[0].splitlines())


@pytest.mark.parametrize("to", ADDRESSES)
def test_what_programs_read_is_never_encoded(to: str) -> None:
    """A mail program shows no button for «=?utf-8?q?=3Chttp…»."""
    written = mail(to, "Тема")
    for raw in (written.as_bytes(), as_sent(written, utf8=not to.isascii())):
        headers = message_from_bytes(raw)
        assert headers["List-Unsubscribe"] == f"<{config.settings.base_url}{UNSUBSCRIBE}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["Message-ID"] == f"<{'a' * 24}@{'b' * 60}.example.org>"
        assert f"To: {to}".encode() in raw.replace(b"\r\n ", b" ").replace(b"\n ", b" ")
