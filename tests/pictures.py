"""Generator of the README's pictures from the demo: ``python -m tests.pictures`` writes docs/pictures/."""

import asyncio
import base64
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from incubator.config import ROOT
from tests.chromium import chromium, serving

FOLDER = ROOT / "docs" / "pictures"

#: File name: the person of the demo who looks (empty: a visitor), and the page.
PICTURES = {
    "showcase.webp": ("", "/showcase"),
    "document.webp": ("a student whose submission was returned", "/projects"),
}
_SIZE: ViewportSize = {"width": 1200, "height": 800}


def told_demo(data: Path) -> dict[str, str]:
    """Create the demo in ``data``; return the path of the sign-in link by person."""
    command = [sys.executable, "-m", "incubator", "demo", "--no-serve", "--data", str(data)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "DATABASE_URL": ""})
    return dict(re.findall(r"^  (\S.*?)\s+http://[^/]+(/sign-in/\S+)$", told.stdout, re.MULTILINE))


async def take(browser: Browser, base: str, link: str, path: str) -> bytes:
    """Return a page as WebP, as seen by the person of the sign-in ``link``; for a list of projects, its first project."""
    context = await browser.new_context(locale="en-GB", viewport=_SIZE, color_scheme="light")
    page = await context.new_page()
    if link:
        await page.goto(base + link)
        await page.locator("main form button").first.click()
    await page.goto(f"{base}/language/en")
    await page.goto(base + path)
    if path == "/projects":
        await page.locator("main a[href^='/projects/']:not([href$='/new'])").first.click()
    await page.wait_for_load_state("networkidle")
    devtools = await context.new_cdp_session(page)
    shot = await devtools.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
    await context.close()
    return base64.b64decode(shot["data"])


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        links = told_demo(data)
        FOLDER.mkdir(exist_ok=True)
        with serving("", data) as base:
            async with chromium() as browser:
                for name, (who, path) in PICTURES.items():
                    picture = await take(browser, base, links.get(who, ""), path)
                    (FOLDER / name).write_bytes(picture)
                    print(f"{name}: {len(picture) // 1024} kB")


if __name__ == "__main__":
    asyncio.run(main())
