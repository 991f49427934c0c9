"""Signing in with an account of another site, in a real browser, against a real server and a real provider."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from incubator.db.engines import AnyEngine
from incubator.people.tables import Identity, Person
from tests.cast import make_cast
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of
from tests.identity_provider import IdentityProvider, identity_provider

pytestmark = needs_chromium


@pytest.mark.parametrize("has_scripts", [True, False])
async def test_an_idea_is_begun_with_an_account_that_one_has_elsewhere(
    database: AnyEngine, tmp_path: Path, has_scripts: bool
) -> None:
    await make_cast()
    with identity_provider() as provider:
        provider.users["nina"] = {
            "sub": "nina",
            "email": "nina@example.org",
            "email_verified": True,
            "given_name": "Нина",
        }
        with serving(address_of(database), tmp_path, provider.environment()) as base:
            async with chromium() as browser:
                context = await browser.new_context(
                    viewport={"width": 390, "height": 844}, locale="ru-RU", java_script_enabled=has_scripts
                )
                page = await context.new_page()
                await _begin(page, base, provider)
                if has_scripts:
                    await assert_accessible(page)
                await page.get_by_role("button", name="Начать писать").click()
                await expect(page.get_by_role("heading", level=1)).to_contain_text("Умная теплица")
                await page.goto(f"{base}/profile")
                await expect(page.locator("#ways-in")).to_contain_text("nina@example.org")
                if has_scripts:
                    await assert_accessible(page)
                await page.get_by_role("link", name="Привязать или отвязать").click()
                await page.get_by_role("button", name="Отвязать").click()
                await expect(page.locator(".flash, .notice").first).to_contain_text("Это единственный вход")
                if has_scripts:
                    await assert_accessible(page)
                await _come_again_in_english(page, base, has_scripts=has_scripts)
    person = await Person.objects().get(Person.email == "nina@example.org")
    assert person
    assert await Identity.count().where(Identity.person == person.id) == 1


async def _begin(page: Page, base: str, provider: IdentityProvider) -> None:
    await page.goto(f"{base}/start")
    await page.get_by_label("Как назовём идею?").fill("Умная теплица")
    await page.get_by_role("button", name="Войти через «Школа»").click()
    await page.wait_for_url(f"{provider.address}/**")
    await page.get_by_role("button", name="nina").click()
    await expect(page.locator("#f-title")).to_have_value("Умная теплица")


async def _come_again_in_english(page: Page, base: str, *, has_scripts: bool) -> None:
    await page.context.clear_cookies()
    await page.goto(f"{base}/language/en?back=/sign-in")
    if has_scripts:
        await assert_accessible(page)
    await page.get_by_role("button", name="Sign in with “School”").click()
    await page.get_by_role("button", name="nina").click()
    await page.wait_for_url(f"{base}/projects")
