"""What a mail said is erased a month after it went; where a link in it may still be used, its recipient stays."""

from datetime import timedelta
from typing import Any

from incubator.app import PERIODIC
from incubator.core.clock import clock_at, now
from incubator.jobs.periodic import run_once
from incubator.mail.outbox import queue
from incubator.mail.retention import KEPT
from incubator.mail.tables import Message


async def test_old_mails_say_nothing_any_more(database: Any) -> None:
    await queue("a@example.org", "Ответ", "Спасибо, Мария")
    await queue("b@example.org", "Новости", "Слова", unsubscribe="/mail/digest/off/1-secret")
    waiting = await queue("c@example.org", "Ждёт", "Ещё не ушло")
    await Message.update({Message.sent_at: now()}).where(Message.id != waiting.id)
    with clock_at(now() + KEPT - timedelta(days=1)):
        await run_once(PERIODIC)
    assert {row["body"] for row in await Message.select(Message.body)} == {"Спасибо, Мария", "Слова", "Ещё не ушло"}
    with clock_at(now() + KEPT + timedelta(days=1)):
        await run_once(PERIODIC)
    rows = await Message.select(Message.to, Message.subject, Message.body, Message.footer).order_by(Message.id)
    assert [(row["to"], row["subject"], row["body"]) for row in rows] == [
        ("", "", ""), ("b@example.org", "", ""), ("c@example.org", "Ждёт", "Ещё не ушло"),
    ]  # fmt: skip
    assert rows[0]["footer"] == ""
