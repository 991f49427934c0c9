"""A budget filled in on a telephone and at a desk: rows that come, move and go, a pasted range, a cut connection, two at once."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from incubator.db.engines import AnyEngine
from incubator.people.sessions import begin_session
from incubator.people.tables import Person
from incubator.programme.tables import Section
from incubator.projects.answers import answer_of
from incubator.projects.kinds.budget import KIND as BUDGET
from tests.cast import Cast, fresh, make_cast
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of

pytestmark = needs_chromium

PHONE = ViewportSize(width=390, height=844)
PASTED = "Доски\tматериалы\t10\t120,50\nСтанок\tоборудование\t1\t15 тыс.\nДорога\tдорога\t4\t300"


async def opened(browser: Browser, base: str, person: Person, path: str, **how: Any) -> Page:
    secret = await begin_session(await fresh(person), user_agent="")
    context = await browser.new_context(locale="ru-RU", service_workers="block", **how)
    await context.add_cookies([{"name": "session", "value": secret, "url": base}])
    page = await context.new_page()
    await page.goto(base + path)
    await page.wait_for_selector("html[data-ready]")
    return page


async def paste(cell: Locator, text: str) -> None:
    """Paste into a cell, as from a spreadsheet."""
    await cell.evaluate(
        """(cell, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


async def what_is_stored(cast: Cast) -> list[str]:
    answer = await answer_of(cast.project.id, "problem")
    return [row.get("what", "") for row in BUDGET.sheet(answer.text).rows] if answer else []


async def test_a_budget_on_a_telephone_and_at_a_desk(database: AnyEngine, tmp_path: Path) -> None:
    cast = await make_cast()
    await Section.update({Section.kind: "budget"}).where(Section.key == "problem")
    path = f"/projects/{cast.project.id}/answers/problem"
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            phone = await opened(browser, base, cast.captain, path, viewport=PHONE)
            rows, state, computed = (
                phone.locator("[data-row]"),
                phone.locator("[data-save-state]"),
                phone.locator("[data-computed]"),
            )
            await paste(rows.first.get_by_label("Что", exact=True), PASTED)
            await expect(rows).to_have_count(4)  # an empty one is always there
            await expect(computed).to_contain_text("Нужно 17\N{NO-BREAK SPACE}405\N{NO-BREAK SPACE}₽")
            assert await what_is_stored(cast) == ["Доски", "Станок", "Дорога"]
            await rows.nth(1).get_by_role("button", name="Выше").click()
            await rows.nth(2).get_by_role("button", name="Убрать строку").click()
            await expect(computed).to_contain_text("Нужно 16\N{NO-BREAK SPACE}205\N{NO-BREAK SPACE}₽")
            assert await what_is_stored(cast) == ["Станок", "Доски"]
            await assert_accessible(phone)

            # what was typed without a connection is offered after a reload, with its rows
            await phone.context.set_offline(True)
            await rows.nth(2).get_by_label("Что", exact=True).fill("Клей")
            await rows.nth(3).get_by_label("Что", exact=True).fill("Краска")
            await expect(state).to_contain_text("нет связи")
            await phone.close(run_before_unload=False)
            again = await phone.context.new_page()
            await phone.context.set_offline(False)
            came: list[str] = []
            again.on("request", lambda request: came.append(f"asked {request.url}"))
            again.on("requestfinished", lambda request: came.append(f"here {request.url}"))
            await again.goto(base + path)
            await again.get_by_role("button", name="Вернуть").click()
            order = [
                each.split("/")[-1].split(".")[0]
                for each in came
                if re.match(r"(here .*/rows|asked .*/autosave)", each)
            ]
            assert order[-2:] == ["rows", "autosave"], order  # there must be room for all rows before they come back
            await expect(again.locator("[data-save-state]")).to_contain_text("Сохранено")
            assert await what_is_stored(cast) == ["Станок", "Доски", "Клей", "Краска"]

            # two at once: both see the cells that differ, and one chooses
            desk = await opened(browser, base, cast.teammate, path)
            await again.locator("[data-row]").nth(2).get_by_label("Цена").fill("250")
            await expect(again.locator("[data-computed]")).to_contain_text("16\N{NO-BREAK SPACE}455")
            await desk.locator("[data-row]").nth(2).get_by_label("Цена").fill("300")
            conflict = desk.locator(".conflict")
            await expect(conflict).to_contain_text("Цена, ₽, строка 3")
            await assert_accessible(desk)
            await conflict.get_by_role("button", name="Оставить моё").click()
            await expect(desk.locator(".flash, [role=status]").first).to_be_visible()
            answer = await answer_of(cast.project.id, "problem")
            assert answer
            assert BUDGET.sheet(answer.text).rows[2]["price"] == "300"
