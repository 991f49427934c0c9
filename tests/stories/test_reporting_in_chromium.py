"""Reporting a page and hiding it, in a real browser, on a telephone, with scripts and without."""

from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize, expect

from incubator.db.engines import AnyEngine
from incubator.people.proof import Opened
from incubator.people.sessions import begin_session
from incubator.publication.publish import ask_publication, publish
from tests.cast import fresh, fresh_project, make_cast, submitted
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of

pytestmark = needs_chromium

PHONE = ViewportSize(width=390, height=844)


@pytest.mark.parametrize("has_scripts", [True, False])
async def test_a_mother_reports_a_page_and_an_organiser_hides_it(
    database: AnyEngine, tmp_path: Path, has_scripts: bool
) -> None:
    cast = await make_cast()
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    slug = (await fresh_project(cast.project)).slug
    secret = await begin_session(await fresh(cast.organiser), user_agent="", opened=Opened.FACTOR)
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            context = await browser.new_context(viewport=PHONE, locale="ru-RU", java_script_enabled=has_scripts)
            page = await context.new_page()
            await page.goto(f"{base}/showcase/{slug}")
            await page.get_by_role("link", name="Сообщить о странице").click()
            await _report(page, has_scripts=has_scripts)

            office = await browser.new_context(viewport=PHONE, locale="ru-RU", java_script_enabled=has_scripts)
            await office.add_cookies([{"name": "session", "value": secret, "url": base}])
            desk = await office.new_page()
            await desk.goto(f"{base}/organiser/reports")
            await desk.get_by_role("link", name="Виден человек").click()
            await expect(desk.locator("main")).to_contain_text("На картинке моя дочь")
            if has_scripts:
                await assert_accessible(desk)
            await desk.get_by_role("button", name="Скрыть страницу сейчас").click()
            await expect(desk.locator("main")).to_contain_text("не видна никому")
            assert (await page.goto(f"{base}/showcase/{slug}")).status == 404  # type: ignore[union-attr]
            await desk.get_by_label("Ваш ответ").fill("Спасибо, картинки больше нет.")
            await desk.get_by_role("button", name="Ответить и закрыть").click()
            await expect(desk.locator("main")).to_contain_text("отвечено")
            if has_scripts:
                await assert_accessible(desk)


async def _report(page: Page, *, has_scripts: bool) -> None:
    await page.get_by_role("button", name="Отправить").click()
    await expect(page.locator(".notice-danger")).to_contain_text("Выберите один из вариантов")
    if has_scripts:
        await assert_accessible(page)
    await page.get_by_text("Виден человек, которого там быть не должно").click()
    await page.get_by_label("Где это").select_option(label="На картинке")
    await page.get_by_label("Своими словами").fill("На картинке моя дочь")
    await page.get_by_label("Ваша почта, если нужен ответ").fill("mother@example.com")
    await page.get_by_role("button", name="Отправить").click()
    await expect(page.locator("main")).to_contain_text("Спасибо. Организаторы посмотрят")
