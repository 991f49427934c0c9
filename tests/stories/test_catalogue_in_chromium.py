"""Filters of the catalogue apply at once where scripts run, and with one button where they do not."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from playwright.async_api import Page, Route, ViewportSize, expect

from incubator.db.engines import AnyEngine
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of
from tests.showcase.test_catalogue import TOLD, show

pytestmark = needs_chromium

PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
WHOLE = [row["title"] for row in reversed(TOLD)]


@asynccontextmanager
async def another_site(html: str) -> AsyncIterator[str]:
    """Serve one page from an origin that is not ours, and yield its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n" + html.encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def stands_as_high_as_it_is(page: Page) -> None:
    """Expect the frame to be as high as what is in it: nobody scrolls inside a frame."""
    await expect(page.locator("iframe")).not_to_have_css("height", "460px")
    body = page.frame_locator("iframe").locator("body")
    high = await body.evaluate("body => Math.ceil(body.getBoundingClientRect().height)", timeout=10_000)
    await expect(page.locator("iframe")).to_have_css("height", f"{high}px")


async def test_filters_apply_at_once(sqlite: AnyEngine, tmp_path: Path) -> None:
    await show(tmp_path, TOLD)
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            desk = await (await browser.new_context(viewport=DESK, locale="ru-RU")).new_page()
            await desk.goto(f"{base}/showcase?lang=ru")
            await tick_and_go_back(desk)
            await desk.goto(f"{base}/showcase")
            await an_older_answer_comes_last(desk)
            await one_request_fails(desk, base)

            await desk.set_content(
                f'<script src="{base}/embed.js" data-cluster="energy agro" data-q="тёплая плитка"></script>'
            )
            await expect(desk.locator("iframe")).to_have_attribute(
                "src", f"{base}/embed?cluster=agro&cluster=energy&q={quote_plus('тёплая плитка')}"
            )
            async with another_site(f'<main><script type="module" src="{base}/embed.js"></script></main>') as address:
                elsewhere = await browser.new_page()
                await elsewhere.goto(address)
                await stands_as_high_as_it_is(elsewhere)

            phone = await (await browser.new_context(viewport=PHONE, locale="ru-RU")).new_page()
            await phone.goto(f"{base}/showcase")
            await phone.get_by_text("Фильтры и сортировка").click()
            await phone.locator("summary", has_text="Район").click()
            await phone.get_by_label("Тосненский район").check()
            await cards(phone, ["Умная кормушка", "Тёплая плитка"])
            await assert_accessible(phone)
            await phone.get_by_role("button", name="Показать 2").click()
            await expect(phone.locator("#number")).to_be_in_viewport()
            await expect(phone.locator(".card").first).to_be_in_viewport(ratio=1)

            plain = await browser.new_context(viewport=PHONE, locale="ru-RU", java_script_enabled=False)
            page = await plain.new_page()
            await page.goto(f"{base}/showcase?stage=idea")
            await page.get_by_text("Фильтры и сортировка").click()
            await page.locator("summary", has_text="Кластер").click()
            await page.get_by_label("Энергетика").check()
            await page.get_by_label("Агропромышленный").check()
            await page.locator("summary", has_text="Район").click()
            await page.get_by_label("Тосненский район").check()
            await page.get_by_role("button", name="Показать", exact=True).click()
            await expect(page).to_have_url(f"{base}/showcase?cluster=agro&cluster=energy&municipality=tosno&stage=idea")
            await cards(page, ["Умная кормушка", "Тёплая плитка"])


async def cards(page: Page, titles: list[str]) -> None:
    await expect(page.locator("#results h3")).to_have_text(titles)


async def tick_and_go_back(page: Page) -> None:
    """Focus and scroll stay, the number is told, and the browser's arrows lead through what was chosen."""
    await page.locator("summary", has_text="Кластер").click()
    box, other = page.get_by_label("Энергетика"), page.get_by_label("Агропромышленный")
    await page.evaluate("scrollTo(0, 60)")
    await box.check()
    await cards(page, ["Тёплая плитка"])
    await expect(page.get_by_role("status")).to_contain_text("Нашёлся 1 проект")
    await expect(page).to_have_url(re.compile(r"/showcase\?cluster=energy&lang=ru$"))
    await expect(box).to_be_focused()
    assert await page.evaluate("scrollY") == 60
    await other.check()
    await cards(page, WHOLE)
    await assert_accessible(page)
    await page.locator("#chips").get_by_role("link", name="Энергетика").click()
    await cards(page, ["Умная кормушка", "Тихий улей"])
    await expect(box).not_to_be_checked()
    await expect(page.locator("#chips").get_by_role("link", name="Агропромышленный")).to_be_focused()
    await expect(page.locator("footer").get_by_role("link", name="English")).to_have_attribute(
        "href", re.compile("agro")
    )
    await page.go_back()
    await cards(page, WHOLE)
    await expect(box).to_be_checked()
    await page.go_back()
    await page.go_back()
    await cards(page, WHOLE)
    await expect(other).not_to_be_checked()
    await page.go_forward()
    await cards(page, ["Тёплая плитка"])
    await expect(box).to_be_checked()


async def an_older_answer_comes_last(page: Page) -> None:
    held = asyncio.Event()

    async def late(route: Route) -> None:
        await held.wait()
        await route.fallback()

    await page.route(re.compile(r"\?cluster=energy$"), late)
    await page.locator("summary", has_text="Кластер").click()
    await page.get_by_label("Энергетика").check()
    await expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    await page.get_by_label("Энергетика").uncheck()
    await page.get_by_label("Агропромышленный").check()
    await cards(page, ["Умная кормушка", "Тихий улей"])
    held.set()
    await page.unroute(re.compile(r"\?cluster=energy$"))
    await page.get_by_label("Порядок").select_option("graduated")
    await cards(page, [])
    await expect(page).to_have_url(re.compile(r"\?cluster=agro&sort=graduated$"))


async def one_request_fails(page: Page, base: str) -> None:
    """The browser goes there itself: it says what is wrong, and that can be tried again."""
    seen: list[Any] = []

    async def once(route: Route) -> None:
        seen.append(route.request.resource_type)
        await (route.abort() if len(seen) == 1 else route.continue_())

    await page.goto(f"{base}/showcase?stage=idea")
    await page.route("**/showcase", once)
    async with page.expect_event("load"):
        await page.locator("#stage-all").click()
    await cards(page, WHOLE)
    assert seen == ["fetch", "document"]
