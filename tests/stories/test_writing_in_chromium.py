"""Writing a section in a real browser: the buttons and keys of Markdown."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Route, expect

from incubator.db import writing as in_transaction
from incubator.db.engines import AnyEngine
from incubator.programme.stages import Stage
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.lifecycle import State
from incubator.projects.transition import put
from incubator.reviews.assignment.assign import assign
from tests.cast import Cast, fill_sections, fresh_project, make_cast, submitted
from tests.chromium import chromium, needs_chromium, serving
from tests.engines import address_of
from tests.stories.test_in_chromium import Someone
from tests.stories.test_reviewing_in_chromium import sign_in

pytestmark = needs_chromium

#: A page asks what others write every few seconds. In milliseconds.
ASKS_AGAIN = 60_000

SELECT = "(area, [start, end]) => { area.focus(); area.setSelectionRange(start, end ?? start); }"


@asynccontextmanager
async def writing(engine: AnyEngine, data: Path) -> AsyncIterator[tuple[Cast, Someone, Locator]]:
    """Yield the captain at the text of the problem, which nobody has written yet."""
    cast = await make_cast()
    with serving(address_of(engine), data) as base:
        async with chromium() as browser:
            captain = await Someone.at(browser, base, js=True)
            await sign_in(captain, cast.captain)
            await captain.open(f"/projects/{cast.project.id}/answers/problem")
            await captain.page.wait_for_selector("html[data-ready]")
            yield cast, captain, captain.page.locator("#f-problem")
            assert captain.errors == []


async def selected(text: Locator) -> str:
    return str(
        await text.evaluate("({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd)")
    )


async def test_buttons_write_what_one_could_type_and_undo_takes_it_back(sqlite: AnyEngine, tmp_path: Path) -> None:
    async with writing(sqlite, tmp_path) as (cast, captain, text):
        bar = captain.page.get_by_role("toolbar")
        await text.fill("Рои гибнут зимой. Почему?")
        await text.evaluate(SELECT, [4, 11])  # with the blank behind it
        await bar.get_by_role("button", name="Жирный").click()
        await expect(text).to_have_value("Рои **гибнут** зимой. Почему?")
        assert await selected(text) == "гибнут"
        await text.press("Control+i")
        await expect(text).to_have_value("Рои ***гибнут*** зимой. Почему?")
        await text.press("Control+b")
        await expect(text).to_have_value("Рои *гибнут* зимой. Почему?")
        await text.press("Control+i")
        await expect(text).to_have_value("Рои гибнут зимой. Почему?")
        await text.press("Control+z")
        await expect(text).to_have_value("Рои *гибнут* зимой. Почему?")
        await captain.check()
        await expect(captain.page.locator("[data-save-state]").first).to_contain_text("Сохранено")
        answer = await answer_of(cast.project.id, "problem")
        assert answer
        assert answer.text == "Рои *гибнут* зимой. Почему?"


async def test_a_list_goes_on_with_enter_and_ends_with_an_empty_item(sqlite: AnyEngine, tmp_path: Path) -> None:
    async with writing(sqlite, tmp_path) as (_cast, captain, text):
        bar = captain.page.get_by_role("toolbar")
        await text.fill("Причины:\nжара\nсырость")
        await text.evaluate(SELECT, [10, 23])
        await bar.get_by_role("button", name="Список").click()
        await expect(text).to_have_value("Причины:\n\n- жара\n- сырость")
        await text.press("End")
        await text.press("Enter")
        await text.press_sequentially("голод")
        await expect(text).to_have_value("Причины:\n\n- жара\n- сырость\n- голод")
        await text.press("Enter")
        await text.press("Enter")
        await expect(text).to_have_value("Причины:\n\n- жара\n- сырость\n- голод\n")
        await text.fill("1. жара")
        await text.press("Enter")
        await expect(text).to_have_value("1. жара\n2. ")
        await text.fill("- жара")
        await text.press("Control+Shift+Digit8")
        await expect(text).to_have_value("жара")


async def test_a_link_and_a_table_leave_selected_what_is_still_to_be_written(sqlite: AnyEngine, tmp_path: Path) -> None:
    async with writing(sqlite, tmp_path) as (_cast, captain, text):
        await text.fill("Смотрите отчёт")
        await text.evaluate(SELECT, [9, 14])
        await text.press("Control+k")
        await expect(text).to_have_value("Смотрите [отчёт](https://)")
        assert await selected(text) == "https://"
        await text.fill("www.example.org/a")
        await text.evaluate(SELECT, [0, 17])
        await text.press("Control+k")
        await expect(text).to_have_value("[текст ссылки](https://www.example.org/a)")
        assert await selected(text) == "текст ссылки"
        await text.fill("Вот:")
        bar = captain.page.get_by_role("toolbar")
        await bar.get_by_role("button", name="Жирный").focus()
        for _step in range(4):
            await captain.page.keyboard.press("ArrowRight")
        await captain.page.keyboard.press("Enter")
        await expect(text).to_have_value("Вот:\n\n| Столбец 1 | Столбец 2 |\n|---|---|\n|  |  |\n|  |  |\n")
        assert await selected(text) == "Столбец 1"
        await captain.page.get_by_role("button", name="Предпросмотр").click()
        await expect(captain.page.locator(".preview table th")).to_have_text(["Столбец 1", "Столбец 2"])


async def test_two_writers_see_each_other_and_what_was_saved_comes_by_itself(
    database: AnyEngine, tmp_path: Path
) -> None:
    async with writing(database, tmp_path) as (cast, captain, text):
        browser = captain.context.browser
        assert browser
        mate = await Someone.at(browser, captain.base, js=True, width=1280)
        await sign_in(mate, cast.teammate)
        await mate.open(f"/projects/{cast.project.id}")
        theirs = mate.page.locator("#f-problem")
        await captain.page.reload()
        await text.press_sequentially("Рои гибнут")
        await expect(theirs).to_have_value("Рои гибнут", timeout=ASKS_AGAIN)
        await expect(mate.page.locator("#s-problem [data-others]")).to_have_text(f"{cast.captain.name} пишет здесь")
        await expect(mate.page.locator("[data-changes-url]")).to_contain_text(f"{cast.captain.name} – Проблема")
        await expect(mate.page.locator("#s-problem [data-counter]")).to_have_text("10")
        await mate.check()
        await theirs.press("Control+End")
        await theirs.press_sequentially(" зимой")  # on top of what came, without asking anybody
        await theirs.blur()
        await expect(mate.page.locator("#s-problem [data-save-state]")).to_contain_text("Сохранено")
        await text.blur()
        await expect(text).to_have_value("Рои гибнут зимой", timeout=ASKS_AGAIN)
        await expect(captain.page.locator("[data-others]")).to_have_text(f"{cast.teammate.name} пишет здесь")
        assert mate.errors == []
        answer = await answer_of(cast.project.id, "problem")
        assert answer
        assert (answer.text, answer.changed_by) == ("Рои гибнут зимой", cast.teammate.id)


async def test_what_comes_does_not_take_the_place_of_what_is_being_typed(sqlite: AnyEngine, tmp_path: Path) -> None:
    async with writing(sqlite, tmp_path) as (cast, captain, text):
        await captain.page.route("**/answers/problem", lambda route: route.abort())  # no connection for saves alone
        await text.press_sequentially("Моё")
        await save_answer(cast.project, "problem", "Их", version=0, by=cast.teammate)
        others = captain.page.locator("[data-others]")
        await expect(others).to_have_text(f"{cast.teammate.name} пишет здесь", timeout=ASKS_AGAIN)
        await expect(text).to_have_value("Моё")
        await captain.page.unroute("**/answers/problem")
        assert {each for each in captain.errors if "ERR_FAILED" not in each} == set()
        captain.errors.clear()
        await text.press_sequentially("!")
        await expect(captain.page.locator("[data-conflict] textarea").first).to_have_value(re.compile("Моё!"))
        assert {each for each in captain.errors if "409" not in each} == set()
        captain.errors.clear()


async def test_what_is_typed_while_a_conflict_is_on_its_way_is_chosen_from(sqlite: AnyEngine, tmp_path: Path) -> None:
    async with writing(sqlite, tmp_path) as (cast, captain, text):
        sent, may_go = asyncio.Event(), asyncio.Event()

        async def held(route: Route) -> None:
            sent.set()
            await may_go.wait()
            await route.continue_()

        await captain.page.route("**/answers/problem", held)
        await text.press_sequentially("Моё начало")
        await sent.wait()
        await save_answer(cast.project, "problem", "Их текст", version=0, by=cast.teammate)
        await text.press_sequentially(" и ещё три слова")
        may_go.set()
        mine = captain.page.locator("#mine-problem")
        await expect(mine).to_have_value("Моё начало и ещё три слова")
        await captain.page.keyboard.type(" в конце")  # nobody looks where they are while they type
        await expect(captain.page.locator("[data-conflict] textarea").first).to_have_value(
            re.compile("три слова в конце$")
        )
        assert {each for each in captain.errors if "409" not in each} == set()
        captain.errors.clear()


async def test_a_document_that_closes_says_so_and_keeps_the_words_to_copy(sqlite: AnyEngine, tmp_path: Path) -> None:
    async with writing(sqlite, tmp_path) as (cast, captain, text):
        state = captain.page.locator("[data-save-state]").first
        await text.press_sequentially("Первое")
        await expect(state).to_contain_text("Сохранено в")
        async with in_transaction():
            await put(await fresh_project(cast.project), State.STOPPED, stage=Stage.IDEA, round=1)
        await text.press_sequentially(" второе")
        await expect(state).to_contain_text("Не сохранено.")
        await text.press_sequentially(" третье")
        for path in ("/answers/problem", ""):
            await captain.page.goto(f"{captain.base}/projects/{cast.project.id}{path}")
            await expect(captain.page.locator(".kept-text")).to_have_value("Первое второе третье")
        await captain.page.get_by_role("button", name="Больше не нужны").click()
        await captain.page.reload()
        await captain.page.wait_for_selector("html[data-ready]")
        await expect(captain.page.locator("[data-leftovers]")).to_be_hidden()
        assert {each for each in captain.errors if "409" not in each} == set()
        captain.errors.clear()


#: How far each button of a form that saves by itself moves when the page says that it saves, and that it has saved.
MOVES = """(unit) => {
  const state = unit.querySelector("[data-save-state]");
  const buttons = [...unit.querySelectorAll("button")].filter((button) => button.offsetParent);
  const places = () => buttons.map((button) => button.getBoundingClientRect());
  unit.scrollIntoView({ block: "end" });
  state.textContent = "";
  const before = places();
  return ["textSaving", "textSaved"].flatMap((key) => {
    state.textContent = unit.dataset[key].replace("{time}", "14:05");
    return places().map(({ x, y }, n) => Math.hypot(x - before[n].x, y - before[n].y));
  });
}"""


@pytest.mark.parametrize("width", [360, 1280])
async def test_no_button_moves_under_the_thumb_while_the_page_saves(
    sqlite: AnyEngine, tmp_path: Path, width: int
) -> None:
    """Pressing it is what makes a page save: a click ends where it began, or it is none."""
    cast = await make_cast()
    await fill_sections(cast)
    document = f"/projects/{cast.project.id}"
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            captain = await Someone.at(browser, base, js=True, width=width)
            await sign_in(captain, cast.captain)
            await _assert_nothing_moves(captain, f"{document}#all")
            await _assert_nothing_moves(captain, f"{document}/answers/problem")
            assignment = await assign(await submitted(cast), cast.mentor, by=cast.organiser)
            mentor = await Someone.at(browser, base, js=True, width=width)
            await sign_in(mentor, cast.mentor)
            await _assert_nothing_moves(mentor, f"/reviews/{assignment.id}")


async def _assert_nothing_moves(someone: Someone, path: str) -> None:
    await someone.open(path)
    await someone.ready()
    units = await someone.page.query_selector_all("[data-autosave]")
    assert units
    for unit in units:
        assert max(await unit.evaluate(MOVES)) <= 1, path
