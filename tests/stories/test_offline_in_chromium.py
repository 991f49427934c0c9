"""Without a connection a page says so and what is unsent, and goes on by itself when there is one again."""

from pathlib import Path

from playwright.async_api import expect

from incubator.db.engines import AnyEngine
from incubator.people.sessions import begin_session
from incubator.reviews.tables import Post
from tests.cast import make_cast
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of
from tests.stories.test_in_chromium import Someone
from tests.stories.test_words_in_chromium import POST, WORDS, say

pytestmark = needs_chromium


async def test_a_page_without_connection_says_what_is_unsent_and_goes_on_with_it(
    sqlite: AnyEngine, tmp_path: Path
) -> None:
    cast = await make_cast()
    secret = await begin_session(cast.captain, user_agent="test")
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            someone = await Someone.at(browser, base, js=True, has_worker=True)
            await someone.context.add_cookies([{"name": "session", "value": secret, "url": base}])
            here = f"/projects/{cast.project.id}/talk"
            await someone.open(here)
            await someone.ready()
            await someone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
            await someone.page.reload()  # from now on the worker stands beside the page
            await someone.page.wait_for_function("navigator.serviceWorker.controller !== null")
            await someone.ready()

            await someone.context.set_offline(True)
            await someone.page.goto(base + "/notifications")
            await someone.see("Неотправленных текстов в этом браузере нет.")
            await assert_accessible(someone.page)
            await someone.context.set_offline(False)
            await someone.see("Здесь видно всё за полгода")  # by itself
            await someone.open(here)
            await someone.ready()

            await someone.context.set_offline(True)
            await someone.page.locator(POST).fill(WORDS)
            await say(someone.page).click()
            await someone.see("В этом браузере хранится неотправленное: 1.")
            assert WORDS not in await someone.page.content()  # nobody knows who reads it
            await someone.context.set_offline(False)
            await expect(someone.page.locator(".posts")).to_contain_text(WORDS)  # what was sent goes on its way, once
            assert [row["text"] for row in await Post.select(Post.text)] == [WORDS]
