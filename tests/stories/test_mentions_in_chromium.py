"""Calling somebody by "@" in a real browser: names are offered, chosen by keyboard, and without scripts listed."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from incubator.db.engines import AnyEngine
from incubator.reviews.tables import PostMention
from tests.cast import make_cast
from tests.chromium import chromium, needs_chromium, serving
from tests.engines import address_of
from tests.stories.test_in_chromium import Someone
from tests.stories.test_reviewing_in_chromium import sign_in

pytestmark = needs_chromium


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no-scripts"])
async def test_a_name_is_offered_or_listed(sqlite: AnyEngine, tmp_path: Path, js: bool) -> None:
    cast = await make_cast()
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            student = await Someone.at(browser, base, js=js)
            await sign_in(student, cast.captain)
            await student.open(f"/projects/{cast.project.id}/talk")
            await expect(student.page.locator(".mention").first).to_be_visible()
            field = student.page.locator("textarea[name$=post]")
            if js:
                await field.press_sequentially(f"Спасибо, @{cast.teammate.family_name[:3].lower()}")
                offered = student.page.get_by_role("option")
                await expect(offered).to_have_text([cast.teammate.name])
                await student.check()
                await field.press("Enter")
                await expect(field).to_have_value(f"Спасибо, @{cast.teammate.name} ")
                await expect(offered).to_have_count(0)
            else:
                await field.fill(f"Спасибо, @{cast.teammate.name}")
            await student.page.locator("form:has(textarea[name$=post]) button").click()
            await expect(student.page.locator(".posts .mention")).to_have_text(cast.teammate.name)
            assert student.errors == []
    assert [row.person for row in await PostMention.objects()] == [cast.teammate.id]


async def test_names_are_offered_to_whoever_typed_before_the_script_came(sqlite: AnyEngine, tmp_path: Path) -> None:
    cast = await make_cast()
    is_typed = asyncio.Event()

    async def late(route: Route) -> None:
        await is_typed.wait()
        await route.continue_()

    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            student = await Someone.at(browser, base, js=True)
            await sign_in(student, cast.captain)
            await student.page.route("**/js/mentions.*.js", late)
            await student.page.goto(f"{base}/projects/{cast.project.id}/talk", wait_until="commit")
            field = student.page.locator("textarea[name$=post]")
            await field.press_sequentially(f"@{cast.teammate.family_name[:3]}")
            is_typed.set()
            await expect(student.page.get_by_role("option")).to_have_text([cast.teammate.name])
