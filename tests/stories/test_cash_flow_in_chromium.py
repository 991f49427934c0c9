"""A cash flow on a telephone and at a desk: months that differ, what may go worse, and a table that stays where it was scrolled to."""

from pathlib import Path

from playwright.async_api import expect

from incubator.db.engines import AnyEngine
from incubator.programme.tables import Section
from tests.cast import make_cast, rewrite
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of
from tests.projects.kinds.test_across import budget, canvas
from tests.stories.test_sheets_in_chromium import PHONE, opened, paste

pytestmark = needs_chromium


async def test_a_reader_switches_what_may_go_worse_and_stays_where_they_are(
    database: AnyEngine, tmp_path: Path
) -> None:
    cast = await make_cast()
    await Section.update({Section.kind: "cash_flow"}).where(Section.key == "problem")
    path = f"/projects/{cast.project.id}/answers/problem"
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            page = await opened(browser, base, cast.captain, path, viewport=PHONE, color_scheme="dark")
            computed = page.locator("[data-computed]")
            await page.get_by_label("Цена одного").fill("100")
            await page.get_by_label("Продадите в первый месяц").fill("10")
            await page.get_by_label("Расходы в месяц").fill("900")
            await expect(computed).to_contain_text("Денег хватает")
            views = computed.locator(".switch-view")
            await views.nth(2).locator("summary").click()
            await expect(views.nth(2)).to_contain_text("не хватает")
            await expect(views.nth(0).locator(".chart")).to_be_hidden()  # one at a time
            table = computed.locator(".table-wrap:has(.months)")
            await table.evaluate("each => { each.scrollLeft = 200 }")
            await page.get_by_text("Продажи по месяцам, если они разные").click()
            await page.get_by_label("2-й месяц", exact=True).fill("0")
            await expect(computed.locator(".outcome-said")).to_contain_text("не хватает")
            assert await table.evaluate("each => each.scrollLeft") == 200
            await expect(views.nth(2).locator(".chart")).to_be_visible()
            await expect(page.locator(".cell-advice")).to_contain_text(
                "не хватает"
            )  # at the cell of the money that is there
            await page.get_by_label("Свои деньги").fill("5000")
            await expect(page.locator(".cell-advice")).to_have_count(0)
            await assert_accessible(page)

            # a row of a spreadsheet fills the months from the one in which it is pasted, a column as well
            await paste(page.get_by_label("1-й месяц", exact=True), "10\t12\t1 500")
            await paste(page.get_by_label("4-й месяц", exact=True), "7\r\n8\r\n")
            await expect(page.get_by_label("3-й месяц", exact=True)).to_have_value("1 500")
            sold = computed.locator(".months tbody tr").first.locator("td")
            await expect(sold.nth(5)).to_have_text("8")
            assert (await sold.all_inner_texts())[1:6] == ["10", "12", "1\N{NO-BREAK SPACE}500", "7", "8"]

            desk = await browser.new_context(
                java_script_enabled=False, storage_state=await page.context.storage_state()
            )
            still = await desk.new_page()
            await still.goto(base + path)
            views = still.locator(".switch-view")
            await expect(views.nth(0).locator(".chart")).to_be_visible()
            await views.nth(3).locator("summary").click()
            await expect(views.nth(3).locator(".chart")).to_be_visible()
            await expect(views.nth(0).locator(".chart")).to_be_hidden()


async def test_what_the_budget_does_not_know_goes_from_the_canvas_as_it_is_written(
    database: AnyEngine, tmp_path: Path
) -> None:
    cast = await make_cast()
    await Section.update({Section.kind: "canvas"}).where(Section.key == "problem")
    await Section.update({Section.kind: "budget"}).where(Section.key == "solution")
    await rewrite(cast, "problem", canvas("клей, дорога"))
    await rewrite(cast, "solution", budget("Клей"))
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            page = await opened(browser, base, cast.captain, f"/projects/{cast.project.id}")
            advice = page.locator("#s-problem .cell-advice")
            await expect(advice).to_have_text("в смете нет того, что здесь названо: «дорога»")
            await page.locator("#s-problem").get_by_label("Расходы").fill("клей, свет")
            await expect(advice).to_have_text("в смете нет того, что здесь названо: «свет»")
            await page.locator("#s-problem").get_by_label("Расходы").fill("клей")
            await expect(advice).to_have_count(0)
            await assert_accessible(page)
