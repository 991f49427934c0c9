"""Changing the address of an account: both mailboxes confirm, either stops it, an organiser helps who lost one."""

import re
from datetime import timedelta
from typing import Any

import pytest

from incubator.app import send_digests
from incubator.core.clock import clock_at, now
from incubator.core.refusals import NotAllowed, Refusal, TooOften
from incubator.mail.delivery import deliver_waiting
from incubator.mail.tables import Message
from incubator.notifications.send import write_to
from incubator.people import tokens
from incubator.people.accounts import AddressTaken, LinkExpired, create_person
from incubator.people.address_change import (
    WrongPassword,
    ask_new_address,
    change_address_for,
    confirm_address,
    open_change,
    stop_address,
)
from incubator.people.grants import grant_role, take_role
from incubator.people.hashing import hash_password
from incubator.people.permissions import StaffRole
from incubator.people.tables import AddressChange, Person, Session
from incubator.privacy.merging import merge_for
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh
from tests.mail.sent import subjects

PASSWORD = "синий чайник поёт"
NEW = "novaya@example.org"


async def with_password(person: Person) -> Person:
    await Person.update({Person.password: await hash_password(PASSWORD)}).where(Person.id == person.id)
    return await fresh(person)


async def secret_to(email: str) -> str:
    rows = await Message.select(Message.body).where(Message.to == email).order_by(Message.id, ascending=False)
    return next(found[1] for row in rows if (found := re.search(r"/address/([\w-]+)", row["body"])))


async def ask(cast: Cast, email: str = NEW) -> tuple[str, str]:
    """Ask for a new address of the captain; return the secrets of the new and the old mailbox."""
    person = await with_password(cast.captain)
    await ask_new_address(person, email, password=PASSWORD, address="127.0.0.1")
    return await secret_to(email), await secret_to(cast.captain.email)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_it_takes_both_mailboxes_in_either_order(cast: Cast, order: tuple[int, int]) -> None:
    secrets = await ask(cast)
    elsewhere = await signed_in(cast.captain)
    assert await confirm_address(secrets[order[0]]) is False
    assert (await fresh(cast.captain)).email == cast.captain.email
    await confirm_address(secrets[order[0]])  # a repeated click is no second mailbox
    assert (await fresh(cast.captain)).email == cast.captain.email
    assert await confirm_address(secrets[order[1]]) is True
    person = await fresh(cast.captain)
    assert (person.email, person.email_confirmed_at is not None) == (NEW, True)
    await elsewhere.open("/profile")
    assert elsewhere.path == "/sign-in"
    for secret in secrets:
        with pytest.raises(LinkExpired):
            await confirm_address(secret)


async def test_the_pages_from_the_profile_to_the_new_address(cast: Cast) -> None:
    person = await with_password(cast.captain)
    browser = await signed_in(person)
    await browser.open("/profile")
    assert 'href="/profile/address"' in browser.text
    await browser.open("/profile/address")
    await browser.send("/profile/address", new_email=NEW, address_password="не тот")
    assert browser.page.status_code == 422
    assert f'value="{NEW}"' in browser.text
    await browser.send("/profile/address", new_email=cast.teacher.email, address_password=PASSWORD)
    assert "уже есть учётная запись" in browser.text
    await browser.send("/profile/address", new_email=NEW, address_password=PASSWORD)
    assert f"Вы меняете адрес на {NEW}" in browser.text
    stranger = Browser()  # the mail is opened on another device
    for email in (NEW, person.email):
        link = f"/address/{await secret_to(email)}"
        await stranger.open(link)
        await stranger.send(link)
    assert (await fresh(person)).email == NEW
    other = Browser()
    await other.open("/sign-in")
    await other.send("/sign-in", email=NEW, password=PASSWORD)
    assert other.path != "/sign-in"


@pytest.mark.parametrize("side", [0, 1])
async def test_either_mailbox_stops_it_and_signs_everybody_out(cast: Cast, side: int) -> None:
    secrets = await ask(cast)
    await signed_in(cast.captain)
    browser = Browser()
    await browser.open(f"/address/{secrets[side]}")
    await browser.post(f"/address/{secrets[side]}", {"csrf": browser.csrf(), "stop": "1"})
    assert browser.path == "/password/forgot"
    assert await Session.count().where(Session.person == cast.captain.id) == 0
    for secret in secrets:
        with pytest.raises(LinkExpired):
            await confirm_address(secret)
    with pytest.raises(LinkExpired):
        await stop_address(secrets[side])


async def test_an_address_that_was_never_confirmed_is_not_asked(cast: Cast) -> None:
    person = await with_password(cast.captain)
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == person.id)
    await ask_new_address(await fresh(person), NEW, password=PASSWORD, address="127.0.0.1")
    assert await subjects(person) == []
    assert await confirm_address(await secret_to(NEW)) is True


async def test_an_address_that_was_confirmed_meanwhile_is_asked_then(cast: Cast) -> None:
    """The page says that a link is left to open in the other mailbox: there must be one."""
    person = await with_password(cast.captain)
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == person.id)
    await ask_new_address(await fresh(person), NEW, password=PASSWORD, address="127.0.0.1")
    await Person.update({Person.email_confirmed_at: now()}).where(Person.id == person.id)
    for _click in range(2):
        assert await confirm_address(await secret_to(NEW)) is False
    assert (await subjects(person)).count("Вы меняете адрес почты?") == 1
    assert await confirm_address(await secret_to(person.email)) is True
    assert (await fresh(person)).email == NEW


async def test_a_link_lasts_a_week_and_a_new_request_replaces_the_old(cast: Cast) -> None:
    first = await ask(cast)
    second = await ask(cast, "drugaya@example.org")
    with pytest.raises(LinkExpired):
        await confirm_address(first[0])
    with clock_at(now() + timedelta(days=8)), pytest.raises(LinkExpired):
        await confirm_address(second[0])
    assert await AddressChange.count().where(AddressChange.person == cast.captain.id) == 2
    assert (await open_change(cast.captain)) is not None


async def test_who_is_faster_has_the_address(cast: Cast) -> None:
    new, old = await ask(cast)
    await confirm_address(old)
    await Person.update({Person.email: NEW}).where(Person.id == cast.outsider.id)
    with pytest.raises(AddressTaken):
        await confirm_address(new)
    assert (await fresh(cast.captain)).email == cast.captain.email


async def test_guessing_the_password_here_is_slowed_down_too(cast: Cast) -> None:
    person = await with_password(cast.captain)
    errors: list[type[Refusal]] = []
    for _attempt in range(10):
        with pytest.raises(Refusal) as caught:
            await ask_new_address(person, NEW, password="guess guess", address="127.0.0.1")
        errors.append(caught.type)
    assert errors[0] is WrongPassword
    assert errors[-1].status == 429


async def test_an_organiser_gives_another_address_and_everybody_hears_of_it(cast: Cast) -> None:
    await signed_in(cast.captain)
    link = await tokens.issue(cast.captain, tokens.RESET)
    for nobody in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await change_address_for(cast.captain.id, NEW, reason="Ящик удалён", by=nobody)
    await change_address_for(cast.captain.id, NEW, reason="Ящик удалён", by=cast.organiser)
    person = await fresh(cast.captain)
    assert person.email == NEW
    assert person.email_confirmed_at is None
    assert await Session.count().where(Session.person == person.id) == 0
    assert await tokens.holder(link, tokens.RESET) is None
    assert await subjects(cast.captain) == ["Адрес вашей учётной записи сменил организатор"]
    assert await subjects(person) == ["Подтвердите адрес почты"]


async def test_a_former_address_that_nobody_proved_learns_nothing(cast: Cast) -> None:
    """It was mistyped: a stranger would read where the person's mail goes now."""
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.captain.id)
    office = await signed_in(cast.organiser)
    page = f"/organiser/accounts/{cast.captain.id}"
    await office.open(page)
    await office.send(f"{page}/address", new_email=NEW, address_reason="Опечатка")
    assert "Письмо отправлено на новый: прежний никто не подтвердил" in office.text
    assert await subjects(cast.captain) == []
    assert await subjects(await fresh(cast.captain)) == ["Подтвердите адрес почты"]


async def test_an_organiser_whose_address_is_not_confirmed_yet_hears_nothing_of_others(cast: Cast) -> None:
    """Another organiser has just set it, and may have mistyped it."""
    mistyped = await create_person("mistyped@example.org", is_adult=True)
    await grant_role(mistyped, StaffRole.ORGANISER, by=cast.organiser)
    await change_address_for(cast.captain.id, NEW, reason="Ящик удалён", by=cast.organiser)
    await grant_role(cast.coach, StaffRole.ORGANISER, by=cast.organiser)
    await take_role(cast.coach, StaffRole.ORGANISER, by=cast.organiser)
    other = await create_person("twin@example.org", is_adult=True)
    await merge_for(cast.teacher.id, other.id, reason="Один человек", by=cast.organiser)
    assert await subjects(mistyped) == []
    assert await subjects(other) == []
    assert "Ваши учётные записи объединены" in await subjects(cast.teacher)


async def test_the_page_says_which_mailboxes_were_written_to(cast: Cast) -> None:
    person = await with_password(cast.captain)
    browser = await signed_in(person)
    for is_proved, hint, said in (
        (True, "Мы напишем на оба адреса", "Мы написали на оба адреса"),
        (False, "Мы напишем на новый адрес", "Мы написали на новый адрес"),
    ):
        at = now() if is_proved else None
        await Person.update({Person.email_confirmed_at: at}).where(Person.id == person.id)
        await browser.open("/profile/address")
        assert hint in browser.text
        await browser.send("/profile/address", new_email=NEW, address_password=PASSWORD)
        assert said in browser.text


async def test_mail_that_waits_goes_to_the_new_address(cast: Cast) -> None:
    from incubator.mail.outbox import queue

    waiting: Any = await queue(cast.captain.email, "Завтра", "Текст", is_bundled=True)
    await change_address_for(cast.captain.id, NEW, reason="Ящик удалён", by=cast.organiser)
    (row,) = await Message.select(Message.to).where(Message.id == waiting.id)
    assert row["to"] == NEW


async def test_mail_that_waits_goes_to_an_unproved_address_only_once_it_is_confirmed(cast: Cast) -> None:
    """An organiser may have mistyped it: then it belongs to a stranger."""
    await write_to(cast.captain, "left", title="Тихий улей", link="/projects/1")
    await change_address_for(cast.captain.id, NEW, reason="Ящик удалён", by=cast.organiser)
    await deliver_waiting()
    letters = await sent_to(NEW)
    assert letters == ["Подтвердите адрес почты"]
    with clock_at(now() + timedelta(days=2)):
        assert await send_digests() == 0
        await Person.update({Person.email_confirmed_at: now()}).where(Person.id == cast.captain.id)
        assert await send_digests() == 1
        assert await send_digests() == 0
        await deliver_waiting()
    assert await sent_to(NEW) == ["Подтвердите адрес почты", "Новости за день: 1"]


async def sent_to(email: str) -> list[str]:
    gone = (Message.to == email) & Message.sent_at.is_not_null() & Message.is_bundled.eq(False)
    return [row["subject"] for row in await Message.select(Message.subject).where(gone).order_by(Message.id)]


async def test_an_organiser_does_not_change_their_own_address_without_password_and_mailbox(cast: Cast) -> None:
    """A session that was left open at school would be enough to take the account over."""
    browser = await signed_in(cast.organiser)
    await browser.open(f"/organiser/accounts/{cast.organiser.id}")
    await browser.send(f"/organiser/accounts/{cast.organiser.id}/address", new_email=NEW, address_reason="Новый ящик")
    assert browser.page.status_code == 422
    assert "смените в профиле" in browser.text
    assert (await fresh(cast.organiser)).email == cast.organiser.email


async def test_an_organiser_gives_nobody_an_address_without_mail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def out_of_reach(_email: str) -> None:
        raise Refusal("нет")

    monkeypatch.setattr("incubator.people.address_change.require_reachable", out_of_reach)
    with pytest.raises(Refusal, match="нет"):
        await change_address_for(
            cast.captain.id, "мария@xn--80a1acny.xn--p1ai", reason="Ящик удалён", by=cast.organiser
        )


async def test_nobody_writes_to_many_strangers_by_changing_their_address(cast: Cast) -> None:
    for number in range(5):
        await ask(cast, f"lena{number}@example.org")
    with pytest.raises(TooOften):
        await ask(cast, "lena5@example.org")
