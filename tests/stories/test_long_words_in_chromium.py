"""Words as long as an address or a slip of the keyboard: no page is wider than a phone because of them."""

from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize

from incubator.db.engines import AnyEngine
from tests.chromium import chromium, needs_chromium, serving
from tests.engines import address_of
from tests.showcase.test_catalogue import show

pytestmark = needs_chromium

WORD = "Электроэнергосберегательноавтоматизированный" * 2
ROWS = [
    {
        "id": "long",
        "title": WORD[:100],
        "pitch": f"Датчик {WORD}",
        "cluster": "agro",
        "stage": "idea",
        "team_name": WORD[:80],
    },
    {"id": "hive", "title": "Тихий улей", "pitch": "Датчик", "cluster": "agro", "stage": "idea"},
]
#: Replaces what people may have written on a page, wherever it stands: names, titles, remarks, cells.
LENGTHEN = """word => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const fixed = walker.currentNode.parentElement.closest("button, nav, script, svg, label, .btn, .badge, .chip");
    if (!fixed && walker.currentNode.data.trim().length > 12) walker.currentNode.data = word;
  }
}"""


async def is_as_wide_as_its_screen(page: Page, path: str, width: int) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [390, 1280])
async def test_no_page_is_wider_than_its_screen(sqlite: AnyEngine, tmp_path: Path, width: int) -> None:
    await show(tmp_path, ROWS)
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            page = await browser.new_page(viewport=ViewportSize(width=width, height=844), locale="ru-RU")
            await page.goto(f"{base}/showcase")
            long = await page.locator(".card a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
            for path in (
                "/showcase",
                *long,
                *(f"{each}/poster" for each in long),
                "/",
                "/showcase/map",
                "/criteria",
                "/about",
                "/help",
            ):
                await page.goto(base + path)
                await is_as_wide_as_its_screen(page, path, width)
                await page.evaluate(LENGTHEN, WORD)
                await is_as_wide_as_its_screen(page, path, width)
