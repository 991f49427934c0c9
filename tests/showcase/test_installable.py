"""The site on a home screen: its manifest and icon, and what its worker keeps for a lost connection."""

import json
import struct

from tests.browser import Browser, signed_in
from tests.cast import Cast


async def test_the_manifest_names_icons_that_exist(cast: Cast) -> None:
    browser = Browser()
    answer = await browser.open("/manifest.webmanifest?lang=ru")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = json.loads(answer.text)
    assert (manifest["name"], manifest["lang"], manifest["start_url"]) == ("От идеи к делу", "ru", "/")
    assert json.loads((await browser.open("/manifest.webmanifest?lang=en")).text)["name"] == "From idea to reality"
    for icon in manifest["icons"]:
        found = await browser.open(icon["src"])
        assert found.headers["content-type"].startswith(icon["type"])
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", found.content[16:24])
            assert icon["sizes"] == f"{width}x{height}" == "512x512"


async def test_the_worker_is_asked_for_again_and_its_page_names_nobody(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    answer = await browser.open("/worker.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    page = await Browser().open("/offline?lang=en")
    assert "No connection" in page.text
    assert "noindex" in page.text
    signed_in_page = await browser.open("/projects")
    assert 'href="/manifest.webmanifest?lang=ru"' in signed_in_page.text
    assert "manifest" not in (await Browser().open("/")).text  # a visitor's first sight waits for nothing
