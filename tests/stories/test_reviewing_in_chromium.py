"""Reviewing in a real browser: every page complete and accessible, usable by keyboard, no typed note lost."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from incubator.db.engines import AnyEngine
from incubator.people.sessions import begin_session
from incubator.people.tables import Person
from incubator.reviews.assignment.assign import assign
from incubator.reviews.tables import Review, SectionNote
from tests.cast import make_cast, reviewed, send, submitted
from tests.chromium import chromium, needs_chromium, serving
from tests.crowd import make_crowd
from tests.engines import address_of
from tests.stories.test_in_chromium import Someone
from tests.stories.test_scores_on_pages import scale_of_ten

pytestmark = needs_chromium


async def sign_in(someone: Someone, person: Person) -> None:
    await someone.context.add_cookies(
        [{"name": "session", "value": await begin_session(person, user_agent="test"), "url": someone.base}]
    )


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no-scripts"])
async def test_every_page_is_whole(database: AnyEngine, tmp_path: Path, js: bool) -> None:
    crowd = await make_crowd(12, 4, reviews=1, waiting=1, required=3)
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            office = await Someone.at(browser, base, js=js)
            await sign_in(office, crowd.organiser)
            await office.open("/organiser/proposal")
            await office.page.locator(
                'form[action="/organiser/proposal"] button'
            ).click()  # solved beside a real server
            await expect(office.page.locator("body")).to_contain_text("Посмотрите, поправьте и примените")
            for path in (
                "/organiser", "/organiser/proposal", "/organiser/decisions", "/organiser/decisions?sort=calibrated",
                "/organiser/decisions/release", "/organiser/calibration?stage=idea", "/organiser/assignments",
                "/organiser/mails", "/organiser/mails/stop", f"/organiser/submissions/{crowd.submissions[0].id}",
            ):  # fmt: skip
                await office.open(path)
                await office.check()
            mentor = await Someone.at(browser, base, js=js)
            await sign_in(mentor, crowd.mentors[0])
            for path in ("/desk", "/desk/bids", "/desk/offer", "/desk/scale", "/desk/practice", "/profile"):
                await mentor.open(path)
                await mentor.check()
            team = await Someone.at(browser, base, js=js)
            await sign_in(team, crowd.captains[0])
            await team.open(f"/projects/{crowd.submissions[0].project}/talk")
            await team.check()
            assert office.errors + mentor.errors + team.errors == []


async def test_a_review_by_keyboard_is_saved_as_it_is_typed(sqlite: AnyEngine, tmp_path: Path) -> None:
    cast = await make_cast()
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await send(await assign(submission, cast.second_mentor, by=cast.organiser), submission, cast.second_mentor)
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            mentor = await Someone.at(browser, base, js=True, width=1280)
            await sign_in(mentor, cast.mentor)
            await mentor.open("/desk")
            await expect(mentor.page.locator("html[data-keys]")).to_be_attached()
            await mentor.page.keyboard.press("j")
            await mentor.page.keyboard.press("Enter")
            await mentor.page.wait_for_url(f"**/reviews/{assignment.id}")
            await expect(mentor.page.locator("html[data-keys]")).to_be_attached()
            for key in "j2j1j3j3j3jnk2":
                await mentor.page.keyboard.press(key)
            checked = mentor.page.locator(".criterion input:checked")
            assert [await c.get_attribute("value") for c in await checked.all()] == ["2", "1", "3", "3", "2", "na"]
            note = mentor.page.locator("#f-note-problem")
            await mentor.page.locator("#s-problem summary", has_text="Прокомментировать раздел").click()
            saves = mentor.page.expect_response(lambda r: "2%20" in (r.request.post_data or "").replace("+", "%20"))
            async with saves:
                await note.fill("Кто считал пчёл? 2 раза?")  # a digit typed in a note is not a level
            await expect(mentor.page.locator("[data-save-state]")).to_have_text(re.compile("Черновик сохранён"))
            await mentor.page.locator("button", has_text="Отправить рецензию").click()
            await expect(mentor.page.locator("[role=alert]").first).to_be_in_viewport()  # why it was not sent
            await mentor.open(f"/reviews/{assignment.id}")
            await expect(note).to_have_value("Кто считал пчёл? 2 раза?")
            await mentor.check()
            assert [error for error in mentor.errors if "422" not in error] == []  # the unfinished review was refused
    kept = await SectionNote.objects().first()
    assert kept
    assert kept.text == "Кто считал пчёл? 2 раза?"
    assert await Review.count().where(Review.sent_at.is_null()) == 1


async def test_deciding_and_announcing_on_a_phone(sqlite: AnyEngine, tmp_path: Path) -> None:
    cast = await make_cast()
    await reviewed(cast, await submitted(cast))
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            office = await Someone.at(browser, base, js=True)
            await sign_in(office, cast.organiser)
            await office.open("/organiser/decisions?need=decide")
            await office.page.locator("summary", has_text="Решить").click()
            await office.page.locator(".table-stacked .pill", has_text="Дальше").click()
            await office.page.locator('.table-stacked [name="reason"]').fill("Хорошая работа")
            await office.check()
            await office.page.locator(".table-stacked button", has_text="Записать решение").click()
            await office.page.locator("a", has_text="Прочитать и объявить").click()
            await office.page.locator("summary", has_text="Письмо").click()
            await expect(office.page.locator(".letter")).to_contain_text("Хорошая работа")
            await office.check()
            await office.page.locator("button", has_text="Объявить отмеченные").click()
            await office.page.locator("dialog button").first.click()
            await expect(office.page.locator("body")).to_contain_text("Объявлено 1 решение")
            assert office.errors == []


async def test_a_scale_of_ten_by_keyboard(sqlite: AnyEngine, tmp_path: Path) -> None:
    cast = await make_cast()
    await scale_of_ten()
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            mentor = await Someone.at(browser, base, js=True, width=390)
            await sign_in(mentor, cast.mentor)
            await mentor.open(f"/reviews/{assignment.id}")
            await mentor.check()
            await expect(mentor.page.locator("html[data-keys]")).to_be_attached()
            for key in "j0j9j1":
                await mentor.page.keyboard.press(key)
            checked = mentor.page.locator(".criterion input:checked")
            assert [await c.get_attribute("value") for c in await checked.all()] == ["10", "9", "1"]
            assert mentor.errors == []
