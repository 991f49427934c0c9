"""A slow telephone far from any mast, and somebody who is interrupted again and again while they write: no word is lost."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Error, Page, Playwright, Route, async_playwright, expect

from incubator.db.engines import AnyEngine
from incubator.people.sessions import begin_session
from incubator.people.tables import Session
from incubator.projects.answers import answer_of
from incubator.reviews.tables import Post
from tests.cast import Cast, make_cast
from tests.chromium import browser_that_remembers, kill_browser, needs_chromium, serving
from tests.engines import address_of
from tests.scale import scaled

pytestmark = needs_chromium

#: Round trips in milliseconds, bytes a second.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 200_000, "uploadThroughput": 50_000}
CUT = {**SLOW, "offline": True}
#: How many times slower than this machine.
PROCESSOR = 4
#: Settles when the browser has written down what the page gave it so far: a moment after the last letter.
WRITTEN_DOWN = """() => new Promise((done) => {
  const asked = indexedDB.open("drafts");
  asked.onsuccess = () => {
    const work = asked.result.transaction("drafts", "readwrite");
    work.objectStore("drafts").get("");
    work.oncomplete = () => done();
  };
})"""


@dataclass
class Telephone:
    """One telephone of one person. Its browser may be killed; what it keeps stays."""

    playwright: Playwright
    folder: Path
    base: str
    cast: Cast
    scripts: asyncio.Event = field(default_factory=asyncio.Event)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    @property
    def here(self) -> str:
        return f"{self.base}/projects/{self.cast.project.id}"

    async def switch_on(self) -> None:
        self.context = await browser_that_remembers(self.playwright, self.folder, width=390)
        self.context.set_default_timeout(60_000)
        self.page = await self.tab()

    async def tab(self) -> Page:
        page = await self.context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        await self.connect(SLOW, page)
        session = await self.context.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR})
        return page

    async def begin_another_tab(self) -> None:
        """Close the page; another is opened first, since a browser ends with its last one."""
        closed, self.page = self.page, await self.tab()
        await closed.close()

    async def connect(self, conditions: dict[str, Any], page: Page | None = None) -> None:
        session = await self.context.new_cdp_session(page or self.page)
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", conditions)

    async def hold_scripts(self) -> None:
        self.scripts.clear()
        await self.context.route("**/*.js", self._hold)

    async def let_scripts_come(self) -> None:
        self.scripts.set()
        await self.context.unroute_all(behavior="ignoreErrors")  # from now on they come from the browser's own store

    async def _hold(self, route: Route) -> None:
        await self.scripts.wait()
        with suppress(Error):  # the page is gone
            await route.continue_()

    async def sign_in(self) -> None:
        secret = await begin_session(self.cast.captain, user_agent="test")
        await self.context.add_cookies([{"name": "session", "value": secret, "url": self.base}])


Interruption = Callable[[Telephone, random.Random], Awaitable[None]]


async def leave(telephone: Telephone, chance: random.Random) -> None:
    await telephone.page.goto(f"{telephone.base}/notifications")


async def go_back(telephone: Telephone, chance: random.Random) -> None:
    await telephone.page.go_back()


async def reload(telephone: Telephone, chance: random.Random) -> None:
    await telephone.page.reload()


async def lose_the_connection(telephone: Telephone, chance: random.Random) -> None:
    """Cut it, and close the page or have one again."""
    await telephone.connect(CUT)
    if chance.random() < 0.5:
        await telephone.begin_another_tab()
    else:
        await telephone.connect(SLOW)


async def be_signed_out(telephone: Telephone, chance: random.Random) -> None:
    await Session.delete(force=True)
    await telephone.page.goto(f"{telephone.base}/projects")  # which asks to sign in
    await telephone.sign_in()


async def open_it_once_more(telephone: Telephone, chance: random.Random) -> None:
    """Open the same page beside it, and go on there."""
    where, first = telephone.page.url, telephone.page
    telephone.page = await telephone.tab()
    await telephone.page.goto(where)
    await first.close(run_before_unload=chance.random() < 0.5)


async def crash(telephone: Telephone, chance: random.Random) -> None:
    """End the page alone, without a word to its scripts."""
    session = await telephone.context.new_cdp_session(telephone.page)
    async with telephone.page.expect_event("crash"):
        crashing = asyncio.ensure_future(session.send("Page.crash"))
    crashing.cancel()
    await telephone.begin_another_tab()


async def be_killed(telephone: Telephone, chance: random.Random) -> None:
    await telephone.page.evaluate(WRITTEN_DOWN)
    await asyncio.to_thread(kill_browser, telephone.folder)
    with suppress(Error):
        await telephone.context.close()
    await telephone.switch_on()
    await telephone.sign_in()


INTERRUPTIONS: list[Interruption] = [
    leave, go_back, reload, lose_the_connection, be_signed_out, open_it_once_more, crash, be_killed,
]  # fmt: skip


async def are_here(page: Page, field: str, words: str) -> bool:
    """Return whether ``words`` stand in the field, or are offered and then stand there."""
    await expect(page.locator("html[data-ready]")).to_be_attached()
    box, offer = page.locator(field), page.get_by_role("button", name="Вернуть", exact=True).first
    if words not in await box.input_value() and await offer.count():
        await offer.click()
    return words in await box.input_value()


@dataclass(frozen=True)
class Place:
    """Where something is written, its field, and how it gets to the server."""

    path: str
    field: str
    is_saved_as_typed: bool


PLACES = (
    Place("/answers/problem", "#f-problem", True),
    Place("/answers/audience", "#f-audience", True),
    Place("/talk", "textarea[name$=post]", False),
)


async def is_at_the_server(telephone: Telephone, place: Place, words: str) -> bool:
    if place.is_saved_as_typed:
        answer = await answer_of(telephone.cast.project.id, place.path.rpartition("/")[2])
        return answer is not None and words in answer.text
    return words in [row["text"] for row in await Post.select(Post.text)]


class Moment(Enum):
    """When the interruption comes: at the last letter, while it is on its way to the server, or when it is there."""

    AT_ONCE = ""
    ON_ITS_WAY = "Сохраняется"
    SAVED = "Сохранено"


@dataclass(frozen=True)
class Round:
    """One text, and what came between."""

    place: Place
    words: str
    interruption: Interruption
    moment: Moment
    is_late: bool

    def __str__(self) -> str:
        scripts = "late" if self.is_late else "soon"
        return f"{self.words} at {self.place.path}: {self.interruption.__name__} {self.moment}, scripts come {scripts}"


async def write(telephone: Telephone, now: Round) -> None:
    """Begin before any script is here, and write on when they are."""
    await telephone.page.goto(f"{telephone.base}/projects")
    if now.is_late:
        await telephone.hold_scripts()
    await telephone.page.goto(telephone.here + now.place.path, wait_until="commit")
    box, begun = telephone.page.locator(now.place.field), now.words[:5]
    await box.fill(begun)
    await telephone.let_scripts_come()
    await expect(telephone.page.locator("html[data-ready]")).to_be_attached()
    await expect(box).to_have_value(begun)
    await box.press("End")
    await box.press_sequentially(now.words[5:])
    if now.place.is_saved_as_typed:
        await expect(telephone.page.locator("[data-save-state]").first).to_contain_text(now.moment.value)


async def send(telephone: Telephone, place: Place, words: str) -> None:
    if place.is_saved_as_typed:
        if not await is_at_the_server(telephone, place, words):
            await expect(telephone.page.locator("[data-save-state]").first).to_contain_text("Сохранено")
    else:
        await telephone.page.get_by_role("button", name="Написать", exact=True).click()
        await expect(telephone.page.locator(place.field)).to_have_value("")


async def test_no_interruption_costs_a_word(telephone: Telephone) -> None:
    seed = random.randrange(10**6)
    chance, lost = random.Random(seed), []
    order = chance.sample(INTERRUPTIONS, len(INTERRUPTIONS))
    for number in range(scaled(200, share=50)):
        now = Round(
            chance.choice(PLACES), f"Слова {number}, которых жалко", order[number % len(order)],
            chance.choice(list(Moment)), chance.random() < 1 / 3,
        )  # fmt: skip
        await write(telephone, now)
        await now.interruption(telephone, chance)
        await telephone.page.goto(telephone.here + now.place.path)
        if not await are_here(telephone.page, now.place.field, now.words):
            lost.append(str(now))
            continue
        await send(telephone, now.place, now.words)
        if not await is_at_the_server(telephone, now.place, now.words):
            lost.append(f"{now}; not sent")
    assert lost == [], f"with chance {seed}"


@pytest.fixture
async def telephone(database: AnyEngine, tmp_path: Path) -> AsyncIterator[Telephone]:
    cast = await make_cast()
    with serving(address_of(database), tmp_path) as base:
        async with async_playwright() as playwright:
            found = Telephone(playwright, tmp_path / "telephone", base, cast)
            await found.switch_on()
            await found.sign_in()
            yield found
            await found.context.close()
