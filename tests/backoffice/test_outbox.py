"""The page of mail on its way: what waits, failed and went, and what an organiser does about it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from incubator.config import load
from incubator.core.clock import clock_at, now
from incubator.core.languages import LOCALES, override_locale
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.delivery import PAUSES, deliver_waiting
from incubator.mail.failure_reason import reason_of, words_of_server
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.notifications.outbox import drop, resend, send_test_to
from tests.browser import signed_in
from tests.cast import Cast
from tests.chromium import free_port
from tests.mail.sent import post_office

SECRET = "s3cret-" * 6


async def letter(to: str = "maria@example.org", subject: str = "Рубеж пройден") -> Message:
    async with writing():
        return await queue(
            to, subject, f"Войдите по ссылке: https://x.example/sign-in/{SECRET}", link=f"/join/{SECRET}"
        )


async def given_up(message: Message) -> None:
    """Let all attempts fail: nobody listens at the address."""
    settings = replace(load(), smtp_url=f"smtp://127.0.0.1:{free_port()}")
    at = now()
    for pause in (timedelta(), *PAUSES):
        at += pause + timedelta(seconds=1)
        with clock_at(at):
            await deliver_waiting(settings)
    row = await Message.objects().get(Message.id == message.id)
    assert row is not None
    assert row.next_attempt_at is None


@pytest.mark.parametrize(
    ("error", "reason", "said"),
    [
        ("SMTPConnectError('Error connecting to 127.0.0.1 on port 9')", "Почтовый сервер не отвечает", ""),
        ("SMTPConnectTimeoutError('…')", "Почтовый сервер не отвечает", ""),
        ("SMTPAuthenticationError(535, '5.7.8 wrong')", "Почтовый сервер не принял имя и пароль", "5.7.8 wrong"),
        ("SMTPNotSupported('…')", "Почтовый сервер не умеет адреса вида мария@почта.рф (нет SMTPUTF8)", ""),
        ("SMTPRecipientsRefused([SMTPRecipientRefused(550, 'no such user', 'a@b.c')])",
         "Сервер говорит: такого ящика нет, или он не принимает от нас письма", "no such user"),
        ("SMTPDataError(552, 'too big')", "Ящик переполнен, или письмо слишком большое", "too big"),
        ("SMTPDataError(451, \"it's late\")", "Сервер просит попробовать позже", "it's late"),
        ("SMTPDataError(554, 'spam')", "Сервер отказался принять письмо", "spam"),
        ("ValueError('INCUBATOR_SMTP_URL: …')", "Адрес почтового сервера задан неверно", ""),
        ("KeyError('x')", "Не удалось отправить", ""),
    ],
)  # fmt: skip
def test_reasons_in_plain_words(error: str, reason: str, said: str) -> None:
    assert (reason_of(error), words_of_server(error)) == (reason, said)
    for locale in LOCALES:
        with override_locale(locale):
            assert reason_of(error)


async def test_an_organiser_sees_what_waits_failed_and_went_but_never_a_link(cast: Cast) -> None:
    await given_up(await letter(subject="Не ушло"))
    await letter("lena@example.org", "Ушло")
    with post_office() as (_box, address):
        await deliver_waiting(replace(load(), smtp_url=address))
    await letter("pavel@example.org", "Ждёт")
    browser = await signed_in(cast.organiser)
    await browser.open("/organiser/outbox")
    failed, waiting, sent = (browser.text.split("<h2>")[n] for n in (1, 2, 3))
    assert "Не ушло" in failed
    assert "maria@example.org" in failed
    assert "Почтовый сервер не отвечает" in failed
    assert f"попыток: {len(PAUSES) + 1}" in failed
    assert "Ждёт" in waiting
    assert "pavel@example.org" in waiting
    assert "Ушло" in sent
    assert SECRET not in browser.text
    for other in (cast.captain, cast.teacher, cast.mentor):
        await (outsider := await signed_in(other)).open("/organiser/outbox")
        assert outsider.page.status_code == 403


async def test_sending_again_after_the_server_is_back(cast: Cast) -> None:
    message = await letter()
    await given_up(message)
    browser = await signed_in(cast.organiser)
    await browser.open("/organiser/outbox")
    await browser.send(f"/organiser/outbox/{message.id}/resending")
    assert "Отправляем ещё раз" in browser.text
    with post_office() as (box, address):
        assert await deliver_waiting(replace(load(), smtp_url=address)) == 1
        assert len(box.got) == 1
    assert await Event.count().where(Event.happened == Happened.MAIL_RESENT) == 1
    with pytest.raises(Refusal):
        await resend(message.id, by=cast.organiser)
    with pytest.raises(Refusal):
        await drop(message.id, by=cast.organiser)


async def test_a_dropped_mail_never_goes(cast: Cast) -> None:
    message = await letter()
    browser = await signed_in(cast.organiser)
    await browser.open("/organiser/outbox")
    await browser.send(f"/organiser/outbox/{message.id}/removal")
    assert not await Message.exists().where(Message.id == message.id)
    with pytest.raises(Refusal):
        await drop(message.id, by=cast.organiser)
    assert await Event.count().where(Event.happened == Happened.MAIL_DROPPED) == 1


async def test_the_test_mail_takes_the_way_of_all_mail(cast: Cast) -> None:
    browser = await signed_in(cast.organiser)
    await browser.open("/organiser/outbox")
    await browser.send("/organiser/outbox/test")
    with post_office() as (box, address):
        await deliver_waiting(replace(load(), smtp_url=address))
        assert [mail["To"] for mail in box.got] == [cast.organiser.email]


async def test_only_organisers_touch_mail(cast: Cast) -> None:
    message = await letter()
    for verb in (resend, drop):
        with pytest.raises(NotAllowed):
            await verb(message.id, by=cast.mentor)
    with pytest.raises(NotAllowed):
        await send_test_to(cast.captain)
