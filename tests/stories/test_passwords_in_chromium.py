"""Choosing a password in a real browser: pasting, showing it by keyboard, and without scripts."""

from pathlib import Path
from typing import Any

from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of

PASSWORD = "жираф рисует облако"

pytestmark = needs_chromium


async def test_a_password_is_pasted_and_shown_by_keyboard(sqlite: Any, tmp_path: Path) -> None:
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="ru-RU")
            await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base)
            page = await context.new_page()
            await page.goto(f"{base}/sign-up")
            field, button = page.get_by_label("Пароль"), page.get_by_role("button", name="Показать пароль")
            await button.wait_for(state="visible")
            await page.evaluate("text => navigator.clipboard.writeText(text)", PASSWORD)
            await field.focus()
            await page.keyboard.press("Control+V")
            assert await field.input_value() == PASSWORD
            assert await field.get_attribute("type") == "password"
            assert await field.get_attribute("autocomplete") == "new-password"
            await page.keyboard.press("Tab")
            await page.keyboard.press("Space")
            assert await field.get_attribute("type") == "text"
            assert await button.get_attribute("aria-pressed") == "true"
            await assert_accessible(page)
            await page.keyboard.press("Enter")
            assert await field.get_attribute("type") == "password"


async def test_without_scripts_there_is_no_button_that_does_nothing(sqlite: Any, tmp_path: Path) -> None:
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            context = await browser.new_context(java_script_enabled=False, locale="ru-RU")
            page = await context.new_page()
            await page.goto(f"{base}/sign-up")
            assert await page.locator("[data-show-password]").count() == 1
            assert not await page.locator("[data-show-password]").is_visible()
