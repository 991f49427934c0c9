"""The whole path in a real browser, as each person, with and without JavaScript, on both engines."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from incubator.core.clock import today
from incubator.db.engines import AnyEngine
from incubator.people.tables import Person
from incubator.programme.install import install_defaults
from incubator.projects.document import Part, parts_of
from incubator.projects.kinds.files import KIND as FILES
from incubator.projects.kinds.registry import TEXT
from incubator.projects.staff_invitations import invite_from_server
from incubator.projects.tables import Project
from incubator.reviews.tables import Assignment, Remark, Review
from tests.cast import in_days
from tests.chromium import assert_accessible, chromium, needs_chromium, serving
from tests.engines import address_of
from tests.stories.test_the_long_way import happened, last_link, one

PASSWORD = "синий чайник поёт"

pytestmark = needs_chromium


class Someone:
    """A person on their own device."""

    def __init__(self, context: BrowserContext, page: Page, base: str) -> None:
        self.context, self.page, self.base = context, page, base
        self.runs_scripts = True
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)

    @classmethod
    async def at(
        cls, browser: Browser, base: str, *, js: bool, width: int = 390, has_worker: bool = False
    ) -> "Someone":
        """``has_worker``: with the service worker, beside which a page that is cut off and closed may still send its words."""
        context = await browser.new_context(
            java_script_enabled=js, locale="ru-RU", viewport={"width": width, "height": 844},
            service_workers="allow" if has_worker else "block",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        someone = cls(context, await context.new_page(), base)
        someone.runs_scripts = js
        return someone

    async def open(self, path: str) -> None:
        # Within a page the address only moves to another place of it.
        response = await self.page.goto(self.base + path) or await self.page.reload()
        assert response
        assert response.status == 200, f"{path}: {response.status}"
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} scrolls sideways by {wide}px"

    async def check(self) -> None:
        """Assert that axe-core finds no violations. Without scripts it cannot run in the page itself: it checks the same
        page in a twin that may run scripts but does not get ours."""
        if self.runs_scripts:
            await assert_accessible(self.page)
            return
        browser = self.context.browser
        assert browser
        twin = await browser.new_context(
            storage_state=await self.context.storage_state(), viewport=self.page.viewport_size
        )
        page = await twin.new_page()
        await page.route("**/*.js", lambda route: route.abort())
        await page.goto(self.page.url)
        await assert_accessible(page)
        await twin.close()

    def _hear(self, message: ConsoleMessage) -> None:
        """Note what the console calls an error, but for answers that ask for something: a conflict, a missing field."""
        if message.type == "error" and not any(status in message.text for status in ("409", "422")):
            self.errors.append(message.text)

    async def see(self, text: str) -> None:
        await expect(self.page.locator("body")).to_contain_text(text)

    async def press(self, name: str, within: str = "main") -> None:
        await self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()

    async def ready(self) -> None:
        """Wait for the page's scripts: until then a button does what it does without them, and asks nothing."""
        if self.runs_scripts:
            await self.page.wait_for_selector("html[data-ready]")

    async def confirm(self) -> None:
        """Answer the script's confirmation before an action that is hard to undo."""
        if self.runs_scripts:
            await self.page.locator("dialog[open]").get_by_role("button", name="Да").click()

    async def press_and_confirm(self, name: str, within: str = "main") -> None:
        await self.ready()
        await self.press(name, within)
        await self.confirm()


async def join_by_mail(someone: Someone, email: str, given: str, family: str) -> None:
    link = await last_link(email)
    await someone.open(link)
    await someone.page.get_by_label("Пароль").fill(PASSWORD)
    await someone.page.locator("main summary").first.click()
    await someone.page.get_by_label("Имя", exact=True).fill(given)
    await someone.page.get_by_label("Фамилия").fill(family)
    for label, number in (("День", "3"), ("Месяц", "9"), ("Год", "1985")):
        await someone.page.get_by_label(label, exact=True).fill(number)
    await someone.press("Принять приглашение")


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
async def test_the_long_way(database: AnyEngine, tmp_path: Path, js: bool) -> None:
    await install_defaults()
    secret = await invite_from_server("organiser", email="office@example.org")
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            await _walk(browser, base, secret, js)


async def _walk(browser: Browser, base: str, secret: str, js: bool) -> None:
    office = await Someone.at(browser, base, js=js, width=1280)
    await office.open(f"/invitations/{secret}")
    await office.check()
    await office.page.get_by_label("Пароль").fill(PASSWORD)
    await office.press("Принять приглашение")
    await office.see("Сейчас нет открытого сезона")
    await office.check()
    await office.open("/organiser/seasons/new")
    await office.page.get_by_label("Название по-русски").fill("Сезон")
    await office.page.get_by_label("Название по-английски").fill("Season")
    await office.page.get_by_label("Начало").fill(today().isoformat())
    await office.page.get_by_label("Конец").fill(in_days(270).isoformat())
    await office.press("Открыть сезон")
    await office.see("Сезон открыт")

    student = await Someone.at(browser, base, js=js)
    await student.open("/")
    await student.check()
    await student.page.locator("main").get_by_role("link", name="Предложить идею").first.click()
    await student.page.get_by_label("Адрес почты").fill("maria@example.org")
    await student.page.get_by_label("Пароль").fill(PASSWORD)
    await student.check()
    await student.press("Начать писать")
    await student.see("Без названия")
    project = await one(Project, Project.id > 0)
    here = f"/projects/{project.id}"
    assert await happened(project) == ["started"]

    await student.open(await last_link("maria@example.org"))
    await student.press("Да, подтверждаю")
    await student.open("/profile")
    await student.page.get_by_label("Имя", exact=True).fill("Мария")
    await student.page.get_by_label("Фамилия").fill("Кузнецова")
    await student.press("Сохранить")
    await student.open(f"{here}/details")
    await student.page.get_by_label("Название", exact=True).fill("Тихий улей")
    await student.page.get_by_label("Кластер").select_option(index=1)
    await student.page.get_by_label("Район").select_option(index=2)
    await student.page.get_by_label("Школа, колледж или вуз").fill("Гатчинский лицей")
    await student.press("Сохранить")
    await student.page.get_by_text("новая: школа").click()
    await student.check()
    await student.press("Сохранить")
    await _write_empty(student, here)
    await student.see("Пригласите педагога")
    await student.check()

    await student.open(f"{here}/team")
    await student.page.get_by_label("Адрес почты").fill("teacher@example.org")
    await student.page.get_by_label("Роль").first.select_option("teacher")
    await student.press("Отправить приглашение")
    teacher = await Someone.at(browser, base, js=js)
    await join_by_mail(teacher, "teacher@example.org", "Ольга", "Петровна")
    # Nobody knows the teacher yet: an organiser vouches for her.
    await teacher.open(f"{here}/team")
    await teacher.see("Ждём, когда вас подтвердят")
    await teacher.check()
    await office.open("/vouching")
    await office.check()
    await office.page.locator("main form button.btn").first.click()
    await office.see("Никто не ждёт")
    await teacher.open(f"{here}/team")
    await teacher.check()
    await teacher.press("Бланк получен")
    await teacher.see("Согласие записано")
    await teacher.press("Даю согласие")
    await teacher.see("Согласие записано")

    mentors = []
    for name in ("anna", "boris"):
        await office.open("/organiser/people")
        await office.page.get_by_text("наставника", exact=True).click()
        await office.page.get_by_label("Адрес почты").fill(f"{name}@plant.example")
        await office.page.get_by_label("Где работает наставник").fill("Завод «Заря»")
        await office.press("Отправить приглашение")
        if name == "anna":  # nobody has named the plant before
            await office.page.get_by_text("новая: предприятие").click()
            await office.press("Отправить приглашение")
        mentor = await Someone.at(browser, base, js=js, width=1280)
        await join_by_mail(mentor, f"{name}@plant.example", name.title(), "Орлова")
        await mentor.see("Сейчас ничего не ждёт")
        mentors.append(mentor)

    everybody = (student, teacher, office, *mentors)
    await _round(student, mentors, office, here, 1, "return")
    await student.open(here)
    await student.see("Сколько пасек вы спросили?")
    await _save(student, "problem", "Мы спросили двенадцать пасек")
    await student.page.get_by_label("Что вы сделали").fill("Спросили двенадцать пасек")
    await student.press("Отметить учтённым")
    assert (await one(Remark, Remark.project == project.id)).addressed_at is not None
    await _round(student, mentors, office, here, 2, "advance")
    for number in (3, 4):
        await _write_empty(student, here)
        await _round(student, mentors, office, here, number, "advance")
    assert (await one(Project, Project.id == project.id)).state == "graduated"
    assert (await happened(project))[-1] == "graduated"
    await student.open(here)
    await student.see("Все три рубежа пройдены")
    await student.check()

    await student.open(f"{here}/showcase")
    await student.check()
    await student.press("Попросить показать")
    await office.open("/organiser/publications")
    await office.page.get_by_role("link", name="Прочесть и решить").click()
    await office.check()
    await office.press("Показать всем")
    assert (await happened(project))[-1] == "published"
    visitor = await Someone.at(browser, base, js=js)
    await visitor.open("/showcase")
    await visitor.check()
    await visitor.page.get_by_label("Искать").fill("улей")
    await visitor.press("Найти")
    await visitor.page.get_by_role("link", name="Тихий улей").click()
    await visitor.see("Как рос проект")
    await visitor.see("Имена участников не показаны.")
    assert not {"Мария", "Кузнецова"} & set((await visitor.page.content()).split())
    await visitor.check()
    for someone in (*everybody, visitor):
        assert someone.errors == []


async def _write_empty(student: Someone, here: str) -> None:
    """Fill every empty section: by typing where scripts run, otherwise with the button."""
    await student.open(here)
    project = await one(Project, Project.id > 0)
    for part in await parts_of(project):
        if not part.text and part.kind is TEXT:
            await _save(student, part.key, f"Ответ: {part.key}")
        elif not part.text and part.kind is not FILES:  # nobody must; test_pictures_in_chromium.py uploads some
            await _fill_cells(student, part)


async def _save(student: Someone, key: str, text: str) -> None:
    area = student.page.locator(f"#f-{key}")
    await _open_all(student)
    if not await area.is_visible():
        await student.page.locator("details.carried > summary").first.click()
    await area.fill(text)
    form = student.page.locator(f"#s-{key} div.section-form")
    if student.runs_scripts:
        await area.blur()
        await expect(form.locator("[data-save-state]")).to_contain_text("Сохранено в")
        await expect(form.locator("[data-counter]").first).to_have_text(str(len(text)))
    else:
        await form.get_by_role("button", name="Сохранить", exact=True).click()
        await student.see("Сохранено")


async def _open_all(student: Someone) -> None:
    """A phone lists the sections first."""
    if not await student.page.locator("#all").is_visible():
        await student.page.get_by_role("link", name="Весь документ на одной странице").click()


#: What is typed into the first cells of each kind, by label, and what follows from it.
_CELLS = {
    "budget": ({"Что": "Доски", "Цена": "1 200,50"}, "1\N{NO-BREAK SPACE}200,50"),
    "canvas": ({"Проблемы": "Зимой не видно, жив ли рой"}, "Заполнено блоков: 1 из 9"),
    "economics": ({"Цена": "1 200,50"}, "1\N{NO-BREAK SPACE}200,50"),
    "plan": ({"Задача": "Собрать макет", "Срок": "2027-01-10"}, "1 задача до 10 января"),
    "links": ({"Название": "Минута гула", "Ссылка": "https://example.org/video"}, "example.org"),
    "readiness": ({"Что это подтверждает": "Опыт с мукой вместо улья"}, "Главное проверено"),
    "cash_flow": ({"Свои деньги": "1 200,50", "Цена одного": "100", "Продадите": "10"}, "Денег хватает"),
}


async def _fill_cells(student: Someone, part: Part) -> None:
    await _open_all(student)
    form = student.page.locator(f"#s-{part.key} div.section-form")
    cells, follows = _CELLS[part.kind.key]
    if part.kind.key == "readiness":
        await form.get_by_label("Уровень").select_option("3")
    for label, cell in cells.items():
        await form.get_by_label(label).first.fill(cell)
    if student.runs_scripts:
        await expect(form.locator("[data-save-state]")).to_contain_text("Сохранено в")
    else:
        await form.get_by_role("button", name="Сохранить", exact=True).click()
        await student.see("Сохранено")
    await expect(form.locator("[data-computed]")).to_contain_text(follows)


async def _round(
    student: Someone, mentors: list[Someone], office: Someone, here: str, number: int, outcome: str
) -> None:
    """Submit, review twice, decide, release."""
    await student.open(here)
    await student.press_and_confirm("Сдать заявку")
    await student.see(f"версия {number}")
    assert (await happened())[-1] == "submitted"
    submission = int(await _newest_submission())
    for mentor, email in zip(mentors, ("anna@plant.example", "boris@plant.example"), strict=True):
        person = await one(Person, Person.email == email)
        await office.open(f"/organiser/submissions/{submission}")
        # Where no script runs, the field is lent to another form under a longer name.
        await office.page.locator(f'input[name$="mentor"][value="{person.id}"]').check()
        await office.press("Назначить")
        await mentor.open("/desk")
        await mentor.page.locator("main").get_by_role("link", name=re.compile("^Читать")).click()
        await write_review(mentor, outcome, check=number in (1, 2))
        assignment = await one(Assignment, (Assignment.submission == submission) & (Assignment.mentor == person.id))
        assert (await one(Review, Review.assignment == assignment.id)).sent_at is not None
    await office.open(f"/organiser/submissions/{submission}")
    if number == 1:
        await office.check()
    await office.page.get_by_text({"advance": "Дальше", "return": "На доработку"}[outcome], exact=True).click()
    await office.page.get_by_label("Что сказать команде").fill(f"Причина: {outcome}")
    if outcome == "return":
        await office.page.get_by_text("Замечания для доработки").click()
        await office.page.locator("#remark-key-0").select_option("problem")
        await office.page.locator("#remark-text-0").fill("Сколько пасек вы спросили?")
    await office.press("Записать решение")
    await office.see("Решение записано")
    await office.press_and_confirm("Объявить команде")
    await office.see("Решение объявлено")


async def _newest_submission() -> Any:
    from incubator.projects.tables import Submission

    row = await Submission.select(Submission.id).order_by(Submission.id, ascending=False).first()
    assert row
    return row["id"]


async def write_review(mentor: Someone, outcome: str, *, check: bool) -> None:
    page = mentor.page
    await expect(page.get_by_label("Совет команде")).to_be_visible()  # it stands below the criteria: they are all there
    names = await page.evaluate(
        "[...new Set([...document.querySelectorAll('input[name^=level-]')].map((i) => i.name))]"
    )
    for name in names:
        await page.locator(f'input[name="{name}"][value="2"]').check()
    await page.get_by_label("Совет команде").fill("Поговорите с тремя пасечниками.")
    await page.locator("main").get_by_text({"advance": "Дальше", "return": "На доработку"}[outcome], exact=True).click()
    if check:
        await mentor.check()
    await mentor.press("Отправить рецензию")
    await mentor.see("Рецензия отправлена")


async def test_a_lost_connection_loses_no_word(sqlite: AnyEngine, tmp_path: Path) -> None:
    """Text typed while the server is down is kept in the browser, offered again, and saved when it is back."""
    from incubator.people.sessions import begin_session
    from incubator.projects.answers import answer_of
    from tests.cast import make_cast

    cast = await make_cast()
    secret = await begin_session(cast.captain, user_agent="test")
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            someone = await Someone.at(browser, base, js=True)
            await someone.context.add_cookies([{"name": "session", "value": secret, "url": base}])
            here = f"/projects/{cast.project.id}"
            await someone.open(f"{here}#all")
            await expect(someone.page.locator("html[data-ready]")).to_be_attached()  # autosave has come
            await someone.context.set_offline(True)
            await someone.page.locator("#f-problem").fill("Слова без связи")
            await expect(someone.page.locator("#s-problem [data-save-state]")).to_contain_text("нет связи")
            await someone.page.close()  # before the page notices that the connection is back, and saves
            await someone.context.set_offline(False)
            someone.page = await someone.context.new_page()
            await someone.open(f"{here}#all")
            await someone.page.locator("#s-problem").get_by_role("button", name="Вернуть", exact=True).click()
            await expect(someone.page.locator("#s-problem [data-save-state]")).to_contain_text("Сохранено в")
            answer = await answer_of(cast.project.id, "problem")
            assert answer
            assert answer.text == "Слова без связи"


async def test_a_connection_that_is_back_saves_what_was_typed_without_it(sqlite: AnyEngine, tmp_path: Path) -> None:
    """Even if it was lost before the scripts came."""
    from incubator.people.sessions import begin_session
    from incubator.projects.answers import answer_of
    from tests.cast import make_cast

    cast = await make_cast()
    secret = await begin_session(cast.captain, user_agent="test")
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            someone = await Someone.at(browser, base, js=True)
            await someone.context.add_cookies([{"name": "session", "value": secret, "url": base}])
            is_lost = True

            async def poorly(route: Any) -> None:
                await (route.abort() if is_lost else route.continue_())

            await someone.page.route("**/autosave*.js", poorly)
            await someone.open(f"/projects/{cast.project.id}#all")
            await someone.page.locator("#f-problem").fill("Слова без связи")
            is_lost = False
            await someone.page.evaluate("dispatchEvent(new Event('online'))")
            await expect(someone.page.locator("#s-problem [data-save-state]")).to_contain_text("Сохранено в")
            answer = await answer_of(cast.project.id, "problem")
            assert answer
            assert answer.text == "Слова без связи"


async def test_two_tabs_see_both_texts(sqlite: AnyEngine, tmp_path: Path) -> None:
    from incubator.people.sessions import begin_session
    from incubator.projects.answers import answer_of
    from tests.cast import make_cast

    cast = await make_cast()
    with serving(address_of(sqlite), tmp_path) as base:
        async with chromium() as browser:
            both = []
            for person in (cast.captain, cast.teammate):
                someone = await Someone.at(browser, base, js=True)
                secret = await begin_session(person, user_agent="test")
                await someone.context.add_cookies([{"name": "session", "value": secret, "url": base}])
                await someone.open(f"/projects/{cast.project.id}#all")
                both.append(someone)
            first, second = both
            # Whoever hears in time what the other saved goes on from there, and nothing has to be chosen.
            await second.context.route("**/changes*", lambda route: route.abort())
            await _save(first, "problem", "Текст Марии")
            await second.page.locator("#f-problem").fill("Текст Ивана")
            await expect(second.page.locator("#s-problem .conflict")).to_contain_text("Мария Кузнецова")
            await second.check()
            await (
                second.page.locator("#s-problem .conflict")
                .get_by_role("button", name="Оставить этот текст")
                .first.click()
            )
            await second.see("Сохранено")
            answer = await answer_of(cast.project.id, "problem")
            assert answer
            assert answer.text == "Текст Ивана"
            for someone in both:
                await someone.open(f"/projects/{cast.project.id}#all")
            await _save(first, "problem", "Сегодня текст Ивана")
            await second.page.locator("#f-problem").fill("Текст Ивана и Марии")
            conflict = second.page.locator("#s-problem .conflict")
            await expect(conflict).to_contain_text("оба изменения встали рядом")
            await second.check()
            await conflict.get_by_role("button", name="Оставить оба").click()
            await second.see("Сохранено")
            answer = await answer_of(cast.project.id, "problem")
            assert answer
            assert answer.text == "Сегодня текст Ивана и Марии"
