"""A page that answers a form has the address of that form, which nothing can read: whatever leads back leads above it."""

import re
import sys
from typing import Any
from urllib.parse import quote

import pytest

from incubator.core.refusals import Refusal
from incubator.gates.submit import submit
from incubator.people.tables import Session
from tests.browser import HOST, Browser, signed_in
from tests.cast import Cast, fresh_project, make_ready
from tests.test_permissions import FILLED, ROUTES, WHO, set_scene

#: Addresses that take a form and nothing else.
WITHOUT_PAGE = sorted(path for method, path in ROUTES if method == "POST" and ("GET", path) not in ROUTES)


class _Refusing:
    """Refuses whatever is about to be written."""

    def get(self) -> Any:
        return self._refuse

    async def _refuse(self) -> None:
        raise Refusal("Сейчас нельзя")


async def _sender(cast: Cast, path: str) -> Browser:
    letters = ROUTES["POST", path]
    who = WHO[letters.index("o")] if "o" in letters else "captain"
    browser = Browser() if who == "visitor" else await signed_in(getattr(cast, who))
    await browser.open("/privacy" if who != "visitor" else "/sign-in")
    return browser


async def test_a_refusal_on_the_answer_to_a_form_leads_to_a_page(sqlite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every such form, sent from the page that it has answered before, and again from the page that follows."""
    scene = await set_scene()
    senders = {path: await _sender(scene[0], path) for path in WITHOUT_PAGE}
    monkeypatch.setattr(sys.modules["incubator.db.writing"], "at_first", _Refusing())
    refused = 0
    for path, browser in senders.items():
        address = path.format(**scene[1])
        body = {**FILLED, "csrf": browser.csrf()}
        for _time in range(2):
            answer = await browser.post(address, body, headers={"referer": f"{HOST}{address}"})
            assert answer.status_code not in {405, 500}, (path, answer.url)
            refused += "Сейчас нельзя" in answer.text
    assert refused > len(WITHOUT_PAGE)


async def test_signing_in_leads_to_the_page_of_the_form(cast: Cast) -> None:
    browser = await signed_in(cast.organiser)
    await browser.open("/projects/1/office")
    await Session.delete().where(Session.person == cast.organiser.id)
    to = "/projects/1/office/withdrawal"
    answer = await browser.post(to, {"csrf": browser.csrf()}, headers={"referer": HOST + to}, follow=False)
    assert answer.headers["location"] == f"/sign-in?next={quote('/projects/1/office', safe='')}"


async def test_the_other_language_is_that_of_the_page_of_the_form(cast: Cast) -> None:
    browser = await signed_in(cast.organiser)
    await browser.open("/projects/1/office")
    await browser.send("/projects/1/office/withdrawal")
    assert browser.page.status_code == 422
    link = next(part for part in browser.text.split('"') if part.startswith("/language/en"))
    await browser.open(link)
    assert (browser.path, browser.page.status_code) == ("/projects/1/office", 200)
    await browser.open("/language/en?back=/nothing")
    assert browser.path == "/nothing"


async def test_what_is_only_given_back_leads_to_its_page(cast: Cast) -> None:
    """Enter on a page that was the answer to a comment that said nothing."""
    browser = await signed_in(cast.teacher)
    await browser.open("/projects/1")
    main = "/projects/1/comments?with=all"
    answer = await browser.post(main, browser.form(main), headers={"referer": f"{HOST}/projects/1/comments"})
    assert (browser.path, answer.status_code) == ("/projects/1", 200)


@pytest.mark.parametrize("words", ["", "Рои"])
async def test_a_lent_form_that_is_refused_leads_to_its_page(cast: Cast, words: str) -> None:
    """It was handed in from another tab, and the page was the answer to a conflict."""
    await make_ready(cast)
    browser = await signed_in(cast.captain)
    await browser.open("/projects/1")
    main, to = "/projects/1/answers", "/projects/1/submission"
    body = [*browser.form(main), *([("text-problem", words)] if words else [])]
    pressed = next(v for v in re.findall(r'name="then" value="([^"]+)"', browser.text) if f" {to} " in v)
    await submit(await fresh_project(cast.project), by=cast.captain)
    answer = await browser.post(main, [*body, ("then", pressed)], headers={"referer": HOST + main})
    assert (browser.path, answer.status_code) == ("/projects/1", 200)
