"""The outbox with a real SMTP server: each mail once, in order of attempts, despite any failure."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from incubator.config import Settings, load
from incubator.core.clock import clock_at, now
from incubator.db import writing
from incubator.mail.delivery import LEASE, PAUSES, deliver_waiting
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from tests.mail.sent import Post, post_office


@pytest.fixture
def post() -> Iterator[tuple[Post, Settings]]:
    with post_office() as (box, address):
        yield box, replace(load(), smtp_url=address, mail_from="Программа <office@example.org>")


async def letter(subject: str = "Рубеж пройден") -> Message:
    async with writing():
        return await queue("maria@example.org", subject, "Поздравляем!", link="/projects/1")


async def fresh(message: Message) -> Message:
    row = await Message.objects().get(Message.id == message.id)
    assert row
    return row


async def test_a_mail_goes_out_once(database: Any, post: tuple[Post, Settings]) -> None:
    box, settings = post
    await letter()
    results = await asyncio.gather(*(deliver_waiting(settings) for _worker in range(4)))
    assert sum(results) == len(box.got) == 1
    mail = box.got[0]
    assert (mail["Subject"], mail["To"]) == ("Рубеж пройден", "maria@example.org")
    assert mail["From"] == "Программа <office@example.org>"
    body = mail.get_body()
    assert body
    assert "/projects/1" in body.get_content()
    assert await deliver_waiting(settings) == 0


@pytest.mark.parametrize(
    ("address", "smtputf8", "is_sent"),
    [
        ("info@xn--80a1acny.xn--p1ai", False, True),
        ("мария@xn--80a1acny.xn--p1ai", True, True),
        ("мария@xn--80a1acny.xn--p1ai", False, False),
    ],
)
async def test_only_a_mailbox_in_cyrillic_asks_for_smtputf8(
    sqlite: Any, address: str, smtputf8: bool, is_sent: bool
) -> None:
    async with writing():
        await queue(address, "Рубеж пройден", "Поздравляем!")
    with post_office(smtputf8=smtputf8) as (box, url):
        await deliver_waiting(replace(load(), smtp_url=url, mail_from="office@example.org"))
    assert [mail["To"] for mail in box.got] == [address] * is_sent
    assert box.recipients == [address] * is_sent
    message = await Message.objects().first()
    assert message
    assert bool(message.sent_at) == is_sent
    assert message.error.startswith("SMTPNotSupported") is not is_sent
    assert (message.error == "") is is_sent
    assert message.next_attempt_at is None, "given up at once: no later attempt could succeed"


async def test_a_mail_in_the_mailbox_bears_the_address_as_it_is(sqlite: Any, tmp_path: Path) -> None:
    async with writing():
        await queue("мария@xn--80a1acny.xn--p1ai", "Рубеж пройден", "Поздравляем!")
    await deliver_waiting(replace(load(), smtp_url="", data=tmp_path))
    (file,) = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("мария@xn--80a1acny.xn--p1ai", "Рубеж пройден")


async def test_a_line_break_in_a_subject_adds_no_header(database: Any, post: tuple[Post, Settings]) -> None:
    box, settings = post
    await letter("Привет\r\nBcc: all@example.org")
    await deliver_waiting(settings)
    assert box.got[0]["Bcc"] is None
    assert box.got[0]["Subject"] == "Привет Bcc: all@example.org"


async def test_what_a_rolled_back_verb_queued_is_never_sent(database: Any, post: tuple[Post, Settings]) -> None:
    box, settings = post
    with pytest.raises(RuntimeError):
        async with writing():
            await queue("maria@example.org", "Никогда", "…")
            raise RuntimeError
    await deliver_waiting(settings)
    assert not box.got


async def test_a_refused_mail_is_tried_again_with_growing_pauses_and_given_up(
    database: Any, post: tuple[Post, Settings]
) -> None:
    box, settings = post
    box.refusal = "451 later"
    first = await letter()
    at = now()
    for pause in PAUSES:
        with clock_at(at):
            assert await deliver_waiting(settings) == 0
            assert await deliver_waiting(settings) == 0, "tried before its pause was over"
        row = await fresh(first)
        assert row.next_attempt_at == at + pause
        at = row.next_attempt_at
    with clock_at(at):
        await deliver_waiting(settings)
    row = await fresh(first)
    assert row.attempts == len(PAUSES) + 1
    assert not row.next_attempt_at
    assert not row.sent_at
    assert "451" in row.error


async def test_one_bad_mail_does_not_hold_up_the_next(database: Any, post: tuple[Post, Settings]) -> None:
    box, settings = post
    bad = await letter()
    await Message.update({Message.to: "no\naddress"}).where(Message.id == bad.id)
    await letter("Второе")
    assert await deliver_waiting(settings) == 1
    assert [mail["Subject"] for mail in box.got] == ["Второе"]


async def test_a_server_that_is_away_loses_nothing(database: Any, post: tuple[Post, Settings]) -> None:
    _box, settings = post
    message = await letter()
    assert await deliver_waiting(replace(settings, smtp_url="smtp://127.0.0.1:9")) == 0
    with clock_at(now() + PAUSES[0] + timedelta(seconds=1)):
        assert await deliver_waiting(settings) == 1
    assert (await fresh(message)).error == ""


async def test_a_worker_that_died_while_sending_gives_the_mail_back(database: Any, post: tuple[Post, Settings]) -> None:
    box, settings = post
    message = await letter()
    await Message.update({Message.next_attempt_at: now() + LEASE, Message.attempts: 1}).where(Message.id == message.id)
    assert await deliver_waiting(settings) == 0
    with clock_at(now() + LEASE + timedelta(seconds=1)):
        assert await deliver_waiting(settings) == 1
    assert len(box.got) == 1


async def test_without_a_server_mail_lands_as_files(database: Any, tmp_path: Path) -> None:
    settings = replace(load(), data=tmp_path, smtp_url="")
    message = await letter()
    assert await deliver_waiting(settings) == 1
    mail = message_from_bytes((tmp_path / "mail" / f"{message.id:06}.eml").read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Рубеж пройден"
