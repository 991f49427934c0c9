"""How a gallery lies on a page: as many pictures as there are, of any shape, on a telephone and at a desk, before they have come and after."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize

from incubator import config
from incubator.attachments.attach import caption_files
from incubator.attachments.people_on import Said
from incubator.attachments.tables import People
from incubator.db.engines import AnyEngine
from incubator.publication.file_changes import note_files
from tests.attachments.uploads import attached, photo
from tests.cast import fresh_project, make_cast, make_ready
from tests.chromium import chromium, needs_chromium, serving
from tests.engines import address_of
from tests.gates.test_file_pages import made_public

pytestmark = needs_chromium

LANDSCAPE, PORTRAIT, PANORAMA = (1200, 800), (800, 1200), (1600, 400)
SHAPES = (LANDSCAPE, PORTRAIT, PANORAMA)
COUNTS = (1, 2, 3, 4, 5, 12)
SCREENS = {"a telephone": ViewportSize(width=390, height=844), "a desk": ViewportSize(width=1280, height=900)}
#: Leaves so many pictures, with the one of this place first, and says where each lies: x, y, width, height.
_LAY = """([count, first]) => {
  const list = document.querySelector('.pictures');
  window.every ??= [...list.children];
  const order = [...window.every.slice(first), ...window.every.slice(0, first)];
  list.replaceChildren(...order.slice(0, count));
  return [...list.children].map(item => [item, ...item.querySelectorAll('img, figcaption')].map(each => {
    const box = each.getBoundingClientRect();
    return [box.x, box.y + scrollY, box.width, box.height];
  }));
}"""


async def laid(page: Page, count: int, first: int) -> list[list[list[float]]]:
    found: list[list[list[float]]] = await page.evaluate(_LAY, [count, first])
    return found


def overlap(one: list[float], other: list[float]) -> bool:
    return all(one[a] + 0.5 < other[a] + other[a + 2] and other[a] + 0.5 < one[a] + one[a + 2] for a in (0, 1))


def problems_of(items: list[list[list[float]]], width: int) -> list[str]:
    """Return what is wrong: items over one another or over the edge, a picture without height, words that stand outside of their item."""
    found = ["overlap" for one, other in combinations([each[0] for each in items], 2) if overlap(one, other)]
    for item, picture, words in items:
        found += ["edge"] if item[0] < 0 or item[0] + item[2] > width + 0.5 else []
        found += ["flat"] if picture[2] < 100 or not 0.4 < picture[2] / picture[3] < 3 else []
        found += ["words over the picture"] if overlap(picture, words) else []
        found += ["outside"] if words[1] + words[3] > item[1] + item[3] + 0.5 else []
    return found


def is_without_holes(items: list[list[list[float]]]) -> bool:
    """Return whether each row but the last one is as wide as the gallery."""
    boxes = [each[0] for each in items]
    left, right = min(box[0] for box in boxes), max(box[0] + box[2] for box in boxes)
    rows = sorted({round(box[1]) for box in boxes})[:-1]
    return all(
        max(box[0] + box[2] for box in at) > right - 1 and min(box[0] for box in at) < left + 1
        for row in rows
        if (at := [box for box in boxes if round(box[1]) <= row < round(box[1] + box[3])])
    )


async def shown() -> str:
    """Publish a project with twelve pictures of every shape; return its address."""
    cast = await make_cast()
    await make_ready(cast)
    refs = [
        await attached(cast, photo(*SHAPES[n % 3], colour=f"hsl({n * 30}, 45%, 45%)"), name=f"{n}.jpg")
        for n in range(max(COUNTS))
    ]
    words = ("Улей на весах в снегу, снято в феврале, когда семья весит меньше всего", "Схема", "Первая пайка")
    await caption_files(cast.project.id, {ref.id: words[n % len(words)] for n, ref in enumerate(refs)}, by=cast.captain)
    await note_files(cast.project.id, {ref.id: Said(People.NOBODY) for ref in refs}, {}, by=cast.captain)
    await made_public(cast)
    return f"/showcase/{(await fresh_project(cast.project)).slug}"


async def test_pictures_lie_side_by_side_and_nothing_moves_when_they_come(
    sqlite: AnyEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "settings", replace(config.settings, files="", data=tmp_path))
    path, wrong = await shown(), []
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            for screen, size in SCREENS.items():
                empty = await (await browser.new_context(viewport=size)).new_page()
                await empty.route("**/files/**", lambda _route: None)  # they are on their way, and never come
                await empty.goto(base + path, wait_until="domcontentloaded")
                page = await (await browser.new_context(viewport=size)).new_page()
                await page.goto(base + path)
                await _load(page)
                for count in COUNTS:
                    for first in range(len(SHAPES)):
                        items = await laid(page, count, first)
                        which = (screen, count, SHAPES[first])
                        assert len(items) == count
                        wrong += [(*which, each) for each in problems_of(items, size["width"])]
                        wrong += [] if is_without_holes(items) else [(*which, "hole")]
                        wrong += [] if items == await laid(empty, count, first) else [(*which, "moves")]
                assert await page.evaluate("document.documentElement.scrollWidth") == size["width"]
                assert await page.locator(".pictures img:not([alt]), .pictures img[alt='']").count() == 0
    assert wrong == []


async def _load(page: Page) -> None:
    images: Any = page.locator(".pictures img")
    for each in await images.all():
        await each.scroll_into_view_if_needed()
        await page.wait_for_function("image => image.complete && image.naturalWidth", arg=await each.element_handle())
