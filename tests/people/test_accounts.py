"""Accounts: signing up and in, confirming, throttling, passwords, sessions, links."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import clock_at, now
from incubator.core.refusals import Stale, TooOften
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.people import accounts, known_devices, probing, tokens
from incubator.people.accounts import LinkExpired
from incubator.people.address_change import ask_new_address
from incubator.people.mail_limits import PAUSES, MailCause, mailbox_of
from incubator.people.tables import Person, Session, Token
from tests.browser import Browser, signed_in
from tests.cast import Cast
from tests.stories.test_the_long_way import last_link

PASSWORD = "синий чайник поёт"


async def sign_up(email: str = "maria@example.org") -> Browser:
    browser = Browser()
    await browser.open("/sign-up")
    await browser.send("/sign-up", email=email, password=PASSWORD, given_name="Мария")
    return browser


async def test_signing_up_makes_an_account_a_session_and_a_mail(database: Any) -> None:
    browser = await sign_up("Maria@Example.ORG ")
    person = await Person.objects().first()
    assert person
    assert (person.email, person.given_name) == ("maria@example.org", "Мария")
    assert not person.email_confirmed_at
    assert person.password.startswith("$argon2id$")
    assert await Session.count().where(Session.person == person.id) == 1
    assert await Message.count() == 1
    assert [e["happened"] for e in await Event.select(Event.happened)] == ["signed_up"]
    assert "Мария" in browser.text


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("", PASSWORD, "email"),
        ("кто-то", PASSWORD, "email"),
        ("a@b", PASSWORD, "email"),
        ("mаria@example.org", PASSWORD, "email"),
        ("a..b@c.ru", PASSWORD, "email"),
        ("a@b.ru", "Мал0ват", "password"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    database: Any, email: str, password: str, field: str
) -> None:
    browser = Browser()
    await browser.open("/sign-up")
    await browser.send("/sign-up", email=email, password=password, given_name="<Мария>")
    assert browser.page.status_code == 422
    assert f'id="e-{field}"' in browser.page.text
    assert 'value="&lt;Мария&gt;"' in browser.page.text
    assert password not in browser.page.text
    assert await Person.count() == 0


async def test_an_address_has_one_account(database: Any) -> None:
    await sign_up()
    again = await sign_up()
    assert again.page.status_code == 422
    assert "уже занят" in again.text
    assert await Person.count() == 1


async def test_nobody_asks_about_a_thousand_addresses(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing up has to say that an address is taken; it says so only so often, and counts nothing else."""
    monkeypatch.setattr(probing, "MOST_TAKEN", 2)
    for number in range(3):
        await sign_up(f"pupil{number}@example.org")
    for _time in range(2):
        assert "уже занят" in (await sign_up("pupil0@example.org")).text
    for email in ("pupil0@example.org", "nobody@example.org"):
        refused = await sign_up(email)
        assert refused.page.status_code == 422
        assert "уже спрашивали о многих" in refused.text
        assert "занят." not in refused.text
    with clock_at(now() + timedelta(hours=2)):
        assert "уже занят" in (await sign_up("pupil0@example.org")).text


async def test_a_domain_in_cyrillic_and_in_punycode_is_one_account(database: Any) -> None:
    browser = await sign_up("Мария@Почта.РФ")
    again = await sign_up("мария@xn--80a1acny.xn--p1ai")
    assert again.page.status_code == 422
    assert "уже занят" in again.text
    await browser.open("/profile")
    assert "Адрес мария@почта.рф ещё не подтверждён" in browser.text
    other = Browser()
    await other.open("/sign-in")
    await other.send("/sign-in", email="мария@XN--80A1ACNY.xn--p1ai", password=PASSWORD)
    assert other.path == "/projects"


async def test_signing_in_and_out(database: Any) -> None:
    await sign_up()
    browser = Browser()
    await browser.open("/projects")
    assert browser.path == "/sign-in"
    await browser.send("/sign-in", email="MARIA@example.org", password="неверный пароль")
    assert browser.page.status_code == 422
    await browser.send("/sign-in", email="MARIA@example.org", password=PASSWORD)
    assert browser.path == "/projects"
    await browser.send("/sign-out")
    await browser.open("/projects")
    assert browser.path == "/sign-in"
    assert await Session.count() == 1  # of the first browser


async def test_every_sign_in_has_a_new_secret_of_the_servers_choice(database: Any) -> None:
    await sign_up()
    browser = Browser()
    browser.http.cookies.set("session", "chosen-by-an-attacker", domain="testserver.local")
    await browser.open("/sign-in")
    await browser.send("/sign-in", email="maria@example.org", password=PASSWORD)
    cookies = [v for k, v in browser.http.cookies.jar._cookies["testserver.local"]["/"].items() if k == "session"]  # type: ignore[attr-defined]
    assert cookies[0].value != "chosen-by-an-attacker"
    assert browser.path == "/projects"


async def test_a_confirmation_link_works_once_and_not_forever(database: Any) -> None:
    await sign_up()
    secret = (await last_link("maria@example.org")).rpartition("/")[2]
    with clock_at(now() + timedelta(days=8)), pytest.raises(LinkExpired):
        await accounts.confirm_email(secret)
    person = await accounts.confirm_email(secret)
    assert person.email_confirmed_at is not None
    with pytest.raises(LinkExpired):
        await accounts.confirm_email(secret)
    browser = Browser()
    await browser.open(f"/confirm/{secret}")
    assert "больше не работает" in browser.text


async def test_a_click_elsewhere_confirms_nothing_for_whoever_opened_the_account(database: Any) -> None:
    """A stranger signs up with somebody's address and waits for its owner to click."""
    stranger = await sign_up()
    owner, link = Browser(), await last_link("maria@example.org")
    await owner.open(link)
    await owner.post(link, {"csrf": owner.csrf()})
    assert owner.page.status_code == 422
    assert "Пароль не подошёл" in owner.text
    person = await Person.objects().first()
    assert person
    assert person.email_confirmed_at is None
    await owner.open(link)
    await owner.send(f"{link}/password", new_password="12345678")
    assert "подберут сразу" in owner.text
    await owner.send(f"{link}/password", new_password="жираф рисует облако")
    assert "Адрес подтверждён" in owner.text
    await stranger.open("/profile")
    assert stranger.path == "/sign-in"
    assert await accounts.authenticate("maria@example.org", PASSWORD, address="") is None
    assert await accounts.authenticate("maria@example.org", "жираф рисует облако", address="")


async def test_on_another_device_the_password_confirms_and_signs_in(database: Any) -> None:
    first = await sign_up()
    phone, link = Browser(), await last_link("maria@example.org")
    await phone.open(f"{link}?next=/profile")
    assert "Тот, с которым вы регистрировались" in phone.text
    await phone.send(link, password=PASSWORD)
    assert phone.path == "/profile"
    assert "Адрес подтверждён" in phone.text
    await first.open("/profile")
    assert first.path == "/profile"  # nothing ended there
    await phone.open(link)
    assert "больше не работает" in phone.text


async def test_a_confirmation_is_mailed_so_many_times_only(database: Any) -> None:
    browser = await sign_up()
    for _time in range(2):
        await browser.open("/profile")
        await browser.send("/confirmation")
        assert "отправлено ещё раз" in browser.text
    await browser.open("/profile")
    await browser.send("/confirmation")
    assert "больше пока не отправляем" in browser.text
    assert await Message.count() == 3
    with clock_at(now() + timedelta(hours=1, minutes=1)):
        await browser.open("/profile")
        await browser.send("/confirmation")
    assert await Message.count() == 4


@pytest.mark.parametrize("email", ["maria@example.org", "nobody@example.org"])
async def test_a_new_password_is_mailed_so_many_times_only_and_nobody_learns_who_has_an_account(
    database: Any, email: str
) -> None:
    await sign_up()
    browser = Browser()
    for _time in range(3):
        await browser.open("/password/forgot")
        await browser.send("/password/forgot", email=email)
        assert "Если такой адрес у нас есть" in browser.text
    await browser.open("/password/forgot")
    await browser.send("/password/forgot", email=email.upper())
    assert browser.page.status_code == 422
    assert "больше пока не отправляем" in browser.text


async def test_whoever_reads_a_mailbox_gets_back_in_however_many_mails_a_stranger_causes(database: Any) -> None:
    """The stranger asks every minute, from another address each time. There is always a link that works."""
    await sign_up()
    (person,) = await Person.objects()
    at, sent = now(), 0
    for minute in range(24 * 60):
        with clock_at(at + timedelta(minutes=minute)):
            try:
                await accounts.mail_reset_link("maria@example.org", address=f"2001:db8:{minute:x}::1")
                sent += 1
            except TooOften:
                assert await tokens.is_open(person, tokens.RESET)
    assert 3 < sent <= 6
    await accounts.reset_password((await last_link("maria@example.org")).rpartition("/")[2], "кит поёт басом")


async def flood(email: str) -> None:
    """Ask for new passwords from one address after the other, until no more are sent."""
    for n in range(4):
        try:
            await accounts.mail_reset_link(email, address=f"2001:db8:{n:x}::1")
        except TooOften:
            return
    raise AssertionError("mails without end")


async def test_a_browser_that_its_owner_used_is_not_kept_waiting_by_strangers(database: Any) -> None:
    owner = await sign_up()
    await owner.send("/sign-out")
    await owner.open("/sign-in")
    await owner.send("/sign-in", email="maria@example.org", password=PASSWORD)
    await owner.send("/sign-out")
    await flood("maria@example.org")
    stranger = Browser()
    await stranger.open("/password/forgot")
    await stranger.send("/password/forgot", email="maria@example.org")
    assert "Ссылка в последнем ещё действует" in stranger.text
    assert stranger.page.status_code == 422
    for _time in range(3):
        await owner.open("/password/forgot")
        await owner.send("/password/forgot", email="maria@example.org")
        assert "Если такой адрес у нас есть" in owner.text
    await owner.open("/password/forgot")
    await owner.send("/password/forgot", email="maria@example.org")
    assert "Повторить можно через 10 минут" in owner.text


async def test_no_link_goes_to_an_address_that_is_given_up_at_this_moment(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_up()
    (stale,) = await Person.objects()
    known_device = known_devices.known_device

    async def moved_meanwhile(person: Person | None, secret: str) -> str:
        await Person.update({Person.email: "new@example.org"}).where(Person.id == stale.id)
        return await known_device(person, secret)

    monkeypatch.setattr(accounts, "known_device", moved_meanwhile)
    await accounts.mail_reset_link("maria@example.org", address="192.0.2.1")
    assert not await Message.exists().where(Message.subject == "Новый пароль")
    await accounts.ask_to_confirm(stale, address="192.0.2.1")
    assert (await last_link("new@example.org")).startswith("/confirm/")


async def test_whoever_used_a_link_may_ask_for_another_at_once(database: Any) -> None:
    await sign_up()
    await flood("maria@example.org")
    await accounts.reset_password((await last_link("maria@example.org")).rpartition("/")[2], "кит поёт басом")
    await accounts.mail_reset_link("maria@example.org", address="192.0.2.1")


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("maria@example.org", "maria@example.org"),
        ("maria+ideas@example.org", "maria@example.org"),
        ("+ideas@example.org", "+ideas@example.org"),
        ("ma.ria@example.org", "ma.ria@example.org"),
        ("ma.ria+1@gmail.com", "maria@gmail.com"),
        ("maria@googlemail.com", "maria@gmail.com"),
        ("maria.k@ya.ru", "maria-k@yandex.ru"),
        ("maria-k@yandex.ru", "maria-k@yandex.ru"),
    ],
)
def test_mails_are_counted_by_mailbox(email: str, mailbox: str) -> None:
    assert mailbox_of(email) == mailbox


def test_no_pause_outlasts_the_links_that_it_keeps_apart() -> None:
    lasts = {MailCause.CONFIRM: tokens.CONFIRM, MailCause.RESET: tokens.RESET, MailCause.MERGE: tokens.MERGE}
    for cause, purpose in lasts.items():
        assert PAUSES[-1] < tokens.LASTS[purpose], cause


async def test_nobody_keeps_the_owner_of_a_mailbox_from_signing_up(database: Any) -> None:
    stranger = await sign_up("stranger@example.org")
    (person,) = await Person.objects()
    for _time in range(3):
        await ask_new_address(person, "maria@example.org", password=PASSWORD, address="192.0.2.1")
    with pytest.raises(TooOften):
        await ask_new_address(person, "maria@example.org", password=PASSWORD, address="192.0.2.1")
    owner = await sign_up("maria@example.org")
    assert "Мы отправили письмо" in owner.text
    assert await Message.count().where(Message.subject == "Подтвердите адрес почты") == 2
    await stranger.open("/profile")


async def test_an_account_is_made_without_a_link_where_its_mailbox_has_had_many(database: Any) -> None:
    """Somebody opened accounts under this address, and gave each another one."""
    for n in range(3):
        await sign_up("maria@example.org")
        await Person.update({Person.email: f"other{n}@example.org"}).where(Person.email == "maria@example.org")
    owner = await sign_up("maria@example.org")
    assert owner.page.status_code == 200
    assert "попросите чуть позже" in owner.text
    assert "Мы отправили письмо" not in owner.text
    with clock_at(now() + timedelta(minutes=11)):
        await owner.open("/profile")
        await owner.send("/confirmation")
    assert "отправлено ещё раз" in owner.text


async def test_a_password_that_was_just_replaced_confirms_nothing(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody with the old password is at it at the moment in which the owner chooses a new one."""
    await sign_up()
    secret = (await last_link("maria@example.org")).rpartition("/")[2]
    authenticate = accounts.authenticate

    async def replaced_meanwhile(email: str, password: str, *, address: str, device: str = "") -> Person | None:
        known = await authenticate(email, password, address=address, device=device)
        await Person.update({Person.password: "another"}).where(Person.email == email)
        return known

    monkeypatch.setattr(accounts, "authenticate", replaced_meanwhile)
    with pytest.raises(Stale):
        await accounts.confirm_with_password(secret, PASSWORD, address="192.0.2.1")
    (person,) = await Person.objects()
    assert person.email_confirmed_at is None
    assert await tokens.is_open(person, tokens.CONFIRM)


async def test_requests_for_one_mailbox_at_the_same_moment_are_counted_each(database: Any) -> None:
    await sign_up()
    results = await asyncio.gather(
        *(accounts.mail_reset_link("maria@example.org", address=f"192.0.2.{n}") for n in range(8)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, TooOften) for result in results) == 5, results
    assert await Message.count().where(Message.subject == "Новый пароль") == 3


async def test_a_forgotten_password_is_reset_by_mail_and_ends_every_session(database: Any) -> None:
    old = await sign_up()
    browser = Browser()
    await browser.open("/password/forgot")
    await browser.send("/password/forgot", email="maria@example.org")
    link = await last_link("maria@example.org")
    assert link.startswith("/password/reset/")
    await browser.open(link)
    await browser.send(link, password="совсем другой пароль")
    assert "Новый пароль сохранён" in browser.text
    await old.open("/profile")
    assert old.path == "/sign-in"
    await browser.open(link)
    assert "больше не работает" in browser.text


async def test_asking_for_a_reset_does_not_tell_who_has_an_account(database: Any) -> None:
    browser = Browser()
    await browser.open("/password/forgot")
    await browser.send("/password/forgot", email="nobody@example.org")
    assert "Если такой адрес у нас есть" in browser.text
    assert await Message.count() == 0


async def test_only_hashes_of_secrets_are_stored(database: Any) -> None:
    browser = await sign_up()
    link = (await last_link("maria@example.org")).rpartition("/")[2]
    stored = [
        *(r["token_hash"] for r in await Token.select(Token.token_hash)),
        *(r["token_hash"] for r in await Session.select(Session.token_hash)),
    ]
    assert link not in stored
    assert browser.http.cookies["session"] not in stored


async def test_a_session_elsewhere_can_be_ended_from_the_profile(cast: Cast) -> None:
    here, there = await signed_in(cast.captain), await signed_in(cast.captain)
    await there.open("/profile")
    assert there.path == "/profile"
    rows = await Session.objects().where(Session.person == cast.captain.id).order_by(Session.id)
    await here.open("/profile")
    await here.send(f"/profile/sessions/{rows[1].id}/end")
    await there.open("/profile")
    assert there.path == "/sign-in"


async def test_nobody_ends_the_session_of_somebody_else(cast: Cast) -> None:
    await signed_in(cast.teacher)
    row = await Session.objects().where(Session.person == cast.teacher.id).first()
    assert row
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    await browser.post(f"/profile/sessions/{row.id}/end", {"csrf": browser.csrf()})
    assert browser.page.status_code == 404
    assert await Session.exists().where(Session.id == row.id)


async def test_an_expired_session_is_none(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    with clock_at(now() + timedelta(days=31)):
        await browser.open("/profile")
    assert browser.path == "/sign-in"


async def test_changing_the_password_asks_for_the_old_one(database: Any) -> None:
    browser = await sign_up()
    await browser.open("/profile")
    assert 'href="/profile/password"' in browser.text
    await browser.open("/profile/password")
    await browser.send("/profile/password", current_password="не тот", new_password="совсем другой пароль")
    assert browser.page.status_code == 422
    await browser.send("/profile/password", current_password=PASSWORD, new_password="совсем другой пароль")
    assert "Новый пароль сохранён" in browser.text


async def test_a_token_of_one_purpose_is_no_token_of_another(cast: Cast) -> None:
    secret = await tokens.issue(cast.captain, tokens.CONFIRM)
    with pytest.raises(LinkExpired):
        await accounts.reset_password(secret, PASSWORD)
    with pytest.raises(LinkExpired):
        await accounts.sign_in_by_link(secret)
