"""A team of three fills in a whole business plan, on a telephone and at a desk without scripts, and it goes its way to the showcase."""

import asyncio
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import pypdfium2
from openpyxl import load_workbook
from playwright.async_api import Browser, Locator, expect

from incubator.db.engines import AnyEngine
from incubator.people.tables import Person, Session
from incubator.publication.publish import ask_publication, publish
from incubator.reviews.assignment.assign import assign
from tests.attachments.uploads import pdf, photo
from tests.cast import Cast, fresh_project
from tests.chromium import chromium, needs_chromium, serving
from tests.engines import address_of
from tests.stories.business_plan import (
    BUDGET,
    CANVAS,
    CASH,
    ECONOMICS,
    PASSWORD,
    PLAN,
    a_plan_to_write,
    judged,
    newest_submission,
    stored,
)
from tests.stories.test_in_chromium import Someone, write_review
from tests.stories.test_reviewing_in_chromium import sign_in
from tests.stories.test_sheets_in_chromium import paste

pytestmark = needs_chromium

#: What a browser says of a connection that was cut, and of a session that has ended.
EXPECTED = re.compile("ERR_INTERNET_DISCONNECTED|401|403")


class Team:
    """The three of the team, each on a device of their own, and where they write."""

    def __init__(self, cast: Cast, phone: Someone, desk: Someone, tablet: Someone) -> None:
        self.cast, self.phone, self.desk, self.tablet = cast, phone, desk, tablet
        self.here = f"/projects/{cast.project.id}"

    @classmethod
    async def at(cls, browser: Browser, base: str, cast: Cast) -> "Team":
        phone, desk, tablet = [
            await Someone.at(browser, base, js=js, width=width)
            for js, width in ((True, 390), (False, 1280), (False, 820))
        ]
        for someone, person in ((phone, cast.captain), (desk, cast.teammate), (tablet, cast.outsider)):
            await sign_in(someone, person)
        return cls(cast, phone, desk, tablet)

    async def open(self, someone: Someone, key: str) -> None:
        await someone.open(f"{self.here}/answers/{key}")
        if someone.runs_scripts:
            await expect(someone.page.locator("html[data-ready]")).to_be_attached()


async def type_cells(someone: Someone, key: str, cells: Mapping[str, str]) -> None:
    for name, value in cells.items():
        await someone.page.locator(f"#f-{key}-{name}").fill(value)


async def type_rows(someone: Someone, rows: Sequence[Mapping[str, str]]) -> None:
    for place, cells in enumerate(rows):
        row = someone.page.locator("[data-row]").nth(place)
        for label, value in cells.items():
            await row.get_by_label(label, exact=True).fill(value)


def state(someone: Someone) -> Locator:
    return someone.page.locator("[data-save-state]")


async def test_a_business_plan_from_its_first_cell_to_the_showcase(database: AnyEngine, tmp_path: Path) -> None:
    cast = await a_plan_to_write()
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            team = await Team.at(browser, base, cast)
            await fill_the_canvas_at_once(team)
            await fill_plan_and_budget_without_scripts(team)
            await fill_economics_while_the_connection_is_cut(team)
            await fill_the_cash_flow_while_sessions_end(team)
            await upload_five_pictures_and_a_deck(team, tmp_path)
            await hand_in(team, 1)
            mentor = await Someone.at(browser, base, js=True, width=1280)
            await sign_in(mentor, cast.mentor)
            await see_all_of_it(mentor, cast)
            await judged(cast, "return")
            await change_two_cells(team)
            await hand_in(team, 2)
            await see_what_changed(mentor, cast)
            await judged(cast, "advance")
            await ask_publication(await fresh_project(cast.project), by=cast.captain, is_checked=True)
            await publish(await fresh_project(cast.project), by=cast.organiser)
            visitor = await Someone.at(browser, base, js=False)
            await see_it_in_public(visitor, (await fresh_project(cast.project)).slug)
            await take_its_papers(visitor)
            for someone in (team.phone, team.desk, team.tablet, mentor, visitor):
                assert [error for error in someone.errors if not EXPECTED.search(error)] == []


async def fill_the_canvas_at_once(team: Team) -> None:
    """Both type into other cells, which needs nobody, then into the same one, and one of them chooses."""
    phone, desk = team.phone, team.desk
    await team.open(desk, "canvas")
    await team.open(phone, "canvas")
    await type_cells(phone, "canvas", {key: words for key, words in CANVAS.items() if key != "revenue"})
    await expect(phone.page.locator("[data-computed]")).to_contain_text("Заполнено блоков: 8 из 9")
    await phone.check()
    await type_cells(desk, "canvas", {"revenue": CANVAS["revenue"], "problem": "Рой умирает, и никто не слышит"})
    await desk.press("Сохранить")
    conflict = desk.page.locator(".conflict")
    await expect(conflict.locator(".cell-changes li")).to_have_count(1)
    await expect(conflict).to_contain_text(CANVAS["problem"])
    await desk.check()
    await conflict.get_by_role("button", name="Оставить то, что сохранено").click()
    await desk.see("Сохранено")
    assert (await stored(team.cast, "canvas")).fields == CANVAS


async def fill_plan_and_budget_without_scripts(team: Team) -> None:
    desk = team.desk
    await team.open(desk, "plan")
    await type_rows(desk, PLAN)
    await desk.press("Сохранить")
    await desk.see("2 задачи до")
    await team.open(desk, "plan")
    await expect(desk.page.locator(".gantt li")).to_have_count(2)
    await desk.check()
    await team.open(desk, "budget")
    await type_rows(desk, BUDGET)
    await type_cells(desk, "budget", {"own": "20 тыс."})
    await desk.press("Сохранить")
    await team.open(desk, "budget")
    await expect(desk.page.locator("[data-computed]")).to_contain_text("13\N{NO-BREAK SPACE}035\N{NO-BREAK SPACE}₽")
    await desk.check()
    assert [row["price"] for row in (await stored(team.cast, "budget")).rows] == ["350.5", "210"]


async def fill_economics_while_the_connection_is_cut(team: Team) -> None:
    phone = team.phone
    await team.open(phone, "economics")
    await type_cells(phone, "economics", ECONOMICS)
    await expect(phone.page.locator("[data-computed]")).to_contain_text("24 продажи за месяц")
    await phone.page.context.set_offline(True)
    await type_cells(phone, "economics", {"planned": "40"})
    await expect(state(phone)).to_contain_text("нет связи")
    await phone.page.context.set_offline(False)
    await expect(state(phone)).to_contain_text("Сохранено в")
    await phone.check()
    assert (await stored(team.cast, "economics")).fields["planned"] == "40"


async def fill_the_cash_flow_while_sessions_end(team: Team) -> None:
    """Without scripts the form comes back behind the password; with them it goes on after signing in beside it."""
    tablet, phone = team.tablet, team.phone
    await team.open(tablet, "finance")
    await type_cells(tablet, "finance", CASH)
    await Session.delete().where(Session.person == team.cast.outsider.id)
    await tablet.press("Сохранить")
    await tablet.see("Ваш текст цел")
    await tablet.check()
    await enter(tablet, team.cast.outsider)
    for name, value in CASH.items():
        await expect(tablet.page.locator(f"#f-finance-{name}")).to_have_value(value)
    await tablet.press("Сохранить")
    await tablet.see("Денег хватает")

    await team.open(phone, "finance")
    await phone.page.get_by_text("Продажи по месяцам, если они разные").click()
    await Session.delete().where(Session.person == team.cast.captain.id)
    await paste(phone.page.locator("#f-finance-sold1"), "30\t32\t35")
    await expect(state(phone)).to_contain_text("Войдите")
    tab = await phone.context.new_page()
    await tab.goto(f"{phone.base}/sign-in")
    await tab.get_by_label("Почта или логин").fill(team.cast.captain.email)
    await tab.get_by_label("Пароль").fill(PASSWORD)
    await tab.locator("main").get_by_role("button", name="Войти", exact=True).click()
    await tab.wait_for_url(lambda url: "sign-in" not in url)
    await tab.close()
    await phone.page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(state(phone)).to_contain_text("Сохранено в")
    await phone.check()
    fields = (await stored(team.cast, "finance")).fields
    assert [fields[key] for key in ("own", "price", "fixed", "sold1", "sold2", "sold3")] == [
        "45000", "1200.5", "12000", "30", "32", "35",
    ]  # fmt: skip


async def enter(someone: Someone, person: Person) -> None:
    await someone.page.get_by_label("Почта или логин").fill(person.email or "")
    await someone.page.get_by_label("Пароль").fill(PASSWORD)
    await someone.press("Войти")


async def upload_five_pictures_and_a_deck(team: Team, folder: Path) -> None:
    """Three pictures from the telephone, the others from the desk; one of them becomes the cover, on one is the captain."""
    files = []
    for number, colour in enumerate(("teal", "maroon", "olive", "navy", "sienna")):
        files.append(folder / f"{number}.jpg")
        files[-1].write_bytes(photo(900, 600 + 60 * number, colour=colour))
    files.append(folder / "deck.pdf")
    files[-1].write_bytes(pdf(3))
    phone, desk = team.phone, team.desk
    await phone.open(f"{team.here}/files/new/pictures")
    await expect(phone.page.locator("html[data-ready]")).to_be_attached()
    await phone.check()
    await phone.page.set_input_files("#f-files", files[:3])
    await phone.page.wait_for_url(f"**{team.here}/files")
    await desk.open(f"{team.here}/files/new/appendices")
    await desk.page.set_input_files("#f-files", files[3:])
    await desk.press("Загрузить")
    await desk.see("Загружено 3 файла")

    await phone.open(f"{team.here}/files")
    own = phone.page.locator(".own-file")
    await expect(own).to_have_count(6)
    for number in range(6):
        await own.nth(number).get_by_label("Что это").fill("Презентация" if number == 5 else f"Снимок {number + 1}")
        await own.nth(number).get_by_label("людей нет").check()
    await own.first.get_by_label("люди из команды", exact=True).check()
    await own.first.get_by_label(team.cast.captain.name).check()
    await phone.check()
    await phone.press("Записать")
    await expect(phone.page.locator("main").get_by_text("на витрине пока нет")).to_have_count(6)
    await team.open(phone, "pictures")
    await phone.page.locator("[data-row]").nth(1).get_by_label("Зачем он здесь").select_option("cover")
    await expect(state(phone)).to_contain_text("Сохранено в")
    await phone.check()


async def hand_in(team: Team, number: int) -> None:
    phone = team.phone
    await phone.open(team.here)
    await expect(phone.page.locator("html[data-ready]")).to_be_attached()
    await expect(phone.page.get_by_role("link", name="таблица финансов")).to_be_visible()
    if number == 1:
        await phone.check()
    await phone.press_and_confirm("Сдать заявку")
    await phone.see(f"версия {number}")
    await phone.open(f"{team.here}/submissions/{number}")
    await expect(phone.page.get_by_role("link", name="PDF", exact=True)).to_be_visible()
    await phone.check()


async def all_pictures_come(someone: Someone) -> None:
    for picture in await someone.page.locator("main img").all():
        await picture.scroll_into_view_if_needed()
        await expect(picture).to_have_js_property("complete", True)
        assert await picture.evaluate("image => image.naturalWidth") > 0


async def see_charts(someone: Someone) -> None:
    """Assert that a chart of each sheet is there for those who listen as well."""
    main = someone.page.locator("main")
    for stage in await main.locator("details.document-stage").all():
        if await stage.get_attribute("open") is None:
            await stage.locator("> summary").click()
    for name in (
        "Остаток денег по месяцам",
        "Выручка и расходы в зависимости от числа продаж",
        "Сильнее всего на прибыль влияет",
    ):
        chart = main.get_by_role("img", name=re.compile(name)).first
        await expect(chart).to_be_visible()
    await expect(main.get_by_role("figure", name="Задачи по месяцам")).to_be_visible()
    await expect(main.locator(".canvas dd", has_text=CANVAS["advantage"])).to_be_visible()
    await expect(main.locator(".bars").first).to_be_visible()


async def see_all_of_it(mentor: Someone, cast: Cast) -> None:
    assignment = await assign(await newest_submission(cast), cast.mentor, by=cast.organiser)
    await mentor.open(f"/reviews/{assignment.id}")
    await see_charts(mentor)
    await expect(mentor.page.locator(".pictures img")).to_have_count(5)
    await expect(mentor.page.locator(".deck-pages img")).to_have_count(3)
    await all_pictures_come(mentor)
    await mentor.check()
    await write_review(mentor, "return", check=False)


async def change_two_cells(team: Team) -> None:
    await team.open(team.phone, "finance")
    await type_cells(team.phone, "finance", {"price": "1 350"})
    await expect(state(team.phone)).to_contain_text("Сохранено в")
    await team.open(team.desk, "budget")
    await type_rows(team.desk, [{"Цена, ₽": "340"}])
    await team.desk.press("Сохранить")
    await team.phone.open(f"{team.here}#all")
    await team.phone.page.get_by_label("Что вы сделали").fill("Сказали, откуда деньги")
    await team.phone.press("Отметить учтённым")


async def see_what_changed(mentor: Someone, cast: Cast) -> None:
    assignment = await assign(await newest_submission(cast), cast.mentor, by=cast.organiser)
    await mentor.open(f"/reviews/{assignment.id}")
    for key, place, before, after in (
        ("finance", "Цена одного, ₽", "1\N{NO-BREAK SPACE}200,50", "1\N{NO-BREAK SPACE}350"),
        ("budget", "Цена, ₽, строка 1", "350,50", "340"),
    ):
        part = mentor.page.locator(f"#s-{key}")
        await part.locator("summary", has_text="Что изменилось").click()
        changed = part.locator(".cell-changes li")
        await expect(changed).to_have_count(1)
        await expect(changed).to_contain_text(place)
        await expect(changed.locator("del")).to_contain_text(before)
        await expect(changed.locator("ins")).to_contain_text(after)
    await mentor.check()
    await write_review(mentor, "advance", check=False)


async def see_it_in_public(visitor: Someone, slug: str) -> None:
    await visitor.open(f"/showcase/{slug}")
    await expect(visitor.page.locator(".project-cover img")).to_have_attribute("alt", "Снимок 2")
    await expect(visitor.page.locator(".pictures img")).to_have_count(4)
    await expect(visitor.page.locator(".deck-pages img")).to_have_count(3)
    await see_charts(visitor)
    await all_pictures_come(visitor)
    await visitor.check()


async def taken(visitor: Someone, link: str) -> bytes:
    async with visitor.page.expect_download() as waiting:
        await visitor.page.get_by_role("link", name=link, exact=True).first.click()
    return await asyncio.to_thread((await (await waiting.value).path()).read_bytes)


async def take_its_papers(visitor: Someone) -> None:
    document = pypdfium2.PdfDocument(await taken(visitor, "PDF"))
    text = " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
    photos = [
        each for page in document for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=15)
    ]
    document.close()
    word = docx.Document(io.BytesIO(await taken(visitor, "Word")))
    tables = " ".join(" ".join(cell.text for table in word.tables for row in table.rows for cell in row.cells).split())
    for said in ("Датчики", "Собрать тридцать датчиков", "1 350", "700,25", CANVAS["advantage"]):
        assert said in text
        assert said in tables
    assert len(photos) == 6
    assert {"Снимок 2", "Снимок 1", "Презентация (3 страницы)"} <= {
        shape._inline.docPr.get("descr") for shape in word.inline_shapes
    }
    book = load_workbook(io.BytesIO(await taken(visitor, "таблица финансов")))
    cells = [cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {340, 210, 1350, 1200.5, 700.25, 45_000, "Датчики"} <= set(cells)
    assert any(str(cell).startswith("=") for cell in cells)
