"""Following a project by mail: double opt-in, at most one mail a day of what is public, and an end that erases the address."""

import re
from datetime import timedelta
from email import message_from_bytes

import pytest

from incubator import config
from incubator.app import PERIODIC
from incubator.core.clock import clock_at, now
from incubator.core.refusals import Refusal, TooOften
from incubator.gates.decide import decide
from incubator.gates.delete_project import delete_project
from incubator.gates.release import release
from incubator.history.tables import Event
from incubator.jobs.periodic import run_once
from incubator.mail.delivery import as_email
from incubator.mail.tables import Message
from incubator.people.tables import Person
from incubator.projects.document import submissions_of
from incubator.projects.start import start
from incubator.publication import following
from incubator.publication.follower_mails import tell_followers
from incubator.publication.following import (
    WAITS,
    ask_to_follow,
    confirm_following,
    follow,
    forget_unconfirmed,
    move_followers,
)
from incubator.publication.news import NewsWording, offer_news, publish_news, take_news_off, write_news
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.tables import Follower
from incubator.showcase.story import published
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, reviewed, submitted

READER = "grandmother@example.com"


@pytest.fixture
async def shown(cast: Cast) -> Cast:
    """Publish the cast's project."""
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    cast.project = await fresh_project(cast.project)
    await Message.delete(force=True)
    return cast


async def mails(to: str = READER) -> list[Message]:
    return await Message.objects().where(Message.to == to).order_by(Message.id)


async def ask(cast: Cast, email: str = READER, *, address: str = "192.0.2.1") -> None:
    publication = await published(cast.project.slug)
    assert publication
    await ask_to_follow(publication, email=email, address=address)


async def secret_of(email: str = READER) -> str:
    found = re.search(r"/mail/follow/([\w-]+)", (await mails(email))[-1].body)
    assert found
    return found[1]


async def confirmed(cast: Cast, email: str = READER) -> str:
    await ask(cast, email)
    secret = await secret_of(email)
    await confirm_following(secret)
    await Message.delete(force=True)
    return secret


async def told(cast: Cast, headline: str) -> int:
    """Publish a piece of news; return its id."""
    row = await write_news(cast.project, NewsWording(headline, f"Слова о том, что {headline}"), by=cast.captain)
    await offer_news(cast.project, row.id, by=cast.captain)
    await publish_news(row.id, by=cast.organiser)
    return int(row.id)


async def test_a_visitor_follows_without_scripts_and_cookies(shown: Cast) -> None:
    path = f"/showcase/{shown.project.slug}"
    browser = Browser()
    await browser.open(path)
    assert "set-cookie" not in browser.page.headers  # everybody gets it from memory
    answer = await browser.http.post(
        f"{path}/follow", data={"email": READER}, headers={"sec-fetch-site": "same-origin"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert await Follower.count().where(Follower.confirmed()) == 0
    (mail,) = await mails()
    assert mail.subject == "Вы хотите следить за проектом на витрине?"
    secret = await secret_of()
    await browser.open(f"/mail/follow/{secret}")  # a mail program that opens links confirms nothing
    assert await Follower.count().where(Follower.confirmed()) == 0
    await browser.send(f"/mail/follow/{secret}/confirmed")
    assert await Follower.count().where(Follower.confirmed()) == 1
    assert "Тихий улей" in browser.page.text


async def test_another_site_can_send_it_for_nobody(shown: Cast) -> None:
    path = f"/showcase/{shown.project.slug}/follow"
    for site in ("cross-site", "same-site"):
        answer = await Browser().http.post(path, data={"email": READER}, headers={"sec-fetch-site": site})
        assert answer.status_code == 403
    captain = await signed_in(shown.captain)
    for values in ({}, {"email": READER}):
        answer = await captain.http.post(path, data=values, headers={"sec-fetch-site": "same-origin"})
        assert await Follower.count() == 0  # with an account it needs the token of a page of ours


@pytest.mark.parametrize("value", ["", "нет", "a@", "a@b@c", "x" * 300 + "@example.com"])
async def test_what_is_no_address_comes_back(shown: Cast, value: str) -> None:
    browser = Browser()
    await browser.open(f"/showcase/{shown.project.slug}")
    await browser.send(f"/showcase/{shown.project.slug}/follow", email=value)
    assert browser.page.status_code == 422
    assert await Message.count() == 0
    await browser.send(f"/showcase/{shown.project.slug}/follow", email=READER)
    assert len(await mails()) == 1


async def test_whoever_fills_in_the_trap_is_told_the_same(shown: Cast) -> None:
    browser = Browser()
    await browser.open(f"/showcase/{shown.project.slug}")
    await browser.send(f"/showcase/{shown.project.slug}/follow", email=READER, website="https://spam.example")
    assert "отправили письмо" in browser.page.text
    assert (await Message.count(), await Follower.count()) == (0, 0)


async def test_nothing_tells_whether_an_address_is_known(shown: Cast) -> None:
    async def answer(email: str) -> tuple[int, str, str]:
        page = await Browser().http.post(f"/showcase/{shown.project.slug}/follow", data={"email": email})
        return page.status_code, page.headers["location"], page.headers.get("set-cookie", "")

    await confirmed(shown)
    new = await answer("new@example.com")
    assert await answer(READER) == new  # follows already
    assert await answer(shown.captain.email) == new  # has an account
    for _time in range(5):  # more than the mailbox gets
        assert await answer(READER) == new
    assert len(await mails()) < 5


async def test_limits_of_an_address_and_of_a_page(shown: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(60):
        await ask(shown, f"reader{n}@example.com")
    with pytest.raises(TooOften):
        await ask(shown, "one-more@example.com")
    await ask(shown, "one-more@example.com", address="192.0.2.2")
    monkeypatch.setattr(following, "_OF_PAGE", ((1, timedelta(hours=1)),))
    with pytest.raises(TooOften):
        await ask(shown, "another@example.com", address="192.0.2.3")


async def test_an_address_that_nobody_confirms_is_erased(shown: Cast) -> None:
    await ask(shown)
    secret = await secret_of()
    with clock_at(now() + timedelta(days=7, minutes=1)):
        assert await confirm_following(secret) is None
        assert await forget_unconfirmed() == 1
        assert await forget_unconfirmed() == 0
        browser = Browser()
        await browser.open(f"/mail/follow/{secret}")
        assert browser.page.status_code == 404
        assert "больше не действует" in browser.page.text
    assert (await Follower.count(), await mails()) == (0, [])


async def test_news_go_once_a_day_gathered(shown: Cast) -> None:
    await told(shown, "Раньше")
    secret = await confirmed(shown)
    assert await tell_followers() == 0  # what was there before is no news
    await told(shown, "Первая")
    await run_once(PERIODIC)
    (mail,) = await mails()
    assert mail.subject == "«Тихий улей»: новое"
    assert "Первая\nСлова о том" in mail.body
    assert "Раньше" not in mail.body
    assert mail.unsubscribe == f"/mail/follow/{secret}"
    await told(shown, "Вторая")
    await told(shown, "Третья")
    assert await tell_followers() == 0
    with clock_at(now() + timedelta(hours=25)):
        assert await tell_followers() == 1
        assert await tell_followers() == 0
    last = (await mails())[-1]
    assert last.body.index("Третья") < last.body.index("Вторая")
    assert "Первая" not in last.body


async def test_mail_programs_find_the_way_out(shown: Cast) -> None:
    secret = await confirmed(shown)
    await told(shown, "Первая")
    await tell_followers()
    mail = message_from_bytes(as_email((await mails())[0], config.settings).as_bytes())
    assert mail["List-Unsubscribe"].endswith(f"/mail/follow/{secret}>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for _time in range(2):  # a program may ask twice
        answer = await Browser().http.post(f"/mail/follow/{secret}", data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert (await Follower.count(), await mails()) == (0, [])
    await told(shown, "Вторая")
    assert await tell_followers() == 0


async def test_a_gate_that_is_passed_in_public(shown: Cast) -> None:
    await confirmed(shown)
    submission = (await submissions_of(shown.project.id))[-1]
    await reviewed(shown, submission)
    decision = await decide(submission, "advance", reason="Дальше", by=shown.organiser)
    assert await tell_followers() == 0  # nobody knows of it yet
    await release(decision, by=shown.organiser)
    assert await tell_followers() == 1
    assert "пройден рубеж этапа «Идея»" in (await mails())[0].body
    with clock_at(now() + timedelta(days=2)):
        assert await tell_followers() == 0


async def test_what_is_taken_off_is_in_no_mail(shown: Cast) -> None:
    await confirmed(shown)
    gone = await told(shown, "Лишняя")
    await take_news_off(shown.project.id, gone, by=shown.captain)
    assert await tell_followers() == 0
    await told(shown, "Первая")
    await unpublish(shown.project, by=shown.captain)
    assert await tell_followers() == 0
    assert await Follower.count() == 1  # it may come back


async def test_with_an_account_by_one_press(shown: Cast) -> None:
    browser = await signed_in(shown.outsider)
    path = f"/showcase/{shown.project.slug}"
    await browser.open(path)
    assert 'name="email"' not in browser.page.text
    await browser.send(f"{path}/follow")
    (row,) = await Follower.objects()
    assert (row.person, row.email) == (shown.outsider.id, "")
    assert "Вы следите за этим проектом" in browser.page.text
    await told(shown, "Первая")
    assert await tell_followers() == 1
    assert len(await mails(shown.outsider.email)) == 1
    await browser.open("/following")
    await browser.send("/following", project=str(shown.project.id))
    assert await Follower.count() == 0
    await browser.open(path)
    await browser.send(f"{path}/follow")
    await browser.send(f"{path}/follow", end="1")
    assert await Follower.count() == 0


async def test_an_account_without_a_confirmed_address_gets_nothing(shown: Cast) -> None:
    publication = await published(shown.project.slug)
    assert publication
    await follow(publication, by=shown.outsider)
    await told(shown, "Первая")
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == shown.outsider.id)
    assert await tell_followers() == 0
    other = await Person.objects().get(Person.id == shown.outsider.id)
    assert other
    with pytest.raises(Refusal, match="подтвердите почту"):
        await follow(publication, by=other)


async def test_the_team_sees_a_number_and_the_journal_nothing(shown: Cast) -> None:
    before = await Event.count()
    await confirmed(shown)
    assert await Event.count() == before
    for member in (shown.captain, shown.teacher, shown.organiser):
        browser = await signed_in(member)
        await browser.open(f"/projects/{shown.project.id}/news")
        assert "следит 1 человек" in browser.page.text
        assert READER not in browser.page.text


async def test_it_goes_with_the_project_and_with_the_account(shown: Cast) -> None:
    publication = await published(shown.project.slug)
    assert publication
    await follow(publication, by=shown.outsider)
    await confirmed(shown)
    await Person.delete().where(Person.id == shown.outsider.id)
    assert await Follower.count() == 1
    await delete_project(shown.project, typed=shown.project.title, reason="Проба", by=shown.organiser)
    assert await Follower.count() == 0


async def test_one_link_shows_and_ends_everything(shown: Cast) -> None:
    secret = await confirmed(shown)
    browser = Browser()
    await browser.open(f"/mail/follow/{secret}")
    assert "Тихий улей" in browser.page.text
    await browser.send(f"/mail/follow/{secret}")
    assert "адрес стёрт" in browser.page.text
    assert await Follower.count() == 0


async def test_recalled_mails_of_several_days_are_told_anew_together(shown: Cast) -> None:
    """The mail server was away for a day; then something is taken off."""
    cast = shown
    await confirmed(cast)
    await told(cast, "первое")
    await tell_followers()
    with clock_at(now() + timedelta(hours=26)):
        last = await told(cast, "второе")
        await tell_followers()
        assert len(await mails()) == 2
        await take_news_off(cast.project.id, last, by=cast.captain)
        assert await mails() == []
        await tell_followers()
        (mail,) = await mails()
        assert "первое" in mail.body
        assert "второе" not in mail.body


@pytest.mark.parametrize("waits", ["a mail that says they follow already", "an older mail that was given up"])
async def test_what_was_delivered_is_not_told_twice(shown: Cast, waits: str) -> None:
    cast = shown
    await confirmed(cast)
    gone = await told(cast, "первое")
    await tell_followers()
    with clock_at(now() + timedelta(days=3)):
        if waits == "an older mail that was given up":
            await Message.update({Message.next_attempt_at: None, Message.error: "full"}, force=True)
            await told(cast, "второе")
            await tell_followers()
            await Message.update({Message.sent_at: now()}).where(Message.error == "")
        else:
            await Message.update({Message.sent_at: now()}, force=True)
            await ask(cast)
        await take_news_off(cast.project.id, gone, by=cast.captain)
    with clock_at(now() + timedelta(days=6)):
        assert await tell_followers() == 0
    assert waits != "a mail that says they follow already" or len(await mails()) == 2


async def test_of_two_that_are_merged_the_confirmed_one_stays(shown: Cast) -> None:
    secret = await confirmed(shown)
    other = await start("Второй", season=shown.season, by=shown.captain)
    await Follower(project=other.id, email=READER, secret="typed-by-somebody", asked_at=now(), locale="ru").save()
    await move_followers(shown.project.id, other.id)
    (row,) = await Follower.objects().where(Follower.email == READER)
    assert (row.project, row.secret, row.confirmed_at is not None) == (other.id, secret, True)
    again = await start("Третий", season=shown.season, by=shown.captain)
    await Follower(project=again.id, email=READER, secret="asked", asked_at=now(), locale="ru").save()
    await move_followers(again.id, other.id)
    assert [each["secret"] for each in await Follower.select(Follower.secret)] == [secret]


async def test_asking_again_gives_the_link_its_whole_time(shown: Cast) -> None:
    await ask(shown)
    await Follower.update({Follower.asked_at: now() - WAITS + timedelta(minutes=1)}).where(Follower.email == READER)
    with clock_at(now() + timedelta(seconds=30)):
        await ask(shown)
    with clock_at(now() + timedelta(days=1)):
        assert await confirm_following(await secret_of()) is not None
