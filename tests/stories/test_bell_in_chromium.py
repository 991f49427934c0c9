"""The bell in a real browser: what happens raises its number, each line leads to where it happened, and reading clears it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from incubator.app import AUDIENCES
from incubator.db.engines import AnyEngine
from incubator.notifications.tell import tell_waiting
from tests.cast import make_cast
from tests.chromium import chromium, needs_chromium, serving
from tests.engines import address_of
from tests.notifications.test_bell import Story, forget
from tests.stories.test_in_chromium import Someone
from tests.stories.test_reviewing_in_chromium import sign_in

pytestmark = needs_chromium

#: What happens for whom, in this order, and where the line leads.
HAPPENINGS = (
    (Story.invite, "outsider", "/invitations/mine/1"),
    (Story.comment, "captain", "/projects/1#s-problem"),
    (Story.answer, "teacher", "/projects/1/answers/problem#post-1"),
    (Story.answer_back, "captain", "/projects/1/answers/problem#post-2"),
    (Story.join, "captain", "/projects/1/team"),
    (Story.remove, "teacher", "/projects/1/team"),
    (Story.change_captain, "captain", "/projects/1"),
    (Story.change_back, "captain", "/projects/1"),
    (Story.post, "captain", "/projects/1/talk"),
    (Story.come_near, "teammate", "/projects/1#gate"),
    (Story.submit, "organiser", "/organiser/submissions/1"),
    (Story.assign, "mentor", "/reviews/1"),
    (Story.decide, "", ""),
    (Story.release, "captain", "/projects/1/submissions/1"),
    (Story.extend, "captain", "/projects/1"),
)


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no-scripts"])
async def test_the_number_rises_the_line_leads_there_and_reading_clears_it(
    sqlite: AnyEngine, tmp_path: Path, js: bool
) -> None:
    cast = await make_cast()
    await forget()
    story = Story(cast)
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            people: dict[str, Someone] = {}
            for happens, who, leads_to in HAPPENINGS:
                await happens(story)
                await tell_waiting(AUDIENCES)
                if not who:
                    continue
                if who not in people:
                    people[who] = await Someone.at(browser, base, js=js)
                    await sign_in(people[who], getattr(cast, who))
                page = people[who].page
                await people[who].open("/notifications")
                number = page.locator(".bell-count")
                waiting = page.locator(".is-unread")
                before = await waiting.count()
                assert before
                await expect(number.first).to_have_text(str(before))
                await waiting.first.locator("button").click()
                await expect(page).to_have_url(re.compile(re.escape(f"{base}{leads_to}") + "$"))
                left = page.locator(".bell-count")
                await (
                    expect(left.first).to_have_text(str(before - 1)) if before > 1 else expect(left).to_have_count(0)
                )
                await people[who].open("/notifications")
                await expect(waiting).to_have_count(before - 1)
            for someone in people.values():
                await someone.open("/notifications")
                if await someone.page.locator(".is-unread").count():
                    await someone.page.locator("form[action='/notifications/read'] button").click()
                    await expect(someone.page.locator(".is-unread")).to_have_count(0)
                await expect(someone.page.locator(".bell-count")).to_have_count(0)
                await someone.check()
                assert someone.errors == []
