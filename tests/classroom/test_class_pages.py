"""The pages of a class, without scripts: from a pasted list to an open gate."""

import io

import pypdfium2

from incubator.classroom.cards import make_cards
from incubator.core.clock import now, today
from incubator.core.logins import login_in
from incubator.gates.facts import blockers_of
from incubator.gates.submit import submit
from incubator.mail.tables import Message
from incubator.people.accounts import authenticate
from incubator.people.tables import Enrolment, Person
from incubator.privacy.tables import ConsentSheet
from incubator.projects.answers import save_answer
from incubator.projects.consents import PARTICIPATION, give_consent, valid_consents
from incubator.projects.details import Details, change_details
from incubator.projects.document import parts_of
from incubator.projects.tables import Member, Project
from incubator.projects.team import team_of
from incubator.reference.tables import Cluster, Municipality
from incubator.tabular.sheets import as_xlsx
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh, fresh_project
from tests.classroom.classes import LIST, PASSWORD, at_work, codes_in, colleague_of, confirmed_teacher, enrolled
from tests.privacy.photographs import photographed

NAMES = [
    "Анна",
    "Борис",
    "Вера",
    "Глеб",
    "Дина",
    "Егор",
    "Жанна",
    "Захар",
    "Инна",
    "Кирилл",
    "Лада",
    "Макар",
    "Нина",
    "Олег",
    "Полина",
    "Роман",
    "Софья",
    "Тимур",
    "Ульяна",
    "Фёдор",
]
FOUR = "\n".join(f"{n}. Пчелин-Ульев {name} {n:02}.03.2012" for n, name in enumerate(NAMES[:4], 1))


async def test_a_class_from_the_list_to_an_open_gate(cast: Cast) -> None:
    await confirmed_teacher(cast)
    teacher = await signed_in(cast.teacher)
    await teacher.open("/projects")
    assert 'href="/class"' in teacher.page.text
    await teacher.open("/class")
    await teacher.send("/class/list", list=FOUR, course="7А")
    assert teacher.text.count("запишем") == 4
    assert await Enrolment.count() == 0
    await teacher.post("/class/pupils", teacher.form("/class/list"))
    assert "Записано 4 ученика" in teacher.text

    pupils = teacher.form("/class/cards")
    await teacher.send("/class/cards")
    assert [name for name, _value in pupils].count("pupil") == 4
    assert teacher.page.headers["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(io.BytesIO(teacher.page.content)) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document).replace("\ufffe", "-")
        assert len(document) == 1
    codes = codes_in(text)
    assert len(set(codes)) == 4
    first = await Person.objects().get((Person.family_name == "Пчелин-Ульев") & (Person.given_name == "Анна"))
    assert first
    code = next(code for code in codes if text.index(code) > text.index(login_in(first.email)))

    pupil = Browser()
    await pupil.open(f"/card?login={login_in(first.email)}&code={code.replace('-', '')}")
    await pupil.send("/card", password="1")
    assert pupil.page.status_code == 422
    await pupil.send("/card", password=PASSWORD)
    assert pupil.path == "/projects"
    assert login_in(first.email) in pupil.text
    await pupil.open("/profile")
    assert "Добавить почту" in pupil.text
    await pupil.open("/projects/new")
    await pupil.send("/projects/new", title="Улей в классе", pitch="Пчёлы рядом")
    project = await Project.objects().get(Project.title == "Улей в классе")
    assert project

    await teacher.open("/class")
    assert "карточка до" in teacher.text
    assert "на сайте" in teacher.text
    await teacher.send(f"/class/projects/{project.id}/teacher")
    assert [mate.role for mate in await team_of(project.id)] == ["captain", "teacher"]

    await teacher.open("/consents")
    assert teacher.text.count("Пчелин-Ульев") >= 4
    await teacher.send("/consents/sheets", purpose=[PARTICIPATION])
    assert "Бланки готовы" in teacher.text
    sheet = await ConsentSheet.objects().order_by(ConsentSheet.id, ascending=False).first()
    assert sheet
    pdf = (await teacher.http.get(f"/consents/sheets/{sheet.batch}/print")).content
    await teacher.open("/consents")
    photos = photographed(pdf)
    files = [("files", (f"IMG_{n}.jpg", photo, "image/jpeg")) for n, photo in enumerate(photos)]
    teacher.page = await teacher.http.post(
        "/consents/scans", data={"csrf": teacher.csrf()}, files=files, follow_redirects=True
    )
    await teacher.send("/consents/scans/filing")
    rows = await Enrolment.select(Enrolment.person)
    assert len(await valid_consents([row["person"] for row in rows])) == 4

    await _fill(project, first)
    await give_consent(project, cast.teacher, PARTICIPATION, by=cast.teacher)
    assert [each.code for each in await blockers_of(await fresh_project(project))] == []
    assert await submit(await fresh_project(project), by=first)
    assert not await Message.exists().where(Message.to.like("%pupil.invalid"))


async def _fill(project: Project, by: Person) -> None:
    cluster, municipality = await Cluster.objects().first(), await Municipality.objects().first()
    assert cluster
    assert municipality
    details = Details("Улей в классе", "", "", cluster.id, municipality.id, "Школа № 7", ())
    await change_details(await fresh_project(project), details, version=1, by=by)
    for part in await parts_of(await fresh_project(project)):
        if not part.text:
            await save_answer(project, part.key, "Ответ", version=part.version, by=by)


async def test_mistakes_are_said_beside_their_lines_and_nothing_is_made(cast: Cast) -> None:
    await confirmed_teacher(cast)
    teacher = await signed_in(cast.teacher)
    await teacher.open("/class")
    await teacher.send("/class/list", list=LIST + "\nБез Даты\nПетров 31.02.2011")
    assert "нет даты рождения" in teacher.text
    assert "такой даты нет" in teacher.text
    assert 'formaction="/class/pupils"' not in teacher.page.text
    await teacher.post("/class/pupils", teacher.form("/class/list"))
    assert teacher.page.status_code == 422
    assert "Без Даты" in teacher.text
    assert await Enrolment.count() == 0
    await teacher.send("/class/list", list="")
    assert teacher.page.status_code == 422


async def test_a_table_is_read(cast: Cast) -> None:
    await confirmed_teacher(cast)
    teacher = await signed_in(cast.teacher)
    await teacher.open("/class")
    content = as_xlsx(["Фамилия", "Имя", "Дата рождения"], [["Иванов", "Пётр", "05.03.2012"]])
    for name, data, said in (("класс.xlsx", content, "Иванов Пётр"), ("x.pdf", b"%PDF", "Не получилось прочитать: ")):
        teacher.page = await teacher.http.post(
            "/class/list", data={"csrf": teacher.csrf()}, files={"file": (name, data, "application/octet-stream")}
        )
        assert said in teacher.text


async def test_a_login_signs_in_and_gets_no_mail(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    await at_work(cast, pupil)
    browser = Browser()
    await browser.open("/sign-in")
    await browser.send("/sign-in", email=login_in(pupil.email).upper(), password=PASSWORD)
    assert browser.path == "/projects"
    other = Browser()
    await other.open("/password/forgot")
    await other.send("/password/forgot", email=login_in(pupil.email))
    assert "Новую карточку с кодом даст педагог" in other.text
    await other.open("/sign-in")
    await other.send("/sign-in", email=login_in(pupil.email), password="не тот пароль")
    assert "Логин и пароль не подошли" in other.text
    await other.open("/sign-up")
    await other.send("/sign-up", email=pupil.email, password="три слова подряд", given_name="Кто")
    assert other.page.status_code == 422


async def test_a_mailbox_that_is_added_later_is_proved(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    await at_work(cast, pupil)
    browser = await signed_in(await fresh(pupil))
    await browser.open("/profile/address")
    await browser.send("/profile/address", new_email="petya@example.org", address_password=PASSWORD)
    assert await Message.select(Message.to).where(Message.sent_at.is_null()).distinct() == [{"to": "petya@example.org"}]
    mail = await Message.objects().first()
    assert mail
    secret = mail.body.split("/address/")[1].split()[0]
    assert not (await fresh(pupil)).has_mailbox
    await browser.open(f"/address/{secret}")
    await browser.send(f"/address/{secret}")
    known = await fresh(pupil)
    assert known.email == "petya@example.org"
    assert known.email_confirmed_at
    assert known.email_confirmed_at <= now()
    assert await authenticate("petya@example.org", PASSWORD, address="")


async def test_a_used_or_wrong_card_says_so_kindly(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    (card,) = await make_cards([pupil.id], by=cast.teacher)
    browser = Browser()
    for code, said in (
        (card.code, "Вы вошли"),
        (card.code, "уже вошли"),
        ("0" * 12, "не подошли"),
        ("12", "двенадцать"),
    ):
        browser = Browser()
        await browser.open(f"/card?login={card.login}&code={code}")
        await browser.send("/card", password=PASSWORD)
        assert said in browser.text


async def test_the_class_of_a_colleague_and_of_nobody(cast: Cast) -> None:
    await enrolled(cast)
    colleague = await colleague_of(cast, await confirmed_teacher(cast))
    teacher, other = await signed_in(cast.teacher), await signed_in(colleague)
    await other.open("/class")
    assert "Щукина" not in other.text
    await teacher.open("/class")
    await teacher.send("/class/substitutes", until="")
    assert teacher.page.status_code == 422
    await teacher.send("/class/substitutes", until=today().isoformat())
    assert "Замещалова" in teacher.text
    await other.open("/class")
    assert "Щукина" in other.text
    await teacher.open("/class")
    pupils = [value for name, value in teacher.form("/class/cards") if name == "pupil"]
    await teacher.post("/class/removal", {"csrf": teacher.csrf(), "pupil": pupils[0]})
    assert "Убраны из класса" in teacher.text
    await teacher.post("/class/team", {"csrf": teacher.csrf(), "pupil": pupils[1], "project": str(cast.project.id)})
    assert "В команду записан 1 ученик" in teacher.text
    assert await Member.exists().where((Member.project == cast.project.id) & (Member.person == int(pupils[1])))
    await teacher.post("/class/cards", {"csrf": teacher.csrf()})
    assert "Отметьте хотя бы одного" in teacher.text
    captain = await signed_in(cast.captain)
    await captain.open("/class")
    assert "Класс ведёт педагог, которого знает школа" in captain.text
