"""Addresses that only a server with SMTPUTF8 can deliver to, asked of a real server."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from incubator import config
from incubator.config import load
from incubator.mail import reach
from incubator.mail.reach import Unreachable, require_reachable, takes_smtputf8
from incubator.people.address_change import ask_new_address, open_change
from incubator.people.tables import Person
from tests.browser import Browser
from tests.cast import Cast
from tests.mail.sent import post_office

MARIA = "мария@xn--80a1acny.xn--p1ai"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    reach._answers.clear()
    yield
    reach._answers.clear()


@pytest.mark.parametrize("smtputf8", [True, False])
async def test_the_server_is_asked_once(smtputf8: bool) -> None:
    with post_office(smtputf8=smtputf8) as (_box, url):
        assert await takes_smtputf8(replace(load(), smtp_url=url)) is smtputf8
    assert await takes_smtputf8(replace(load(), smtp_url=url)) is smtputf8  # it is gone, and its answer is known


async def test_an_address_out_of_reach_is_refused(sqlite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with post_office(smtputf8=False) as (_box, url):
        monkeypatch.setattr(config, "settings", replace(config.settings, smtp_url=url))
        browser = Browser()
        await browser.open("/sign-up")
        await browser.send("/sign-up", email="Мария@почта.рф", password="синий чайник поёт")
        assert browser.page.status_code == 422
        assert "На адрес мария@почта.рф наш почтовый сервер писать не умеет" in browser.text
        assert 'value="Мария@почта.рф"' in browser.text
        await browser.send("/sign-up", email="maria@почта.рф", password="синий чайник поёт")
        assert browser.page.status_code == 200
    assert [row["email"] for row in await Person.select(Person.email)] == ["maria@xn--80a1acny.xn--p1ai"]


async def test_what_can_be_written_to_is_taken() -> None:
    await require_reachable("maria@example.org", replace(load(), smtp_url="smtp://127.0.0.1:9"))
    await require_reachable(MARIA, replace(load(), smtp_url="smtp://127.0.0.1:9"))  # away: nothing is known
    await require_reachable(MARIA, replace(load(), smtp_url=""))
    with post_office(smtputf8=True) as (_box, url):
        await require_reachable(MARIA, replace(load(), smtp_url=url))
    with post_office(smtputf8=False) as (_box, url), pytest.raises(Unreachable):
        await require_reachable(MARIA, replace(load(), smtp_url=url))


async def test_nobody_moves_to_an_address_out_of_reach(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with post_office(smtputf8=False) as (_box, url):
        monkeypatch.setattr(config, "settings", replace(config.settings, smtp_url=url))
        with pytest.raises(Unreachable):
            await ask_new_address(cast.captain, MARIA, password="", address="")
    assert await open_change(cast.captain) is None
