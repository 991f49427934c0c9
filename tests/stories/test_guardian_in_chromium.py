"""A father asked by mail reads and answers on a telephone without scripts; the teacher's pages pass the rules for everybody."""

from pathlib import Path

from playwright.async_api import Page, ViewportSize, expect

from incubator.db.engines import AnyEngine
from incubator.people.proof import Opened
from incubator.people.sessions import begin_session
from tests.cast import fresh, make_cast
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of
from tests.privacy.guardians import FATHER, SIGNED, asked, links_allowed

pytestmark = needs_chromium

PHONE = ViewportSize(width=390, height=844)


async def test_a_father_answers_on_a_telephone_without_scripts(database: AnyEngine, tmp_path: Path) -> None:
    cast = await make_cast()
    await links_allowed(cast)
    path = await asked(cast.captain, by=cast.teacher, email=FATHER, relation="father")
    secret = await begin_session(await fresh(cast.teacher), user_agent="", opened=Opened.FACTOR)
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            context = await browser.new_context(viewport=PHONE, locale="ru-RU")
            page = await context.new_page()
            await page.goto(base + path)
            await expect(page.locator("input:checked")).to_have_count(0)
            await page.get_by_role("button", name="Подписать ответ").click()
            await expect(page.locator(".notice-danger")).to_contain_text("молчание согласием не считается")
            await assert_accessible(page)

            plain = await browser.new_context(viewport=PHONE, locale="ru-RU", java_script_enabled=False)
            page = await plain.new_page()
            await page.goto(base + path)
            await _answer(page)
            await expect(page.locator("main")).to_contain_text("ждёт «да» участника")

            desk = await browser.new_context(viewport=PHONE, locale="ru-RU")
            await desk.add_cookies([{"name": "session", "value": secret, "url": base}])
            teacher = await desk.new_page()
            await teacher.goto(f"{base}/consents")
            await assert_accessible(teacher)
            await teacher.get_by_role("link", name="Ссылка родителю").filter(has_text="Мария Кузнецова").click()
            await expect(teacher.locator("#sent")).to_contain_text("ответ получен")
            await assert_accessible(teacher)


async def _answer(page: Page) -> None:
    for document, answer in (
        ("participation", "Да, даю согласие"),
        ("public_name", "Да, даю согласие"),
        ("photo", "Нет"),
    ):
        await page.locator(f"#f-{document}").get_by_text(answer, exact=True).click()
    await page.get_by_label("использовать для рекламы").first.check()
    await page.get_by_label("Ваши фамилия, имя, отчество").fill(SIGNED["name"])
    await page.get_by_label("Адрес, телефон или почта для связи").fill(SIGNED["contact"])
    await page.get_by_label("Я мать, отец или другой законный представитель").check()
    await page.get_by_role("button", name="Подписать ответ").click()
    await expect(page.locator("main")).to_contain_text("Ответ записан")
