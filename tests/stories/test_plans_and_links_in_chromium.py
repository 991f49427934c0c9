"""A plan pasted from a spreadsheet, the level of readiness and links, on a telephone: drawn, accessible, and silent towards other sites."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import expect

from incubator.db.engines import AnyEngine
from incubator.programme.tables import Section
from incubator.projects.answers import answer_of
from incubator.projects.kinds.plan import KIND as PLAN
from tests.cast import make_cast
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of
from tests.stories.test_sheets_in_chromium import PHONE, opened

pytestmark = needs_chromium

PASTED = "Собрать макет\t5.05.2026\t20.05.2026\tКира\tготово\nЯрмарка\t\t2026-07-04\t\tвпереди"


async def test_a_plan_a_level_and_links_on_a_telephone(database: AnyEngine, tmp_path: Path) -> None:
    cast = await make_cast()
    for key, kind in (("problem", "plan"), ("solution", "readiness"), ("alternatives", "links")):
        await Section.update({Section.kind: kind}).where(Section.key == key)
    page = f"/projects/{cast.project.id}/answers"
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            plan = await opened(browser, base, cast.captain, f"{page}/problem", viewport=PHONE, color_scheme="dark")
            await (
                plan.locator("[data-row]")
                .first.get_by_label("Задача", exact=True)
                .evaluate(
                    """(cell, text) => {
                    const data = new DataTransfer();
                    data.setData("text/plain", text);
                    cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
                }""",
                    PASTED,
                )
            )
            await expect(plan.locator("[data-computed]")).to_contain_text("2 задачи до 4 июля 2026")
            await expect(plan.locator(".gantt li")).to_have_count(2)
            answer = await answer_of(cast.project.id, "problem")
            assert answer
            assert [(row.get("starts"), row["ends"], row["state"]) for row in PLAN.sheet(answer.text).rows] == [
                ("2026-05-05", "2026-05-20", "done"),
                (None, "2026-07-04", "ahead"),
            ]
            await assert_accessible(plan)

            level = await opened(browser, base, cast.captain, f"{page}/solution", viewport=PHONE)
            await level.get_by_label("Уровень", exact=True).select_option("4")
            await expect(level.locator(".outcome-said")).to_contain_text("Уровень 4 из 9: Макет работает на столе")
            await level.get_by_text("Что значат девять уровней").click()
            await assert_accessible(level)

            links = await opened(browser, base, cast.captain, f"{page}/alternatives", viewport=PHONE)
            asked: list[str] = []
            links.on("request", lambda request: asked.append(request.url))
            row = links.locator("[data-row]").first
            await row.get_by_label("Название", exact=True).fill("Как поднимается тесто")
            await row.get_by_label("Ссылка", exact=True).fill("https://сайт.рф/видео")
            card = links.get_by_role("link", name="Как поднимается тесто")
            await expect(card).to_have_attribute("rel", "noopener nofollow ugc")
            await expect(links.locator(".link-cards")).to_contain_text("сайт.рф (xn--80aswg.xn--p1ai)")
            await links.reload()
            await assert_accessible(links)
            assert {urlsplit(url).netloc for url in asked} == {urlsplit(base).netloc}
