"""The page cache: always what the app itself would answer, and only public content."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from incubator.app import create_app
from incubator.core.clock import clock_at, now
from incubator.db import counting, writing
from incubator.http.page_cache import PageCache
from incubator.people.accounts import change_profile
from incubator.projects.answers import save_answer
from incubator.projects.consents import give_consent
from incubator.projects.details import Details, change_details
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.tables import Publication, PublicRevision
from incubator.publication.withdrawals import remove_member, withdraw_consent
from tests.browser import HOST, Browser, signed_in
from tests.cast import Cast, fresh, fresh_project, rewrite, submitted
from tests.scale import scaled


@asynccontextmanager
async def running(app: Any) -> AsyncIterator[Any]:
    """Run the app as a server does, from startup to shutdown."""
    said: asyncio.Queue[Any] = asyncio.Queue()
    asked: asyncio.Queue[Any] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan", "state": {}}, asked.get, said.put))
    await asked.put({"type": "lifespan.startup"})
    assert (await said.get())["type"] == "lifespan.startup.complete"
    try:
        yield app
    finally:
        await asked.put({"type": "lifespan.shutdown"})
        await life


@pytest.fixture
async def site(cast: Cast) -> AsyncIterator[Any]:
    """Provide the whole site with a published project and an empty cache."""
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    async with no_delivery(), running(create_app()) as app:
        yield app


@asynccontextmanager
async def no_delivery() -> AsyncIterator[None]:
    """Keep the test's connection pool, and deliver no mail."""
    from incubator import app as module

    @asynccontextmanager
    async def nothing(_app: Any) -> AsyncIterator[None]:
        yield

    before, module.running = module.running, nothing
    try:
        yield
    finally:
        module.running = before


async def revision() -> int:
    rows = await PublicRevision.select(PublicRevision.number)
    return int(rows[0]["number"])


async def queries(browser: Browser, path: str, **headers: str) -> int:
    with counting() as seen:
        await browser.open(path, **headers)
    return len(seen)


PATHS = ("/", "/showcase", "/showcase?q=улей", "/criteria", "/privacy")


async def test_the_second_visitor_costs_no_query(site: Any, cast: Cast) -> None:
    for path in (*PATHS, f"/showcase/{cast.project.slug}", "/showcase/nowhere"):
        first, second = Browser(site), Browser(site)
        assert await queries(first, path) > 0
        assert await queries(second, path) == 0
        assert second.page.content == first.page.content
        assert second.page.status_code == first.page.status_code
        assert "content-security-policy" in second.page.headers
        assert "set-cookie" not in second.page.headers


async def test_many_at_once_render_once(site: Any) -> None:
    with counting() as one:
        await Browser(site).open("/showcase?stage=idea")
    async with writing():
        await Publication.update({Publication.pitch: "Новое"}).where(Publication.published_at.is_not_null())
    with counting() as many:
        pages = await asyncio.gather(*(Browser(site).open("/showcase?stage=idea") for _visitor in range(20)))
    assert len(many) <= len(one)
    assert all("Новое" in page.text for page in pages)


async def test_languages_and_encodings_do_not_mix(site: Any) -> None:
    russian, english = Browser(site), Browser(site, language="en-GB,en;q=0.9")
    for _time in range(2):
        assert 'lang="ru"' in (await russian.open("/showcase")).text
        assert 'lang="en"' in (await english.open("/showcase")).text
        chosen = await russian.http.get("/showcase", headers={"cookie": "visit=x; lang=en"})
        assert 'lang="en"' in chosen.text
        for encoding in ("br", "gzip", "identity"):
            response = await russian.http.get("/showcase", headers={"accept-encoding": encoding})
            assert response.headers.get("content-encoding", "identity") == encoding
            assert response.text == russian.page.text


async def test_a_browser_that_has_the_page_gets_304_until_it_changes(site: Any) -> None:
    browser = Browser(site)
    tag = (await browser.open("/showcase")).headers["etag"]
    again = await browser.http.get("/showcase", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    async with writing():
        await Publication.update({Publication.title: "Громкий улей"}).where(Publication.published_at.is_not_null())
    changed = await browser.http.get("/showcase", headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert "Громкий улей" in changed.text
    head = await browser.http.head("/showcase")
    assert (head.content, head.headers["etag"]) == (b"", changed.headers["etag"])


async def test_nobody_gets_the_page_of_a_signed_in_person(site: Any, cast: Cast) -> None:
    captain = await signed_in(cast.captain, site)
    for path in PATHS:
        assert "/sign-out" in (await captain.open(path)).text
        assert "/sign-out" not in (await Browser(site).open(path)).text
        assert "/sign-out" in (await captain.open(path)).text


async def test_a_message_for_one_is_not_kept_for_all(site: Any, cast: Cast) -> None:
    browser = await signed_in(cast.captain, site)
    await browser.open("/profile")
    response = await browser.post("/sign-out", {"csrf": browser.csrf()}, follow=False)
    assert "flash=" in str(response.headers.get_list("set-cookie"))
    told = await browser.open(response.headers["location"])
    assert 'class="notice' in told.text
    assert 'class="notice' not in (await Browser(site).open(response.headers["location"])).text


async def test_another_day_is_another_page(site: Any) -> None:
    browser = Browser(site)
    await browser.open("/")
    assert "Тестовый сезон" in browser.text
    with clock_at(now() + timedelta(days=400)):
        await browser.open("/")
        assert "Тестовый сезон" not in browser.text


async def test_what_the_public_sees_moves_the_revision_and_shows_at_once(site: Any, cast: Cast) -> None:
    page, browser = f"/showcase/{cast.project.slug}", Browser(site)
    await browser.open(page)
    before = await revision()

    async def moved(text: str, is_there: bool) -> None:
        nonlocal before
        after = await revision()
        assert after > before
        before = after
        assert (text in (await browser.open(page)).text) is is_there

    await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    await moved("Мария Кузнецова", True)
    await change_profile(await fresh(cast.captain), given_name="Маша", family_name="Ким", locale="ru")
    await moved("Маша Ким", False)
    await publish(await fresh_project(cast.project), by=cast.organiser)
    await moved("Маша Ким", True)
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    await moved("Маша Ким", False)
    await give_consent(cast.project, cast.teammate, "public_name", by=cast.teacher)
    await moved("Иван Соколов", True)
    await withdraw_consent(cast.project, cast.captain, "participation", by=cast.captain)
    await moved("Маша", False)
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    await moved("Иван Соколов", False)
    await unpublish(cast.project, by=cast.captain)
    await moved("Такой страницы нет", True)


async def test_who_asks_again_in_the_same_words_is_not_told_the_same_after_a_change(site: Any, cast: Cast) -> None:
    cache = site
    while not isinstance(cache, PageCache):
        cache = cache.app
    page, repeated = f"/showcase/{cast.project.slug}", 0
    for number in range(scaled(20)):
        for _time in range(3):  # rendered, taken from memory, and answered without understanding the question again
            await Browser(site).open(page)
        repeated += len(cache._answers)
        async with writing():
            await Publication.update({Publication.title: f"Улей {number}."}).where(
                Publication.published_at.is_not_null()
            )
        assert f"Улей {number}." in (await Browser(site).open(page)).text
    assert repeated


async def test_what_the_public_does_not_see_moves_nothing(site: Any, cast: Cast) -> None:
    before = await revision()
    browser = Browser(site)
    await browser.open("/showcase")
    project = await fresh_project(cast.project)
    await rewrite(cast, "problem", "Черновик, который никто не видит")
    await save_answer(project, "solution", "Ещё", version=1, by=cast.captain)
    project = await fresh_project(cast.project)
    assert project.cluster is not None
    details = Details(
        "Черновик", "Команда", "Ждём помощи", project.cluster + 1, project.municipality, "Школа № 1", (1, 2)
    )
    await change_details(project, details, version=project.details_version, by=cast.captain)
    await give_consent(cast.project, cast.captain, "photo", by=cast.teacher)
    await Browser(site).open("/sign-in")
    await signed_in(cast.outsider, site)
    assert await revision() == before
    assert await queries(browser, "/showcase") == 0


async def test_memory_is_bounded(database: Any) -> None:
    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _receive()
            await send({"type": "lifespan.startup.complete"})
            await _receive()
            return
        headers = [(b"content-type", b"application/octet-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * 10_000})

    cache = PageCache(app, lambda _path: True, largest=200_000)
    async with running(cache), httpx.AsyncClient(transport=httpx.ASGITransport(app=cache), base_url=HOST) as client:
        for n in range(50):
            await client.get(f"/{n}")
        shelf = cache._pages
        assert 30_000 < shelf.size <= 50_000
        assert [key[0] for key in shelf.pages] == [f"/{n}" for n in range(50 - len(shelf.pages), 50)]
        for n in range(50):
            for _twice in range(2):
                await client.get(f"/{n}")
        assert 130_000 < shelf.size <= 200_000
        assert sum(kept.size for kept in shelf.pages.values()) == shelf.size


async def test_what_is_asked_for_once_pushes_out_nothing_that_is_read(database: Any) -> None:
    asked = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            return
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"x" * 100})

    cache = PageCache(app, lambda _path: True, largest=40_000)
    async with running(cache), httpx.AsyncClient(transport=httpx.ASGITransport(app=cache), base_url=HOST) as client:
        for path in ("/", "/", *(f"/showcase?q={n}" for n in range(50)), "/"):
            await client.get(path)
    assert asked.count("/") == 1


async def test_other_encodings_count_too(database: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            return
        body = (scope["path"] * 3000).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": body})

    cache = PageCache(app, lambda _path: True, largest=30_000)
    async with running(cache):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=cache), base_url=HOST) as client:
            for n in range(40):
                for encoding in ("br", "gzip", "identity"):
                    answer = await client.get(f"/{n}", headers={"accept-encoding": encoding})
                    assert answer.text == f"/{n}" * 3000
            await client.get("/" + "long" * 100)
        assert cache._pages.size <= 30_000
        assert sum(kept.size for kept in cache._pages.pages.values()) == cache._pages.size
        assert all(len(key[0]) < 100 for key in cache._pages.pages)


async def test_who_asks_first_gets_it_soon_and_the_others_get_it_smaller(site: Any, cast: Cast) -> None:
    for path in ("/showcase", f"/showcase/{cast.project.slug}"):
        for encoding in ("br", "gzip"):
            async with writing():
                await Publication.update({Publication.pitch: f"Новое {encoding}"}).where(
                    Publication.published_at.is_not_null()
                )
            browser = Browser(site)
            pages = [await browser.http.get(path, headers={"accept-encoding": encoding}) for _time in range(3)]
            sizes = [int(page.headers["content-length"]) for page in pages]
            assert sizes[0] > sizes[1] == sizes[2]
            assert len({page.text for page in pages}) == 1
            assert len({page.headers["etag"] for page in pages}) == 1


async def test_without_the_database_nothing_comes_from_memory(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = site
    while not isinstance(cache, PageCache):
        cache = cache.app
    await Browser(site).open("/showcase")

    async def unknown() -> None:
        return None

    monkeypatch.setattr(cache._revision, "known", lambda: None)
    monkeypatch.setattr(cache._revision, "current", unknown)
    assert await queries(Browser(site), "/showcase") > 0
