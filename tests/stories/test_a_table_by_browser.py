"""An office brings three hundred projects with their people from Excel, mends three mistakes, and undoes a wrong batch."""

import io
from typing import Any

from xlsxwriter import Workbook

from incubator.app import JOBS
from incubator.interchange.tables import ImportBatch
from incubator.interchange.uploaded_imports import MOST_ROWS
from incubator.jobs.tables import Job
from incubator.jobs.worker import run_waiting
from incubator.mail.tables import Message
from incubator.people.tables import Person
from incubator.programme.tables import Criterion
from incubator.projects.tables import Member, Project
from incubator.reviews.tables import Review, ReviewScore
from tests.browser import Browser, signed_in
from tests.cast import Cast

DISTRICTS = ("Лужский район", "г. Гатчина", "Выборг", "Тосненский муниципальный район")


def workbook(mistakes: bool, *, count: int = 300, problem: str = "Зимой темно") -> bytes:
    out = io.BytesIO()
    with Workbook(out) as made:
        page = made.add_worksheet("Заявки")
        made.add_worksheet("Справочник").write(0, 0, "не читать")
        page.write(0, 0, "Заявки на весну")
        page.write_row(
            2, 0, ["№", "Название проекта", "Школа", "Район", "Участники (ФИО и почта)", "Руководитель", "Проблема"]
        )
        for n in range(count):
            row: list[Any] = [
                n + 1, f"Теплица {n + 1}", f"Школа № {n % 40 + 1}", DISTRICTS[n % 4], f"Мария <maria{n}@example.org>; Пётр",
                f"Анна, teacher{n % 20}@example.org", problem,
            ]  # fmt: skip
            if mistakes and n in {10, 20, 30}:
                row[{10: 3, 20: 1, 30: 5}[n]] = {10: "Атлантида", 20: "", 30: "Анна teacher@"}[n]
            page.write_row(n + 3, 0, row)
    return out.getvalue()


async def upload(office: Browser, content: bytes, name: str = "Заявки весны.xlsx", kind: str = "projects") -> None:
    await office.open("/organiser/imports")
    office.page = await office.http.post(
        "/organiser/imports", data={"csrf": office.csrf(), "kind": kind},
        files={"file": (name, content, "application/octet-stream")},
    )  # fmt: skip
    if office.page.status_code == 303:
        await office.open(office.page.headers["location"])


async def brought() -> int:
    return int(await Project.count().where(Project.external_id.is_not_null()))


async def latest() -> str:
    row = await ImportBatch.objects().order_by(ImportBatch.id, ascending=False).first()
    assert row
    return f"/organiser/imports/{row.id}"


async def test_three_hundred_projects_with_people(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await upload(office, workbook(mistakes=True))
    path = await latest()
    assert office.path == path
    for said in (
        "Прочитан лист «Заявки»",
        "Теплица 1",
        "Загрузить 297 проектов",
        "Атлантида",
        "нет названия",
        "Анна teacher@",
    ):
        assert said in office.text
    assert await brought() == 0  # nothing is written before «Загрузить»

    await office.send(f"{path}/columns", invites="1")
    assert "Письма получат 317 человек" in office.text
    await office.send(f"{path}/start")
    assert "Ждёт своей очереди" in office.text
    await office.open(path)
    await run_waiting(JOBS)
    await office.open(path)
    assert await brought() == 297
    assert await Message.count().where(Message.subject == "Вас зовут в команду проекта") == 317
    assert "В таблице 3 ошибки" in office.text
    report = await office.http.get(f"{path}/report.xlsx")
    assert report.status_code == 200

    await upload(office, workbook(mistakes=False), "Заявки весны (исправлено).xlsx")
    path = await latest()
    assert "Загрузить 300 проектов" in office.text  # another name is another source …
    await office.send(f"{path}/columns", source="Заявки весны")
    assert "Загрузить 3 проекта" in office.text  # … unless somebody says that it is the same
    await office.send(f"{path}/start")
    await run_waiting(JOBS)
    assert await brought() == 300

    await upload(office, workbook(mistakes=False, count=7), "Чужие.xlsx")
    wrong = await latest()
    await office.send(f"{wrong}/start")
    await run_waiting(JOBS)
    assert await brought() == 307
    first = await Project.objects().where(Project.external_id == "Чужие:1").first()
    assert first
    await Member(project=first.id, person=cast.idle_mentor.id, role="coach", joined_at=first.created_at).save()
    await office.open(wrong)
    assert "Удалится 6 проектов" in office.text
    assert "Останется 1 проект" in office.text
    await office.send(f"{wrong}/undoing")
    await run_waiting(JOBS)
    await office.open(wrong)
    assert "Загрузка отменена" in office.text
    assert await brought() == 301
    await office.open("/organiser/imports")
    assert office.text.count("загружено") == 2
    assert "отменено" in office.text


async def test_a_file_is_kept_as_a_draft_and_can_be_put_away(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/imports")
    assert "Загрузок ещё не было" in office.text
    await office.send("/organiser/imports")
    assert "Выберите файл" in office.text
    await upload(office, b"%PDF\0\0\0", "ideas.csv")
    assert "Не получилось прочитать: это не текст" in office.text
    await upload(office, "Цвет;Вкус\nа;б\n".encode(), "ideas.csv")
    assert "не нашлось столбца с названием проекта. Есть столбцы: Цвет, Вкус" in office.text
    path = await latest()
    chosen: dict[str, Any] = {"column-title": "Цвет"}
    await office.send(f"{path}/columns", **chosen)
    assert "Загрузить 1 проект" in office.text
    await office.send(f"{path}/removal")
    assert await ImportBatch.count() == int(path.rpartition("/")[2]) - 1
    await office.open(path)
    assert office.page.status_code == 404


async def test_a_long_table_is_refused_and_one_that_broke_off_goes_on(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await upload(office, ("Название\n" + "Мост\n" * (MOST_ROWS + 1)).encode(), "long.csv")
    assert "строк больше 50000" in office.text
    await upload(office, workbook(mistakes=False, count=5), "Пять.xlsx")
    path = await latest()
    await office.send(f"{path}/start")
    await Job.update({Job.state: "failed", Job.error: "Broken"}).where(Job.id > 0)
    await office.open(path)
    assert "Работа прервалась" in office.text
    await office.send(f"{path}/start")
    await office.http.post(f"{path}/start", data={"csrf": office.csrf()})  # twice changes nothing
    assert await run_waiting(JOBS) == 1
    assert await brought() == 5


async def test_nothing_of_the_people_is_kept_without_an_invitation(cast: Cast) -> None:
    before = await Person.count()
    office = await signed_in(cast.organiser)
    await upload(office, workbook(mistakes=False, count=2))
    path = await latest()
    await office.send(f"{path}/start")
    await run_waiting(JOBS)
    await office.open(path)
    assert await brought() == 2
    assert await Person.count() == before
    assert "maria0@example.org" not in office.text
    batch = await ImportBatch.objects().first()
    assert batch
    assert batch.file is None
    assert "example.org" not in batch.report


REVIEWS = """Экспертиза весны;;;;;
Название проекта;Эксперт;Польза;Новизна;Комментарий;Рекомендация
Теплица 1;Орлова А. П.;4,5;хорошо;Считайте тепло;допустить
Теплица 2;Орлова А. П.;3;слабо;Покажите схему;доработать
Теплица 2;Серов Б.;н/п;хорошо;;
Теплица 9;Серов Б.;2;хорошо;;
"""


async def test_reviews_join_the_projects_that_were_brought(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await upload(office, REVIEWS.encode(), "Экспертиза.csv", "reviews")
    assert "Сначала загрузите проекты" in office.text
    await upload(office, workbook(mistakes=False, count=3), "Весна.xlsx")
    await office.send(f"{await latest()}/columns", state="in_review")
    await office.send(f"{await latest()}/start")
    await run_waiting(JOBS)

    await upload(office, REVIEWS.encode(), "Экспертиза.csv", "reviews")
    path = await latest()
    roles = [value for name, value in office.form(f"{path}/columns") if name.startswith("role-")]
    assert roles == ["project", "mentor", "level", "", "advice", "recommendation"]
    assert "проекта «Теплица 9» среди загруженных нет" in office.text
    level: dict[str, Any] = {"role-3": "level"}
    await office.send(f"{path}/columns", **level)
    assert "«слабо» – не уровень от 0 до 5" in office.text
    words: dict[str, Any] = {"word-0": "4", "word-1": "1"}  # «хорошо», «слабо»
    await office.send(f"{path}/columns", **words)
    assert "Загрузить 3 рецензии" in office.text
    assert await Review.count() == 0
    await office.send(f"{path}/start")
    await run_waiting(JOBS)
    scores = await ReviewScore.select(ReviewScore.level).order_by(ReviewScore.id)
    assert [each["level"] for each in scores] == [9, 8, 6, 2, None, 8]  # halves, so twice as much
    await office.open(path)
    assert "создано рецензий" in office.text

    await office.send(f"{path}/undoing")
    await run_waiting(JOBS)
    assert await Review.count() == 0


async def test_a_scale_that_is_none_is_said_and_another_sheet_is_looked_at_anew(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await upload(office, workbook(mistakes=False, count=1), "Весна.xlsx")
    await office.send(f"{await latest()}/start")
    await run_waiting(JOBS)
    out = io.BytesIO()
    with Workbook(out) as made:
        for name, heading in (("Первый", "Польза"), ("Второй", "Охват")):
            page = made.add_worksheet(name)
            page.write_row(0, 0, ["№", "Эксперт", heading])
            page.write_row(1, 0, [1, "Орлова", 3])
    await upload(office, out.getvalue(), "Экспертиза.xlsx", "reviews")
    path = await latest()
    await office.send(f"{path}/columns", lowest="5", highest="1")
    assert "сначала меньшее" in office.text
    await office.send(f"{path}/columns", sheet="Второй")
    assert "Загрузить 1 рецензию" in office.text
    await office.send(f"{path}/start")
    await run_waiting(JOBS)
    assert await Criterion.exists().where(Criterion.title_ru == "Охват")


async def test_work_that_was_stopped_goes_on(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await upload(office, workbook(mistakes=False, count=5), "Пять.xlsx")
    path = await latest()
    await office.send(f"{path}/start")
    await office.send(f"{path}/stop")
    assert "Работа прервалась" in office.text
    assert await run_waiting(JOBS) == 0
    await office.send(f"{path}/start")
    assert await run_waiting(JOBS) == 1
    assert await brought() == 5
