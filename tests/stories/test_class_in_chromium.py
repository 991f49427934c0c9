"""A class without mail in a real browser, from the pasted list to what is public of the children on the day a term ends."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from incubator.core.clock import REGION, clock_at, today
from incubator.core.logins import login_in
from incubator.core.printed_codes import in_groups
from incubator.db.engines import AnyEngine
from incubator.people.ages import comes_of_age_on
from incubator.people.proof import Opened
from incubator.people.sessions import begin_session
from incubator.people.tables import Consent, Person
from incubator.privacy.tables import FamilyCode
from incubator.projects.consents import PARTICIPATION, PUBLIC_NAME, give_consent, valid_consents
from incubator.publication.publish import ask_publication, publish
from incubator.publication.withdrawals import hide_lapsed_names
from tests.browser import shared_app
from tests.cast import Cast, fill_details, fill_sections, fresh, fresh_project, rewrite
from tests.chromium import chromium, needs_chromium, serving
from tests.classroom.classes import PASSWORD, codes_in, confirmed_teacher
from tests.classroom.test_class_pages import NAMES
from tests.engines import address_of
from tests.privacy.photographs import photographed
from tests.stories.test_in_chromium import Someone

pytestmark = needs_chromium

#: Turns eighteen in three weeks.
SOON = today() + timedelta(days=21)
PUBLIC = ("Яблокова Анна", "Грушин Борис", "Сливина Вера")
TEXT = "Нас трое: Анна Яблокова, Борис Грушин и Вера Сливина."


def the_list() -> str:
    """Return a class of twenty, as a teacher pastes it."""
    dates = ["03.05.2012", f"{SOON:%d.%m}.{SOON.year - 18}", "04.06.2012"]
    public = [f"{n}. {name} {born}" for n, (name, born) in enumerate(zip(PUBLIC, dates, strict=True), 1)]
    return "\n".join([*public, *(f"{n}. Пчелин-Ульев {name} {n:02}.03.2012" for n, name in enumerate(NAMES[3:], 4))])


async def pupil(family: str) -> Person:
    person = await Person.objects().get(Person.family_name == family)
    assert person
    return person


async def signed_in_at(browser: Browser, base: str, person: Person, *, js: bool) -> Someone:
    someone = await Someone.at(browser, base, js=js)
    secret = await begin_session(await fresh(person), user_agent="", opened=Opened.FACTOR)
    await someone.context.add_cookies([{"name": "session", "value": secret, "url": base}])
    return someone


async def test_a_class_of_twenty_from_the_list_to_the_end_of_a_term(
    cast: Cast, database: AnyEngine, tmp_path: Path
) -> None:
    await confirmed_teacher(cast)
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            teacher = await signed_in_at(browser, base, cast.teacher, js=True)
            await _enrol(teacher)
            await _come_in_by_card(browser, base, await _cards(teacher))
            await _join_the_team(teacher)
            await _sheets(teacher)
            await _gate_opens(browser, base, cast)

            visitor = await Someone.at(browser, base, js=True)
            await visitor.open(f"/showcase/{(await fresh_project(cast.project)).slug}")
            for name in ("Анна Яблокова", "Борис Грушин", "Вера Сливина"):
                await visitor.see(name)
            await _withdraw(browser, base)
            await visitor.page.reload()
            await visitor.see("Вера Сливина")
            assert "Яблоков" not in await visitor.page.content()
            await _disagree(browser, base, cast, teacher)
            await _years_go_by(browser, cast)
            assert not teacher.errors
            assert not visitor.errors


async def _enrol(teacher: Someone) -> None:
    await teacher.open("/class")
    await teacher.page.get_by_label("Список", exact=True).fill(the_list())
    await teacher.press("Проверить список")
    await expect(teacher.page.locator("#enrol .badge", has_text="запишем")).to_have_count(20)
    await teacher.check()
    await teacher.press("Записать: 20")
    await teacher.see("Записано 20 учеников")
    await teacher.check()


async def _cards(teacher: Someone) -> str:
    """Print cards for all; return what is on them."""
    async with teacher.page.expect_download() as coming:
        await teacher.press("Сделать карточки для печати")
    with pypdfium2.PdfDocument(await (await coming.value).path()) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert len(set(codes_in(text))) == 20
    return text.replace("\ufffe", "-")


async def _come_in_by_card(browser: Browser, base: str, cards: str) -> None:
    login = login_in((await pupil("Яблокова")).email)
    code = codes_in(cards[cards.index(login) :])[0]
    anna = await Someone.at(browser, base, js=False)
    await anna.open(f"/card?login={login}&code={code.replace('-', '')}")
    await anna.page.get_by_label("Придумайте пароль").fill(PASSWORD)
    await anna.press("Войти")
    await anna.see("Вы вошли")


async def _join_the_team(teacher: Someone) -> None:
    await teacher.open("/class")
    await teacher.page.get_by_role("link", name="никого").click()
    for name in PUBLIC:
        await teacher.page.locator("#roll").get_by_label(name).check()
    await teacher.press("Добавить в команду")
    await teacher.see("В команду записано 3 ученика")


async def _sheets(teacher: Someone) -> None:
    """Print sheets for all, and bring them back signed."""
    photos = photographed(await _printed(teacher, [PARTICIPATION]))
    assert len(photos) == 22
    await teacher.page.get_by_role("link", name="никого").click()
    for given in ("Анна Яблокова", "Борис Грушин", "Вера Сливина"):
        await teacher.page.locator("#printing").get_by_label(given).check()
    await _bring(teacher, photos + photographed(await _printed(teacher, [PUBLIC_NAME])))
    await teacher.see("Прочитано 25 листов")
    await teacher.check()
    await _file(teacher)
    await teacher.see("Записано согласий: 25")
    await teacher.check()


async def _printed(teacher: Someone, purposes: list[str]) -> bytes:
    """Make sheets of these documents for the ticked children; return the file."""
    if "/consents" not in teacher.page.url:
        await teacher.open("/consents")
    for box in await teacher.page.locator("#printing input[name=purpose]").all():
        await box.set_checked(await box.get_attribute("value") in purposes)
    await teacher.press("Сделать бланки")
    await teacher.see("Бланки готовы")
    link = await teacher.page.get_by_role("link", name="Открыть и распечатать").get_attribute("href")
    assert link
    return await (await teacher.context.request.get(teacher.base + link)).body()


async def _bring(someone: Someone, photos: list[bytes]) -> None:
    files: Any = [{"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": photo} for n, photo in enumerate(photos)]
    await someone.page.locator("#f-files").set_input_files(files)
    await someone.page.locator("#bring").get_by_role("button", name="Загрузить").click(timeout=60_000)


async def _file(someone: Someone) -> None:
    """Record what was brought, once its pictures are there: the browser would report one that is filed while it is loading."""
    await someone.page.wait_for_load_state("networkidle")
    await someone.press("Подписи на месте: записать")


async def _gate_opens(browser: Browser, base: str, cast: Cast) -> None:
    """Fill in what is no part of this story, hand in, and let the version out."""
    await rewrite(cast, "problem", TEXT)
    await fill_details(cast)
    await fill_sections(cast)
    for adult in (cast.teacher, cast.coach):
        await give_consent(cast.project, adult, PARTICIPATION, by=adult)
    captain = await signed_in_at(browser, base, cast.captain, js=True)
    await captain.open(f"/projects/{cast.project.id}")
    await captain.press_and_confirm("Сдать заявку", within="body")
    await captain.see("Заявка сдана")
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)


async def _withdraw(browser: Browser, base: str) -> None:
    """One guardian takes one of three documents back, on a telephone without scripts."""
    code = await FamilyCode.objects().get(FamilyCode.person == (await pupil("Яблокова")).id)
    assert code
    mother = await Someone.at(browser, base, js=False)
    await mother.open("/family")
    await mother.page.get_by_label("Код с листа").fill(in_groups(code.code).lower())
    await mother.press("Открыть")
    await mother.see("показано имя")
    await mother.check()
    await mother.page.locator(f"form:has(input[value={PUBLIC_NAME}])").get_by_role("button").click()
    await mother.see("Согласие забрано")
    await mother.see("имени нет, только название команды")


async def _disagree(browser: Browser, base: str, cast: Cast, teacher: Someone) -> None:
    """The other guardian signs a new sheet: the teacher cannot record it, an organiser can."""
    anna = await pupil("Яблокова")
    await teacher.open("/consents?tick=none")
    await teacher.page.locator("#printing").get_by_label("Анна Яблокова").check()
    (photo,) = photographed(await _printed(teacher, [PUBLIC_NAME]))
    await _bring(teacher, [photo])
    await _file(teacher)
    await teacher.see("Семья забрала это согласие сама")
    assert (anna.id, PUBLIC_NAME) not in await valid_consents([anna.id])
    office = await signed_in_at(browser, base, cast.organiser, js=True)
    await office.open(f"/consents?project={cast.project.id}")
    await _bring(office, [photo])
    await _file(office)
    await office.see("Записано согласий: 1")
    assert (anna.id, PUBLIC_NAME) in await valid_consents([anna.id])


async def _years_go_by(browser: Browser, cast: Cast) -> None:
    """A teenager turns eighteen, and later the term ends: the name is gone on the day, at the first request."""
    boris, vera = await pupil("Грушин"), await pupil("Сливина")
    consent = await Consent.objects().get((Consent.person == vera.id) & (Consent.purpose == PUBLIC_NAME))
    assert consent
    assert boris.born_on
    slug = (await fresh_project(cast.project)).slug
    for day, shown, hidden in (
        (comes_of_age_on(boris.born_on) - timedelta(days=1), "Грушин", ""),
        (comes_of_age_on(boris.born_on), "Сливин", "Грушин"),
        (consent.ends_on, "Сливин", "Грушин"),
        (consent.ends_on + timedelta(days=1), "Тихий улей", "Сливин"),
    ):
        moment = datetime.combine(day, time(0, 1), REGION)
        page = await _page_at(browser, moment)
        await page.goto(f"http://testserver/showcase/{slug}")
        assert not hidden or hidden not in await page.content(), day
        with clock_at(moment):
            await hide_lapsed_names()  # as the server does when a day has begun
        await page.goto(f"http://testserver/showcase/{slug}")
        await expect(page.locator("body")).to_contain_text(shown)
        assert not hidden or hidden not in await page.content(), day
        await page.context.close()


async def _page_at(browser: Browser, moment: datetime) -> Page:
    """Return a page of a browser that asks this process, whose clock shows ``moment``."""
    context: BrowserContext = await browser.new_context(locale="ru-RU", viewport={"width": 390, "height": 844})
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=shared_app()), base_url="http://testserver")

    async def answer(route: Route) -> None:
        with clock_at(moment):
            response = await http.get(route.request.url, headers={"accept-language": "ru"})
        headers = {name: value for name, value in response.headers.items() if name != "content-encoding"}
        await route.fulfill(status=response.status_code, headers=headers, body=response.content)

    await context.route("**/*", answer)
    return await context.new_page()
