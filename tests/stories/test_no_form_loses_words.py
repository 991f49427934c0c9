"""Every page on which one may type: without scripts, no button of it loses what was typed into another form."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from incubator.http.refill import _Page
from incubator.people.tables import Session
from incubator.projects.tables import Answer, Project
from incubator.publication.withdrawals import remove_member
from incubator.reviews.assignment.assign import assign
from incubator.reviews.tables import Away, Mentor, Post, Review
from tests.browser import HOST, Browser, signed_in
from tests.cast import Cast, in_days, send, submitted
from tests.stories.test_nothing_typed_is_lost import PASSWORD, PEOPLE, _with_password
from tests.test_permissions import ROUTES, WHO, scene, stage

__all__ = ["scene", "stage"]  # fixtures

#: Forms that are not lent, as a password is sent by its own button alone: each has a page of its own.
ALONE = {"/profile/password", "/profile/address", "/profile/merging", "/card"}
_TEXTS = {"text", "email", "tel", "url", "number", "date", "search"}
_PAGES = sorted(path for method, path in ROUTES if method == "GET" and not path.startswith("/api"))


class _Forms(HTMLParser):
    """The forms of a page that are sent by POST: whether there is a text in them, and the fields that are not lent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: dict[str, int] = {}
        self.alone: dict[str, str] = {}
        self.names: Counter[str] = Counter()
        """In how many forms each name of a text is."""
        self._seen: set[str] = set()
        self._form: str | None = None
        self._is_main = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self._form = a["action"] if a.get("method") == "post" else None
            self._seen = set()
            self._is_main = a.get("id") == "together" or "data-together" in a
        elif self._form and tag in {"textarea", "input", "select", "button"} and a.get("name") != "csrf":
            name = a.get("name") or ""
            if name and (tag == "textarea" or (tag == "input" and a.get("type", "text") in _TEXTS)):
                self.texts[self._form] = self.texts.get(self._form, 0) + 1
                self.names[name] += name not in self._seen
                self._seen.add(name)
            if not (self._is_main or "form" in a or a.get("type") == "button"):
                self.alone[self._form] = self.get_starttag_text() or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


@pytest.mark.parametrize("path", _PAGES)
async def test_every_form_beside_a_text_is_lent(stage: tuple[Cast, dict[str, Any]], path: str) -> None:
    cast, values = stage
    for who in WHO[1:]:
        browser = await signed_in(getattr(cast, who))
        answer = await browser.open(path.format(**values))
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        forms = _Forms(answer.text)
        if forms.texts.keys() & ALONE:
            assert len(forms.texts) == 1, (who, browser.path, forms.texts)
        elif forms.texts:
            assert not forms.alone, (who, browser.path, forms.alone)
        assert not [name for name, number in forms.names.items() if number > 1], (who, browser.path)


def _lent(browser: Browser, action: str) -> str:
    """Return the page's form to ``action``, as it is written."""
    found = re.search(rf'<form\b[^>]*action="{action}".*?</form>', browser.page.text, re.DOTALL)
    assert found
    return found[0]


def _together(browser: Browser) -> str:
    """Return where the form goes to which all others are lent."""
    found = re.search(r'<form id="together"[^>]*action="([^"]+)"', browser.page.text)
    assert found
    return found[1]


async def press(
    browser: Browser, pressed: str, typed: dict[str, dict[str, str]], main: str = "", unticked: str = ""
) -> None:
    """Send what a browser without scripts sends: all forms, the texts typed into some, one button; or Enter, if none.

    ``unticked``: the name of boxes, in their own form, that are not ticked any more.
    """
    main = main or _together(browser)
    given = {}
    for action, texts in typed.items():
        for own, value in texts.items():
            name = re.search(rf'name="([0-9a-f]{{8}}[.-]{own})" data-own', _lent(browser, action))
            given[name[1] if name else own] = value
    button = re.search(r' name="then" value="([^"]+)"', _lent(browser, pressed)) if pressed else None
    assert button or not pressed
    values = [(name, value) for name, value in browser.form(main) if name not in given]
    values = [(name, value) for name, value in values if not unticked or name.partition("-")[2] != unticked]
    then = [("then", unescape(button[1]))] if button else []
    await browser.post(main, [*values, *given.items(), *then])


async def test_a_reason_is_not_lost_by_the_button_of_another(cast: Cast) -> None:
    office, page = await signed_in(cast.organiser), f"/projects/{cast.project.id}/office"
    await office.open(page)
    merger = {"into": "999999", "merge_reason": "Одна и та же работа"}
    await press(office, f"{page}/merger", {f"{page}/merger": merger, f"{page}/deletion": {"delete_reason": "Проба"}})
    assert office.page.status_code == 422
    assert ("delete_reason", "Проба") in office.form(f"{page}/deletion")
    assert ("merge_reason", "Одна и та же работа") in office.form(f"{page}/merger")
    assert await Project.exists().where(Project.id == cast.project.id)


async def _capacity(cast: Cast) -> int:
    row = await Mentor.objects().get(Mentor.person == cast.mentor.id)
    assert row
    return row.capacity


async def test_enter_sends_the_only_form_that_was_typed_into(cast: Cast) -> None:
    """Without this, Enter would press the first button of the page, whoever's it is."""
    office = await signed_in(cast.organiser)
    await office.open("/organiser/people")
    one, other = (f"/organiser/people/{person.id}/capacity" for person in (cast.mentor, cast.idle_mentor))
    await press(office, "", {one: {"capacity": "3"}})
    assert await _capacity(cast) == 3
    assert office.path == "/organiser/people"
    await press(office, "", {one: {"capacity": "4"}, other: {"capacity": "6"}})
    assert await _capacity(cast) == 3
    assert ("capacity", "4") in office.form(one)
    assert ("capacity", "6") in office.form(other)
    assert "ещё не отправлены" in office.text


async def test_whoever_signs_out_is_asked_first(cast: Cast) -> None:
    browser, page = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    await browser.open(page)
    main = f"{page}/answers"
    await press(browser, "/sign-out", {main: {"text-problem": "Рои улетают"}}, main)
    assert "Вы ещё не вышли" in browser.text
    assert ("text-problem", "Рои улетают") in browser.form(main)
    assert not await Answer.exists().where(Answer.text == "Рои улетают")
    await browser.send("/sign-out")  # its first button stands in the notice, and sends nothing else
    assert browser.path == "/"
    await browser.open(page)
    assert browser.path == "/sign-in"


async def test_signing_out_asks_nothing_where_nothing_was_typed(cast: Cast) -> None:
    page = f"/projects/{cast.project.id}"
    for place, main in ((f"{page}/talk", ""), (page, f"{page}/answers")):
        browser = await signed_in(cast.captain)
        await browser.open(place)
        await press(browser, "/sign-out", {}, main)
        assert browser.path == "/"
        await browser.open(page)
        assert browser.path == "/sign-in"


async def test_a_choice_is_not_lost_by_signing_out(cast: Cast) -> None:
    submission = await submitted(cast)
    office, page = await signed_in(cast.organiser), f"/organiser/submissions/{submission.id}"
    await office.open(page)
    await press(office, "/sign-out", {f"{page}/decision": {"outcome": "return"}})
    assert "Вы ещё не вышли" in office.text
    assert ("outcome", "return") in office.form(f"{page}/decision")


async def _offer(cast: Cast) -> Browser:
    browser = await signed_in(cast.mentor)
    await browser.open("/desk/offer")
    assert ("languages", "ru") in browser.form("/desk/offer")
    return browser


async def test_a_box_that_was_unticked_is_not_lost_by_signing_out(cast: Cast) -> None:
    browser = await _offer(cast)
    await press(browser, "/sign-out", {}, unticked="languages")
    assert "Вы ещё не вышли" in browser.text
    assert ("languages", "ru") not in browser.form("/desk/offer")


async def test_a_box_that_was_unticked_is_not_lost_by_another_button(cast: Cast) -> None:
    days = {"starts_on": in_days(20).isoformat(), "ends_on": in_days(21).isoformat()}
    browser = await _offer(cast)
    await press(browser, "/desk/offer/away", {"/desk/offer/away": days}, unticked="languages")
    assert await Away.count() == 1
    assert ("languages", "ru") not in browser.form("/desk/offer")
    assert "ещё не отправлены" in browser.text
    browser = await _offer(cast)
    await press(browser, "", {"/desk/offer/away": {"starts_on": "", "ends_on": days["ends_on"]}}, unticked="languages")
    assert await Away.count() == 1
    assert ("languages", "ru") not in browser.form("/desk/offer")


async def test_a_box_that_is_unticked_where_it_is_sent_is_only_sent(cast: Cast) -> None:
    browser = await _offer(cast)
    await press(browser, "/desk/offer", {"/desk/offer": {"capacity": "3"}}, unticked="languages")
    assert "ещё не отправлены" not in browser.text
    assert browser.page.status_code == 422  # there must be one
    assert ("languages", "ru") not in browser.form("/desk/offer")


async def test_a_line_that_was_emptied_is_not_lost_by_another_button(cast: Cast) -> None:
    browser = await _offer(cast)
    days = {"starts_on": in_days(20).isoformat(), "ends_on": in_days(21).isoformat()}
    await press(browser, "/desk/offer/away", {"/desk/offer/away": days, "/desk/offer": {"season_capacity": ""}})
    assert await Away.count() == 1
    assert ("season_capacity", "") in browser.form("/desk/offer")
    assert "ещё не отправлены" in browser.text


async def test_whoever_is_signed_out_already_need_not_sign_in_to_leave(cast: Cast) -> None:
    page = f"/projects/{cast.project.id}"
    for place, main in ((f"{page}/talk", ""), (page, f"{page}/answers")):
        browser = await signed_in(cast.captain)
        await browser.open(place)
        await Session.delete(force=True)
        await press(browser, "/sign-out", {}, main)
        assert browser.path == "/"


async def test_no_password_is_lent(cast: Cast) -> None:
    await _with_password(cast.captain)
    browser = await signed_in(cast.captain)
    for page in ALONE:
        await browser.open(page)
        assert browser.has_form(page)
        assert not _buttons(browser)


async def _pages(cast: Cast, values: dict[str, Any], path: str) -> AsyncIterator[tuple[str, Browser, str]]:
    """Yield whoever may open the page, in a browser that shows it."""
    for who in PEOPLE:
        browser, place = await signed_in(getattr(cast, who)), path.format(**values)
        answer = await browser.open(place)
        if browser.path == place and answer.status_code == 200 and "html" in answer.headers.get("content-type", ""):
            yield who, browser, place


@pytest.mark.parametrize("path", _PAGES)
async def test_every_button_keeps_what_was_typed_into_other_forms(
    stage: tuple[Cast, dict[str, Any]], path: str
) -> None:
    """Types into every form, presses every button, and looks for each word in the answer."""
    cast, values = stage
    async for who, browser, place in _pages(cast, values, path):
        buttons = len(_buttons(browser))
        for number in range(buttons):
            await browser.open(place)
            if browser.path != place or number >= len(_buttons(browser)):
                break
            button = _buttons(browser)[number]
            words = {
                name: f"Слово {n}"
                for n, name in enumerate(_words_of(browser))
                if not name.startswith(button.split()[0])
            }
            main = _main(browser)
            body = [(name, value) for name, value in browser.form(main) if name not in words]
            answer = await browser.post(main, [*body, *words.items(), ("then", button)])
            assert answer.status_code < 500
            if answer.headers.get("content-disposition", "").startswith("attachment"):
                continue  # a file is saved, and the page stays as it is
            lost = [word for word in words.values() if word not in browser.text]
            assert not lost, (who, place, button, lost)
            if "/sign-out" in button and not words:
                break


def _main(browser: Browser) -> str:
    found = re.search(r'<form id="together"[^>]*action="([^"]+)"', browser.page.text)
    forms = _Page(browser.page.text).forms.values()
    return found[1] if found else next(form.action for form in forms if "data-together" in form.attributes)


def _buttons(browser: Browser) -> list[str]:
    return [unescape(value) for value in re.findall(r' name="then" value="([^"]+)"', browser.page.text)]


def _words_of(browser: Browser) -> list[str]:
    """Return the names of the fields for words that are lent."""
    fields = re.findall(r"<(?:textarea|input)\b[^>]*>", browser.page.text)
    lent = [re.search(r' name="([0-9a-f]{8}[.-][^"]+)"', field) for field in fields if _is_for_words(field)]
    return list(dict.fromkeys(unescape(name[1]) for name in lent if name))


def _is_for_words(field: str) -> bool:
    kind = re.search(r' type="(\w+)"', field)
    return " readonly" not in field and (not kind or kind[1] == "text")


async def test_all_texts_of_a_page_come_back_after_signing_in(cast: Cast) -> None:
    await _with_password(cast.captain)
    browser, page = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    await browser.open(f"{page}/talk")
    typed = {f"{page}/talk": {"post": "Кто едет в субботу?"}, f"{page}/conflicts": {"reason": "Моя тётя"}}
    await Session.delete(force=True)
    await press(browser, f"{page}/talk", typed)
    assert browser.page.status_code == 401
    await browser.send("/sign-in", email=cast.captain.email, password=PASSWORD)
    assert ("post", "Кто едет в субботу?") in browser.form(f"{page}/talk")
    assert ("reason", "Моя тётя") in browser.form(f"{page}/conflicts")


async def test_nobody_else_is_shown_what_was_typed(cast: Cast) -> None:
    """A school's computer: another tab belongs to somebody else now."""
    browser, page = await signed_in(cast.captain), f"/projects/{cast.project.id}/talk"
    await browser.open(page)
    shown = browser.page
    other = await signed_in(cast.teammate)
    browser.http.cookies = other.http.cookies
    for pressed in (page, f"/projects/{cast.project.id}/conflicts", "/sign-out"):
        browser.page = shown
        await press(browser, pressed, {page: {"post": "Моя тайна"}, page[:-4] + "conflicts": {"reason": "Моя тётя"}})
        assert browser.page.status_code == 403
        assert not re.search("тайна|тётя", browser.text)
    assert not await Post.exists()


async def test_leaving_twice_is_leaving(cast: Cast) -> None:
    """Two tabs: the second has a page of a session that the first has ended, and the browser has no cookie of it any more."""
    browser, page = await signed_in(cast.captain), f"/projects/{cast.project.id}/talk"
    await browser.open(page)
    shown = browser.page
    for _tab in range(2):
        browser.page = shown
        await press(browser, "/sign-out", {})
        assert browser.path == "/"


async def test_a_sent_review_changes_by_its_own_button_alone(cast: Cast) -> None:
    """The organiser sees it at once: half a sentence must not go there with a post."""
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    review = await send(assignment, submission, cast.mentor)
    browser, page = await signed_in(cast.mentor), f"/reviews/{assignment.id}"
    await browser.open(page)
    typed = {page: {"advice": "Посчитайте ещё", "recommendation": "stop"}, f"{page}/posts": {"post": "Кто ещё читал?"}}
    await press(browser, f"{page}/posts", typed, page)
    assert await Post.count() == 1
    stored = await Review.objects().get(Review.id == review.id)
    assert stored
    assert (stored.advice, stored.recommendation) == (review.advice, review.recommendation)
    assert "ещё не отправлены" in browser.text
    assert ("advice", "Посчитайте ещё") in browser.form(page)
    await browser.send(page)
    assert "организатор видит их сразу" in browser.text
    stored = await Review.objects().get(Review.id == review.id)
    assert stored
    assert (stored.advice, stored.recommendation) == ("Посчитайте ещё", "stop")


@pytest.mark.parametrize("who", PEOPLE)
async def test_nobody_is_told_of_words_that_nobody_wrote(stage: tuple[Cast, dict[str, Any]], who: str) -> None:
    """Presses signing out on every page as it was opened."""
    cast, values = stage
    browser = await signed_in(getattr(cast, who))
    for path in _PAGES:
        answer = await browser.open(path.format(**values))
        if answer.status_code != 200 or "html" not in answer.headers["content-type"] or not _buttons(browser):
            continue
        await press(browser, "/sign-out", {}, _main(browser))
        assert browser.path == "/", path
        browser = await signed_in(getattr(cast, who))


async def test_a_session_begun_in_another_tab_costs_no_form_a_word(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await send(assignment, submission, cast.mentor)
    project, review = f"/projects/{cast.project.id}", f"/reviews/{assignment.id}"
    for person, page, main, to, place, typed in (
        (cast.captain, f"{project}/talk", "", f"{project}/talk", f"{project}/conflicts", ("reason", "Моя тётя")),
        (cast.mentor, review, review, f"{review}/posts", review, ("advice", "Посчитайте ещё")),
    ):
        browser = await signed_in(person)
        await browser.open(page)
        browser.http.cookies = (await signed_in(person)).http.cookies
        await press(browser, to, {to: {"post": "Кто едет?"}, place: dict([typed])}, main)
        assert browser.page.status_code == 403
        assert not await Post.exists()
        assert ("post", "Кто едет?") in browser.form(to)
        assert typed in browser.form(place)


async def test_words_without_a_form_are_shown_with_a_way_back_that_is_a_page(cast: Cast) -> None:
    """The page with the form was the answer to another form, and its reader is in the team no more."""
    await _with_password(cast.teammate)
    browser, page = await signed_in(cast.teammate), f"/projects/{cast.project.id}"
    await browser.open(f"{page}/talk")
    await press(browser, f"{page}/conflicts", {f"{page}/conflicts": {"reason": "Моя тётя"}})
    assert browser.page.status_code == 422
    browser.page = await browser.http.post(f"{page}/conflicts", data={"csrf": browser.csrf()}, headers={"origin": HOST})
    assert (browser.page.status_code, browser.path) == (422, f"{page}/conflicts")
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    await Session.delete(force=True)
    await press(browser, f"{page}/talk", {f"{page}/talk": {"post": "Кто едет в субботу на пасеку?"}})
    await browser.send("/sign-in", email=cast.teammate.email, password=PASSWORD)
    assert "Кто едет в субботу на пасеку?" in browser.text
    back = re.search(r'class="btn" href="([^"]+)">\s*Вернуться', browser.page.text)
    assert back
    assert (await browser.open(back[1])).status_code == 200
