"""Pictures and a presentation put into a document on a telephone, with and without scripts, and taken off the showcase again."""

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Route, ViewportSize, expect

from incubator.attachments.tables import Attachment
from incubator.db.engines import AnyEngine
from incubator.gates.submit import submit
from incubator.imaging.limits import LARGEST_PAPER
from incubator.people.sessions import begin_session
from incubator.people.tables import Person, Session
from incubator.projects.answers import answer_of
from incubator.projects.consents import PHOTO, give_consent
from incubator.projects.kinds.files import KIND, results
from incubator.publication.publish import ask_publication
from tests.attachments.uploads import KEY, pdf, photo
from tests.cast import Cast, fresh, fresh_project, make_cast, make_ready
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of

pytestmark = needs_chromium

PHONE = ViewportSize(width=390, height=844)


async def opened(browser: Browser, base: str, person: Person, path: str, **how: Any) -> Page:
    secret = await begin_session(await fresh(person), user_agent="")
    context = await browser.new_context(locale="ru-RU", **how)
    await context.add_cookies([{"name": "session", "value": secret, "url": base}])
    page = await context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(base + path)
    return page


#: Errors of any page.
problems: list[str] = []


async def shown(cast: Cast) -> list[str]:
    answer = await answer_of(cast.project.id, KEY)
    return [each.caption for each in results(KIND.sheet(answer.text)).all_pictures] if answer else []


async def test_pictures_on_a_telephone_at_a_desk_and_in_public(database: AnyEngine, tmp_path: Path) -> None:
    cast = await make_cast()
    await make_ready(cast)
    for person in (cast.captain, cast.teammate):
        await give_consent(cast.project, person, PHOTO, by=cast.teacher)
    files = {}
    for name, content in (
        *(("a.jpg", photo(1600, 1200)), ("b.jpg", photo(800, 1200, colour="maroon")), ("deck.pdf", pdf(4))),
        ("no.gif", b"GIF89a"),
    ):
        files[name] = tmp_path / name
        files[name].write_bytes(content)
    document, own = f"/projects/{cast.project.id}", f"/projects/{cast.project.id}/files"
    problems.clear()
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            # on a telephone, with scripts: two at once, one of them refused
            phone = await opened(browser, base, cast.captain, f"{own}/new/{KEY}", viewport=PHONE)
            await phone.wait_for_selector("html[data-ready]")
            await assert_accessible(phone)
            await phone.set_input_files("#f-files", [files["a.jpg"], files["no.gif"]])
            await phone.get_by_role("button", name="Загрузить").click()  # they are on their way: not a second time
            await expect(phone.locator("[data-list] .error")).to_contain_text("принимаем картинки JPEG")
            await expect(phone.locator("[data-list]")).to_contain_text("Готово: a.jpg")
            await expect(phone.locator("[data-list] li")).to_have_count(2)
            await phone.goto(base + own)
            await phone.locator(".own-file").get_by_label("Что это, что на картинке").fill("Улей на весах")
            await phone.get_by_label("люди из команды", exact=True).check()
            await phone.get_by_label(cast.captain.name).check()
            await assert_accessible(phone)
            await phone.get_by_role("button", name="Записать").click()
            await expect(phone.locator(".own-file")).to_contain_text("на витрине пока нет")
            assert await shown(cast) == ["Улей на весах"]

            # at a desk, without scripts: the form sends all of them
            desk = await opened(browser, base, cast.teammate, f"{own}/new/{KEY}", java_script_enabled=False)
            await desk.set_input_files("#f-files", [files["b.jpg"], files["deck.pdf"]])
            await desk.get_by_role("button", name="Загрузить").click()
            await expect(desk.get_by_text("Загружено 2 файла")).to_be_visible()
            for place in await desk.locator(".own-file").all():
                if not await place.get_by_text("скажите, кто здесь").count():
                    continue
                await place.get_by_label("людей нет").check()
                await place.get_by_label("Что это").fill("Защита в школе")
            await desk.get_by_role("button", name="Записать").click()
            assert await Attachment.count().where(Attachment.people == "") == 0

            # in the document: the second one becomes the cover
            await phone.goto(f"{base}{document}/answers/{KEY}")
            await phone.wait_for_selector("html[data-ready]")
            await phone.locator("[data-row]").nth(1).get_by_label("Зачем он здесь").select_option("cover")
            await expect(phone.locator("[data-save-state]")).to_contain_text("Сохранено")
            await assert_accessible(phone)

            # handed in, offered, looked at by an organiser, and public
            await submit(await fresh_project(cast.project), by=cast.captain)
            await ask_publication(await fresh_project(cast.project), by=cast.captain, is_checked=True)
            office = await opened(browser, base, cast.organiser, f"/organiser/publications/{cast.project.id}")
            await expect(office.locator("#files")).to_contain_text(cast.captain.name)
            await assert_accessible(office)
            await office.get_by_role("button", name="Показать всем").click()
            await office.wait_for_load_state()
            slug = (await fresh_project(cast.project)).slug
            visitor = await (await browser.new_context(viewport=PHONE, java_script_enabled=False)).new_page()
            await visitor.goto(f"{base}/showcase/{slug}")
            await expect(visitor.locator(".project-cover img")).to_have_attribute("alt", "Защита в школе")
            await expect(visitor.locator(".pictures img")).to_have_count(1)
            await expect(visitor.locator(".deck-pages img")).to_have_count(4)
            for picture in await visitor.locator("main img").all():
                await picture.scroll_into_view_if_needed()
                await expect(picture).to_have_js_property("complete", True)
                assert await picture.evaluate("image => image.naturalWidth") > 0
            assert await visitor.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

            # an organiser takes one off: gone at the next look
            await office.goto(base + own)
            taken = office.locator(".own-file", has_text="Улей на весах")
            await taken.get_by_role("button", name="Убрать с витрины").click()
            await expect(taken).to_contain_text("убрано с витрины")
            await visitor.reload()
            await expect(visitor.locator(".pictures")).to_have_count(0)
            await expect(visitor.locator(".deck-pages img")).to_have_count(4)
    assert problems == []


async def test_files_that_were_chosen_before_the_scripts_came_are_sent_when_they_do(
    sqlite: AnyEngine, tmp_path: Path
) -> None:
    cast, file = await make_cast(), tmp_path / "a.jpg"
    file.write_bytes(photo(300, 200))
    own = f"/projects/{cast.project.id}/files"
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            page = await opened(browser, base, cast.captain, "/projects")
            may_come = asyncio.Event()

            async def hold(route: Route) -> None:
                await may_come.wait()
                await route.continue_()

            await page.route("**/uploads*.js", hold)
            await page.goto(f"{base}{own}/new/{KEY}", wait_until="domcontentloaded")
            await page.set_input_files("#f-files", file)
            may_come.set()
            await page.wait_for_url(f"**{own}")
            await expect(page.locator(".own-file")).to_have_count(1)


async def test_who_is_signed_out_meanwhile_is_told_with_and_without_scripts(sqlite: AnyEngine, tmp_path: Path) -> None:
    cast, small, large = await make_cast(), tmp_path / "a.jpg", tmp_path / "b.pdf"
    small.write_bytes(photo(300, 200) + bytes(8_000_000))
    large.write_bytes(b"%PDF-" + bytes(LARGEST_PAPER))
    own = f"/projects/{cast.project.id}/files/new/{KEY}"
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            modern = await opened(browser, base, cast.captain, own)
            plain = await opened(browser, base, cast.teammate, own, java_script_enabled=False)
            await modern.wait_for_selector("html[data-ready]")
            await Session.delete(force=True)
            await modern.set_input_files("#f-files", [small, large])
            refused = modern.locator("[data-list] .error")
            await expect(refused.nth(0)).to_contain_text("a.jpg: Войдите, чтобы продолжить. Сеанс закончился")
            await expect(refused.nth(1)).to_contain_text("b.pdf: файл слишком большой: можно до 25 МБ")
            await plain.set_input_files("#f-files", small)
            await plain.get_by_role("button", name="Загрузить").click()
            await expect(plain.get_by_text("Войдите и выберите их ещё раз")).to_be_visible()


async def test_a_file_whose_line_breaks_is_sent_again_without_being_chosen_again(
    sqlite: AnyEngine, tmp_path: Path
) -> None:
    cast, file = await make_cast(), tmp_path / "a.jpg"
    file.write_bytes(photo(300, 200))
    own = f"/projects/{cast.project.id}/files"
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            page = await opened(browser, base, cast.captain, f"{own}/new/{KEY}", viewport=PHONE)
            await page.wait_for_selector("html[data-ready]")
            await page.clock.install()
            await page.route(f"**{own}/new/{KEY}", lambda route: route.abort("connectionreset"))
            await page.set_input_files("#f-files", file)
            line = page.locator("[data-list] li")
            for seconds in (5, 15, 40):
                await expect(line).to_contain_text("попробуем ещё раз: a.jpg")
                async with page.expect_request(f"**{own}/new/{KEY}"):
                    await page.clock.fast_forward(seconds * 1000)
            await expect(line).to_contain_text("Не загрузилось: a.jpg")
            await assert_accessible(page)
            await page.unroute_all()
            await page.get_by_role("button", name="Отправить ещё раз").click()
            await page.wait_for_url(f"**{own}")
            await expect(page.locator(".own-file")).to_have_count(1)
