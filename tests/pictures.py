"""Generator of the README's pictures from the demo: ``python -m tests.pictures`` writes docs/pictures/."""

import asyncio
import base64
import tempfile
from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from incubator.config import ROOT
from tests.chromium import chromium, serving_demo

FOLDER = ROOT / "docs" / "pictures"

#: File name: words of the person of the demo who looks (empty: a visitor), and the page.
PICTURES = {
    "showcase.webp": ("", "/showcase"),
    "document.webp": ("«Хлебная закваска»", "/projects"),
}
_SIZE: ViewportSize = {"width": 1200, "height": 800}


async def take(browser: Browser, base: str, who: str, path: str) -> bytes:
    """Return a page as WebP, as seen by the person of the demo whom ``who`` describes; for a list of projects, its first project."""
    context = await browser.new_context(locale="en-GB", viewport=_SIZE, color_scheme="light")
    page = await context.new_page()
    await context.add_cookies([{"name": "lang", "value": "ru", "url": base}])
    if who:
        await page.goto(f"{base}/demo")
        await page.locator(".demo-part", has_text=who).first.get_by_role("button").click()
    await page.goto(f"{base}/language/en")
    await page.goto(base + path)
    if path == "/projects":
        await page.locator("main a[href^='/projects/']:not([href$='/new'])").first.click()
    await page.wait_for_load_state("networkidle")
    devtools = await context.new_cdp_session(page)
    await page.evaluate("document.querySelector('.demo-strip')?.remove()")
    shot = await devtools.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
    await context.close()
    return base64.b64decode(shot["data"])


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        FOLDER.mkdir(exist_ok=True)
        with serving_demo(data) as base:
            async with chromium() as browser:
                for name, (who, path) in PICTURES.items():
                    picture = await take(browser, base, who, path)
                    (FOLDER / name).write_bytes(picture)
                    print(f"{name}: {len(picture) // 1024} kB")


if __name__ == "__main__":
    asyncio.run(main())
