"""Words and clicks in a real browser: impatient fingers, slow networks, sessions that end, computers that are shared."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from incubator.core import limits
from incubator.db.engines import AnyEngine
from incubator.people.hashing import hash_password
from incubator.people.sessions import begin_session
from incubator.people.tables import Person, Session
from incubator.projects.answers import answer_of
from incubator.projects.tables import Project
from incubator.reviews.tables import Post
from tests.cast import Cast, make_cast
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of

pytestmark = needs_chromium

PASSWORD = "синий чайник поёт"
WORDS = "Слова, которых жалко"
#: The field of a post. Where no script runs, the forms of a page are lent to one, and their fields have longer names.
POST = "textarea[name$=post]"


class Desk:
    """A server, a browser, and the cast."""

    def __init__(self, base: str, browser: Browser, cast: Cast) -> None:
        self.base, self.browser, self.cast = base, browser, cast
        self.here = f"{base}/projects/{cast.project.id}"

    async def page(self, person: Person | None = None, *, js: bool = True, width: int = 1280) -> Page:
        context = await self.browser.new_context(
            java_script_enabled=js, locale="ru-RU", viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(30_000)
        page = await context.new_page()
        if person:
            await self.sign_in(page, person)
        return page

    async def sign_in(self, page: Page, person: Person) -> None:
        """Begin another session in this browser, as another tab would."""
        secret = await begin_session(person, user_agent="test")
        await page.context.add_cookies([{"name": "session", "value": secret, "url": self.base}])


@pytest.fixture
async def desk(sqlite: AnyEngine, tmp_path: Path) -> AsyncIterator[Desk]:
    async with _desk(sqlite, tmp_path) as found:
        yield found


@asynccontextmanager
async def _desk(engine: AnyEngine, folder: Path) -> AsyncIterator[Desk]:
    cast = await make_cast()
    hashed = await hash_password(PASSWORD)
    for person in (cast.captain, cast.teammate):
        person.password = hashed
        await person.save([Person.password])
    with serving(address_of(engine), folder) as base:
        async with chromium() as browser:
            yield Desk(base, browser, cast)


#: Settles when something is kept.
_KEPT = """() => new Promise((done) => {
  const look = () => (localStorage.length ? done() : requestAnimationFrame(look));
  look();
})"""


#: The names of all that is kept, in either place.
_NAMES = """() => new Promise((done) => {
  const asked = indexedDB.open("drafts");
  asked.onupgradeneeded = () => asked.result.createObjectStore("drafts");
  asked.onsuccess = () => {
    const names = asked.result.transaction("drafts").objectStore("drafts").getAllKeys();
    names.onsuccess = () => done([...new Set([...Object.keys(localStorage), ...names.result])]);
  };
})"""


async def kept_in(page: Page) -> list[str]:
    """Return what this browser keeps once the page's scripts have run, which clear away what has been sent."""
    await expect(page.locator("html[data-ready]")).to_be_attached()
    return list(await page.evaluate(_NAMES))


def say(page: Page) -> Any:
    return page.get_by_role("button", name="Написать", exact=True)


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
async def test_a_double_click_is_one_post_one_idea_one_account(desk: Desk, js: bool) -> None:
    page = await desk.page(desk.cast.captain, js=js)
    await page.goto(f"{desk.here}/talk")
    await page.locator(POST).fill(WORDS)
    await say(page).dblclick(delay=20)
    await expect(page.locator("ol.posts > li")).to_have_count(1)
    assert await Post.count() == 1
    page = await desk.page(js=js)
    await page.goto(f"{desk.base}/start")
    await page.get_by_label("Адрес почты").fill("new@example.org")
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Начать писать").dblclick(delay=20)
    # Of two answers the browser drops the first, which ends a wait for a navigation with an error.
    await expect(page).to_have_url(re.compile(r"/projects/\d+$"))
    assert await Person.count().where(Person.email == "new@example.org") == 1
    assert await Project.count() == 2  # with the cast's


_PRESS_TWICE = """async () => {
  const form = document.querySelector("textarea[name$=post]").form;
  const [button] = form.querySelectorAll("button");
  form.requestSubmit(button);
  await new Promise((go) => setTimeout(go));
  const shown = [form.ariaBusy, "busy" in button.dataset, getComputedStyle(button, "::before").content];
  form.requestSubmit(button);
  return shown;
}"""


async def test_a_button_shows_that_it_works_and_rests_when_one_comes_back(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    await page.goto(f"{desk.here}/talk")
    posts = []
    page.on("request", lambda request: posts.append(request.method) if request.method == "POST" else None)
    await page.locator(POST).fill(WORDS)
    await page.wait_for_load_state("networkidle")
    assert await page.evaluate(_PRESS_TWICE) == ["true", True, '""']
    await expect(page.locator(POST)).to_have_value("")
    assert (posts, await Post.count()) == (["POST"], 1)
    await page.go_back()
    await expect(page.locator("[aria-busy]")).to_have_count(0)


async def test_what_was_typed_before_the_scripts_came_is_saved(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    held = asyncio.Event()

    async def late(route: Any) -> None:
        await held.wait()
        await route.continue_()

    await page.route("**/*.js", late)
    await page.goto(desk.here, wait_until="commit")
    await page.locator("#f-problem").fill(WORDS)
    held.set()
    await expect(page.locator("#s-problem [data-save-state]")).to_contain_text("Сохранено в")
    answer = await answer_of(desk.cast.project.id, "problem")
    assert answer
    assert answer.text == WORDS


async def test_without_scripts_saving_one_section_saves_what_stands_in_the_others(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain, js=False, width=390)
    await page.goto(f"{desk.here}#all")
    await page.locator("#f-problem").fill(WORDS)
    await page.locator("#f-audience").fill("Пасечники")
    await page.locator("#s-audience").get_by_role("button", name="Сохранить").click()
    await expect(page.locator("#f-problem")).to_have_value(WORDS)
    await expect(page.locator("#f-audience")).to_have_value("Пасечники")
    assert page.url == f"{desk.here}#s-audience"


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
async def test_a_phone_begins_with_the_list_of_sections(desk: Desk, js: bool) -> None:
    page = await desk.page(desk.cast.captain, js=js, width=390)
    await page.goto(desk.here)
    await expect(page.locator("#all")).to_be_hidden()
    await expect(page.locator(".document-contents .contents-line").first).to_be_in_viewport()
    await expect(page.locator(".document-foot .gate-pill")).to_be_in_viewport()
    if js:
        await expect(page.locator("html[data-ready]")).to_be_attached()
        await assert_accessible(page)
    await page.locator("#gate").get_by_role("link", name="Напишите раздел «Проблема»").click()
    await expect(page.locator("#f-problem")).to_be_in_viewport()
    assert page.url == (f"{desk.here}/answers/problem" if js else f"{desk.here}#s-problem")
    await page.goto(desk.here)
    await page.get_by_role("link", name="Весь документ на одной странице").click()
    await expect(page.locator("#f-pitch")).to_be_visible()


async def test_a_section_that_is_saved_by_its_button_stays_where_it_is(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    await page.goto(desk.here)
    await expect(page.locator("html[data-ready]")).to_be_attached()  # until then, the button sends the whole page
    await page.locator("#f-problem").fill(WORDS)
    await page.locator("#s-problem").get_by_role("button", name="Сохранить").click()
    await expect(page.locator("#s-problem [data-save-state]")).to_contain_text("Сохранено в")
    await expect(page.locator("#f-problem")).to_have_value(WORDS)
    assert page.url == desk.here


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
async def test_a_session_that_ends_while_typing_costs_no_word(desk: Desk, js: bool) -> None:
    page = await desk.page(desk.cast.captain, js=js, width=390)
    await page.goto(f"{desk.here}/talk")
    await page.locator(POST).fill(WORDS)
    await Session.delete(force=True)
    await say(page).click()
    await expect(page.locator("body")).to_contain_text("Ваш текст цел")
    assert WORDS not in await page.locator("main").inner_text()
    if js:
        await assert_accessible(page)
    await page.get_by_label("Почта или логин").fill("captain@example.org")
    await page.get_by_label("Пароль").fill(PASSWORD)
    await page.get_by_role("button", name="Войти", exact=True).click()
    await expect(page.locator(POST)).to_have_value(WORDS)
    if js:
        await assert_accessible(page)
        await expect(page).to_have_url(f"{desk.here}/talk")
    await say(page).click()
    await expect(page.locator(POST)).to_have_value("")
    assert [row["text"] for row in await Post.select(Post.text)] == [WORDS]
    if js:
        assert await kept_in(page) == []


async def test_autosave_goes_on_after_signing_in_in_another_tab(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    await page.goto(desk.here)
    await Session.delete(force=True)
    await page.locator("#f-problem").fill(WORDS)
    await expect(page.locator("#s-problem [data-save-state]")).to_contain_text("Войдите")
    await desk.sign_in(page, desk.cast.captain)
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(page.locator("#s-problem [data-save-state]")).to_contain_text("Сохранено в")
    answer = await answer_of(desk.cast.project.id, "problem")
    assert answer
    assert answer.text == WORDS


async def test_a_draft_is_offered_to_its_author_alone(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    talk = f"{desk.here}/talk"
    await page.goto(talk)
    await page.locator(POST).fill(WORDS)
    await page.evaluate(_KEPT)
    assert "captain" not in str(await kept_in(page))
    await page.goto(f"{desk.base}/privacy")
    await desk.sign_in(page, desk.cast.teammate)
    await page.goto(talk)
    await page.wait_for_load_state("networkidle")
    assert WORDS not in await page.locator("body").inner_text()
    await expect(page.get_by_role("button", name="Вернуть", exact=True)).to_have_count(0)
    await page.context.clear_cookies()
    await page.goto(talk)
    await expect(page.get_by_role("button", name="Вернуть", exact=True)).to_have_count(0)
    await desk.sign_in(page, desk.cast.captain)
    await page.goto(talk)
    await assert_accessible(page)
    await page.get_by_role("button", name="Вернуть", exact=True).click()
    await expect(page.locator(POST)).to_have_value(WORDS)
    await say(page).click()
    await expect(page.locator(POST)).to_have_value("")
    assert await kept_in(page) == []


async def test_a_draft_is_offered_although_somebody_else_has_changed_the_record(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    given = page.locator("[name$=given_name]:not([type=hidden])")
    await page.goto(f"{desk.base}/profile")
    await given.fill("Мария-Анна")
    await page.evaluate(_KEPT)
    await page.goto(f"{desk.base}/privacy")
    await Person.update({Person.family_name: "Кузнецова-Ли"}).where(Person.id == desk.cast.captain.id)
    await page.goto(f"{desk.base}/profile")
    await page.get_by_role("button", name="Вернуть", exact=True).click()
    await expect(given).to_have_value("Мария-Анна")
    await page.locator("form[action='/profile'] button:not([type=button])").last.click()
    await expect(page.get_by_text("Сохранено")).to_be_visible()
    row = await Person.objects().get(Person.id == desk.cast.captain.id)
    assert row
    assert (row.given_name, row.family_name) == ("Мария-Анна", "Кузнецова-Ли")


async def test_signing_out_asks_and_erases(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    await page.goto(f"{desk.here}/talk")
    await page.wait_for_selector("html[data-ready]")
    await page.locator(POST).fill(WORDS)
    sign_out = page.locator(".menu-wide").get_by_role("button", name="Выйти")
    await page.evaluate(_KEPT)
    await sign_out.click()
    await expect(page.locator("dialog[open]")).to_contain_text("Когда вы выйдете, он удалится")
    await page.locator("dialog[open]").get_by_role("button", name="Отмена").click()
    assert len(await kept_in(page)) == 1
    await sign_out.click()
    await page.locator("dialog[open]").get_by_role("button", name="Да").click()
    await expect(page).to_have_url(f"{desk.base}/")
    assert await page.evaluate(_NAMES) == []  # erased before it left: this page has no script
    assert await Session.count().where(Session.person == desk.cast.captain.id) == 0


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
async def test_going_back_after_signing_out_shows_nobody(desk: Desk, js: bool) -> None:
    page = await desk.page(desk.cast.captain, js=js)
    response = await page.goto(f"{desk.here}/team")
    assert response
    assert response.headers["cache-control"] == "no-store"
    await expect(page.locator("main")).to_contain_text("Кузнецова")
    await page.goto(f"{desk.base}/profile")
    await page.locator(".menu-wide").get_by_role("button", name="Выйти").click()
    await expect(page).to_have_url(f"{desk.base}/")
    for _step in range(2):
        await page.go_back()
        await page.wait_for_load_state()
        await expect(page.locator("body")).to_contain_text("Вход")
        assert "Кузнецова" not in await page.locator("body").inner_text()


async def test_what_is_too_large_stays_in_the_page_with_the_limit(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    await page.goto(f"{desk.here}/talk")
    long = "\n".join(["я" * 63] * (limits.BODY // 64))  # a line of half a million letters takes a browser ten seconds
    await page.locator(POST).evaluate("(area, text) => { area.value = text; }", long)
    await say(page).click()
    await expect(page.locator("[data-too-large]")).to_contain_text("512 КБ")
    await expect(page.locator(POST)).to_have_value(long)
    await expect(page.locator("[aria-busy]")).to_have_count(0)


async def test_what_is_too_large_comes_back_without_scripts_too(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain, js=False)
    await page.goto(f"{desk.here}/talk")
    long = "я" * (limits.BODY // 4)
    await page.locator(POST).fill(long)
    await say(page).click()
    await expect(page.locator("body")).to_contain_text("не больше 512 КБ")
    await expect(page.locator(POST)).to_have_value(long)


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
async def test_a_line_is_not_lost_by_the_button_of_another_form(desk: Desk, js: bool) -> None:
    page = await desk.page(desk.cast.organiser, js=js)
    await page.goto(f"{desk.base}/organiser/people")
    if js:  # before they come, the page sends all its forms together, as without them
        await expect(page.locator("html[data-ready]")).to_be_attached()
    address = page.get_by_label("Адрес почты")
    await address.fill("new@example.org")
    await page.get_by_label(f"Готов читать одновременно: {desk.cast.mentor.name}").fill("3")
    await page.get_by_role("button", name="Сохранить", exact=True).first.click()
    await expect(page.get_by_label(f"Готов читать одновременно: {desk.cast.mentor.name}")).to_have_value("3")
    if js:
        await page.get_by_role("button", name="Вернуть", exact=True).click()
    await expect(address).to_have_value("new@example.org")


async def test_a_page_whose_scripts_are_still_on_their_way_loses_no_line_either(desk: Desk) -> None:
    page = await desk.page(desk.cast.organiser)
    asked: list[Route] = []

    async def hold(route: Route) -> None:
        asked.append(route)  # it never comes

    await page.route("**/typed*.js", hold)
    await page.goto(f"{desk.base}/organiser/people", wait_until="domcontentloaded")
    address = page.get_by_label("Адрес почты")
    await address.fill("new@example.org")
    while not asked:
        await page.evaluate("new Promise(requestAnimationFrame)")
    mentor = page.get_by_label(f"Готов читать одновременно: {desk.cast.mentor.name}")
    await mentor.fill("3")
    await page.get_by_role("button", name="Сохранить", exact=True).first.click(no_wait_after=True)
    await expect(mentor).to_have_value("3")
    await expect(address).to_have_value("new@example.org")


async def test_no_password_is_kept_in_the_browser_even_if_it_is_shown(desk: Desk) -> None:
    page = await desk.page(desk.cast.captain)
    await page.goto(f"{desk.base}/profile")
    await expect(page.locator("html[data-ready]")).to_be_attached()
    await page.get_by_label("Имя", exact=True).fill("Марья")
    await page.evaluate(_KEPT)
    await page.goto(f"{desk.base}/profile/password")
    await expect(page.locator("html[data-ready]")).to_be_attached()
    password = page.get_by_label("Нынешний пароль")
    await page.get_by_role("button", name="Показать").first.click()
    await expect(password).to_have_attribute("type", "text")
    await password.press_sequentially("четыре слова")
    await page.evaluate(_KEPT)
    kept = await page.evaluate("JSON.stringify(localStorage)")
    assert "Марья" in kept
    assert "четыре" not in kept


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
async def test_enter_sends_what_was_typed(desk: Desk, js: bool) -> None:
    page = await desk.page(desk.cast.captain, js=js)
    await page.goto(f"{desk.base}/profile")
    name = page.get_by_label("Имя", exact=True)
    await name.fill("Марья")
    await name.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Сохранено")
    found = await Person.objects().get(Person.id == desk.cast.captain.id)
    assert found
    assert found.given_name == "Марья"


async def test_whoever_signs_out_sees_the_question(desk: Desk) -> None:
    """It stands above what they wrote, to which the page must not scroll."""
    page = await desk.page(desk.cast.captain, js=False, width=390)
    await page.goto(f"{desk.here}#all")
    await page.locator("#f-problem").fill(WORDS)
    await page.locator("details.menu summary").click()
    await page.locator("details.menu").get_by_role("button", name="Выйти").click()
    button = page.get_by_role("button", name="Выйти и не отправлять")
    await expect(button).to_be_in_viewport()
    await expect(button).to_be_focused()
    await button.click()
    await expect(page).to_have_url(f"{desk.base}/")
