"""Guessing passwords gets slower and slower, and locks out nobody who knows theirs."""

from datetime import timedelta
from typing import Any

import pytest

from incubator.classroom.cards import use_card
from incubator.core.clock import clock_at, now
from incubator.core.networks import network_of
from incubator.core.refusals import Refusal, TooOften
from incubator.people import throttle
from incubator.people.accounts import authenticate, change_password, mail_reset_link, reset_password, sign_up
from incubator.people.known_devices import remember_device
from incubator.people.rate_limits import forget_attempts, key_of
from incubator.people.tables import Attempt, KnownDevice, Person, Throttle
from incubator.people.throttle import FREE, PAUSES, PER_ACCOUNT, PER_ADDRESS, pause_after
from tests.browser import Browser
from tests.stories.test_the_long_way import last_link

EMAIL, PASSWORD = "maria@example.org", "синий чайник поёт"
SCHOOL, HOME = "203.0.113.7", "198.51.100.20"


@pytest.fixture
async def maria(database: Any) -> Person:
    return await sign_up(EMAIL, PASSWORD, given_name="Мария")


async def wrong(times: int, *, email: str = EMAIL, address: str = SCHOOL, device: str = "") -> None:
    for _time in range(times):
        assert await authenticate(email, "guess guess", address=address, device=device) is None


def test_pauses_grow() -> None:
    assert [pause_after(n).total_seconds() for n in range(12)] == [0] * FREE + [30, 60, 120, 300, 900, 900, 900]


async def test_guessing_pauses_for_longer_each_time_even_with_the_right_password(maria: Person) -> None:
    await wrong(FREE)
    at = now()
    for pause in (*PAUSES, PAUSES[-1]):
        with clock_at(at + pause - timedelta(seconds=2)), pytest.raises(TooOften):
            await authenticate(EMAIL, PASSWORD, address=SCHOOL)
        at += pause + timedelta(seconds=2)
        with clock_at(at):
            await wrong(1)
    with clock_at(at + PAUSES[-1]):
        assert await authenticate(EMAIL, PASSWORD, address=SCHOOL)
    with clock_at(at + PAUSES[-1]):
        await wrong(FREE)  # the right one forgave all before it


async def test_whoever_guesses_elsewhere_does_not_lock_out_the_owner(maria: Person) -> None:
    await wrong(FREE, address=SCHOOL)
    with pytest.raises(TooOften):
        await authenticate(EMAIL, PASSWORD, address=SCHOOL)
    assert await authenticate(EMAIL, PASSWORD, address=HOME)


async def test_an_account_guessed_from_everywhere_stays_open_to_browsers_that_its_owner_used(maria: Person) -> None:
    device = await remember_device(maria, "")
    for n in range(PER_ACCOUNT):
        await wrong(1, address=f"192.0.2.{n}")
    with pytest.raises(TooOften, match="через 1 час"):
        await authenticate(EMAIL, PASSWORD, address=HOME)
    assert await authenticate(EMAIL, PASSWORD, address=HOME, device=device)
    with pytest.raises(TooOften):
        await authenticate(EMAIL, PASSWORD, address=HOME, device="a guessed device")


async def test_a_known_browser_is_slowed_down_as_well(maria: Person) -> None:
    device = await remember_device(maria, "")
    await wrong(FREE, device=device)
    with pytest.raises(TooOften):
        await authenticate(EMAIL, PASSWORD, address=HOME, device=device)


async def test_a_class_of_wrong_passwords_locks_no_school_out(maria: Person) -> None:
    for n in range(60):
        await wrong(3, email=f"pupil{n}@example.org")
    assert await authenticate(EMAIL, PASSWORD, address=SCHOOL)


async def test_one_address_guesses_only_so_many_passwords(maria: Person) -> None:
    at = now()
    key = key_of("sign-in-address", SCHOOL)
    await Attempt.insert(*(Attempt(key=key, at=at) for _n in range(PER_ADDRESS - 1)))
    with pytest.raises(TooOften):
        await wrong(2, email="somebody@example.org")
    assert await authenticate(EMAIL, PASSWORD, address=HOME)


async def test_right_passwords_use_up_nothing(maria: Person) -> None:
    for _time in range(PER_ACCOUNT + 5):
        assert await authenticate(EMAIL, PASSWORD, address=HOME)
    assert not await Attempt.exists().where(Attempt.key.like("sign-in%"))


async def test_a_new_password_by_mail_opens_the_account_again(maria: Person) -> None:
    for n in range(PER_ACCOUNT):
        await wrong(1, address=f"192.0.2.{n}")
    await mail_reset_link(EMAIL, address=HOME)
    await reset_password((await last_link(EMAIL)).rpartition("/")[2], "кит поёт басом")
    assert await authenticate(EMAIL, "кит поёт басом", address=HOME)


async def test_an_open_session_does_not_guess_the_password_either(maria: Person) -> None:
    for _time in range(FREE):
        with pytest.raises(Exception, match="не подошёл"):
            await change_password(maria, current="guess guess", new="кит поёт басом")
    with pytest.raises(TooOften):
        await change_password(maria, current=PASSWORD, new="кит поёт басом")


async def test_nothing_that_is_counted_names_anybody_or_stays(maria: Person) -> None:
    await wrong(2)
    rows = [*(await Attempt.select(Attempt.key)), *(await Throttle.select(Throttle.key))]
    assert rows
    assert not any(SCHOOL in row["key"] or "maria" in row["key"] for row in rows)
    with clock_at(now() + timedelta(days=1, minutes=1)):
        assert await forget_attempts() == len(rows)
        assert await forget_attempts() == 0


async def test_a_browser_is_known_after_signing_in_and_its_cookie_changes_each_time(maria: Person) -> None:
    browser = Browser()
    browser.http.cookies.set("device", "planted", domain="testserver.local")
    seen = []
    for _time in range(2):
        await browser.open("/sign-in")
        await browser.send("/sign-in", email=EMAIL, password=PASSWORD)
        cookies = [c for c in browser.http.cookies.jar if c.name == "device" and c.value != "planted"]
        seen.append(cookies[0].value)
        await browser.send("/sign-out")
    assert len(set(seen)) == 2
    assert await KnownDevice.count() == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_client_has_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_codes_of_cards_use_up_no_passwords_of_the_school(maria: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PER_ADDRESS", 12)
    for n in range(12):
        with pytest.raises(Refusal):
            await use_card(f"nobody{n}", "AAAAAAAAAAAA", "синий чайник поёт", address="192.0.2.7")
    with pytest.raises(TooOften, match="из этой сети"):
        await use_card("nobody", "AAAAAAAAAAAA", "синий чайник поёт", address="192.0.2.7")
    assert await authenticate(EMAIL, PASSWORD, address="192.0.2.7")
