"""Tables of projects as offices make them: recognised, refused with the cause, changed, undone."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from incubator.db import writing
from incubator.gates.journal import journal_of
from incubator.gates.merge_projects import merge_projects
from incubator.history.tables import Event
from incubator.http.markdown.renderer import render_all
from incubator.interchange import project_writing, projects, reviews
from incubator.interchange.import_commands import undo
from incubator.interchange.import_report import ImportRefused, ImportReport
from incubator.interchange.people_cells import NamedPerson, WrongAddress, people_in
from incubator.interchange.project_fields import project_fields
from incubator.interchange.project_import import LONGEST_SOURCE, ProjectImport
from incubator.interchange.projects import import_rows
from incubator.interchange.review_rows import ReviewImport
from incubator.interchange.table_fields import guessed
from incubator.interchange.tables import ImportBatch, ImportedRow
from incubator.interchange.undo_import import undoing_of
from incubator.interchange.uploaded_imports import source_of
from incubator.mail.tables import Message
from incubator.names.matcher import PersonName
from incubator.names.written_people import names_in_cell
from incubator.people.accounts import create_person
from incubator.programme.tables import Season
from incubator.projects.details import competency_titles
from incubator.projects.invitations import accept_into_team
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Answer, Invitation, Member, Project, Submission
from incubator.projects.team import join
from incubator.publication.people_named import names_of_team
from incubator.reviews.assignment.assign import assign
from incubator.tabular.headings import columns_of
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project
from tests.interchange.files import Bar, as_csv
from tests.stories.test_the_long_way import last_link

HEADINGS = ["№", "Название проекта", "Команда", "Район", "Компетенции", "Проблема", "Участники", "Руководитель"]


def table(path: Path, *rows: list[Any], headings: list[str] = HEADINGS) -> Path:
    return as_csv(path, [dict(zip(headings, row, strict=True)) for row in rows], delimiter=";")


def row(number: int, title: str, **values: str) -> list[Any]:
    usual = {"team": "", "place": "Луга", "skills": "", "problem": "Темно", "students": "", "teacher": ""} | values
    return [number, title, *usual.values()]


async def bring(path: Path, *, dry_run: bool = False, **options: Any) -> ImportReport:
    given: dict[str, Any] = {
        "mapping": {},
        "id_column": None,
        "season": "2026",
        "stage": "idea",
        "publish": False,
        "source": "ideas",
    }
    return await import_rows(path, ProjectImport(**given | options), dry_run=dry_run, batch=2)


async def titles() -> list[str]:
    return [each["title"] for each in await Project.select(Project.title).order_by(Project.id)]


def told(report: ImportReport) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in report.problems]


def test_columns_are_recognised_by_their_headings() -> None:
    found = guessed(
        columns_of(["№ п/п", "Название Вашего проекта", "Команда", "ОО", "Муниципальное образование", "Участники (ФИО, почта)",
                    "Класс руководителя", "Суть", "Цвет", "№ школы", "Состав жюри", "Название конкурса"]),
        project_fields([("pitch", "Суть", "In a nutshell"), ("problem", "Проблема", "The problem")]),
    )  # fmt: skip
    assert found == {
        "id": "№ п/п", "title": "Название Вашего проекта", "team": "Команда", "organisation": "ОО",
        "municipality": "Муниципальное образование", "students": "Участники (ФИО, почта)", "pitch": "Суть",
    }  # fmt: skip


def test_people_are_read_from_a_cell() -> None:
    assert people_in("Иванова Мария <M@Example.org>; Пётр Петров, p@example.org\nСидоров (s@example.org)") == [
        NamedPerson("Иванова Мария", "m@example.org"),
        NamedPerson("Пётр Петров", "p@example.org"),
        NamedPerson("Сидоров", "s@example.org"),
    ]
    assert people_in("Мария Иванова, Пётр Петров") == [NamedPerson("Мария Иванова"), NamedPerson("Пётр Петров")]
    assert people_in("a@example.org, a@example.org") == [NamedPerson("", "a@example.org")]
    assert people_in(" ; ") == []
    for wrong in ("Анна teacher@", "@ник", "a@b@c"):
        with pytest.raises(WrongAddress):
            people_in(wrong)


async def test_a_table_says_all_that_is_wrong_with_it(database: Any, tmp_path: Path) -> None:
    path = table(
        tmp_path / "t.csv",
        row(1, "Мост", skills="Плавание"),
        row(2, ""),
        row(3, "Сад", place="Атлантида"),
        row(4, "Лес", teacher="Анна teacher@"),
        row(5, "Дом", problem="#ССЫЛКА!"),
        row(6, "Луг", teacher="a@example.org; b@example.org"),
        row(1, "Мост ещё раз"),
        row(7, "Река"),
    )
    report = await bring(path)
    assert told(report) == [
        (2, "Компетенции"), (3, "Название проекта"), (4, "Район"), (5, "Руководитель"), (6, "Проблема"), (7, "Руководитель"),
        (8, "№"),
    ]  # fmt: skip
    assert "Лужский район" in report.problems[2].text  # what would have been right is listed
    assert report.problems[-1].text == "то же, что в строке 2"
    assert (report.rows, report.created, report.failed) == (8, 1, 7)


@pytest.mark.parametrize(
    ("headings", "options", "said"),
    [
        (["№", "Название"], {"mapping": {"problem": "Беда"}}, "нет столбца «Беда». Есть столбцы: №, Название"),
        (["Название", "Название"], {"mapping": {"title": "Название"}}, "столбцов «Название» несколько"),
        (["Цвет", "Вкус"], {}, "не нашлось столбца с названием"),
    ],
)
async def test_a_column_that_is_not_there_is_said_with_those_that_are(
    database: Any, tmp_path: Path, headings: list[str], options: dict[str, Any], said: str
) -> None:
    (tmp_path / "t.csv").write_text(";".join(headings) + "\nа;б\n", "utf-8")
    with pytest.raises(ImportRefused, match=said):
        await bring(tmp_path / "t.csv", **options)
    assert await titles() == []


async def test_the_office_reads_whence_a_project_came(cast: Cast, tmp_path: Path) -> None:
    await bring(table(tmp_path / "t.csv", row(1, "Мост"), row(2, "Сад")), season=cast.season.slug)
    project = await Project.objects().where(Project.title == "Сад").first()
    batch = await ImportBatch.objects().first()
    assert project
    assert batch
    (entry,) = await journal_of(project, cast.organiser)
    assert entry.source == (batch.id, 3)
    await Member(project=project.id, person=cast.outsider.id, role="student", joined_at=project.created_at).save()
    assert [each.source for each in await journal_of(project, cast.outsider)] == [None]
    office = await signed_in(cast.organiser)
    await office.open(f"/projects/{project.id}/history")
    assert f'href="/organiser/imports/{batch.id}">строка 3' in office.text


async def test_rows_without_numbers_are_recognised_by_title_team_and_school(database: Any, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Название;Команда\nМост;Бобры\nМост;Ежи\nмост;БОБРЫ\n", "utf-8")
    report = await bring(path)
    assert (report.created, told(report)) == (2, [(4, "Название")])
    assert (await bring(path)).known == 2


async def test_competencies_and_help_come_along(database: Any, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Название;Компетенции;Нужна помощь\nМост;Инженерный дизайн CAD, электроника;нужен датчик\n", "utf-8"
    )
    assert (await bring(path)).failed == 0
    (project,) = await Project.objects()
    assert "Электроника" in await competency_titles(project.id)
    assert len(await competency_titles(project.id)) == 4  # two, in both languages
    assert project.help_wanted == "нужен датчик"


async def test_dates_numbers_and_yes_are_texts_as_people_read_them(database: Any, tmp_path: Path) -> None:
    with Workbook(tmp_path / "t.xlsx") as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["№", "Название", "Проблема", "Решение", "Для кого"])
        page.write_row(1, 0, [1, 2026])
        page.write_datetime(1, 2, date(2026, 2, 3), made.add_format({"num_format": "dd.mm.yyyy"}))
        page.write_number(1, 3, 2.5)
        page.write_boolean(1, 4, True)
    await bring(tmp_path / "t.xlsx")
    assert await titles() == ["2026"]
    assert {each["text"] for each in await Answer.select(Answer.text)} == {"03.02.2026", "2,5", "да"}


async def test_changed_rows_are_shown_and_written_only_where_nobody_has_worked(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Мост"), row(2, "Сад"), row(3, "Лес"))
    season: dict[str, Any] = {"season": cast.season.slug}
    await bring(path, **season)
    first, busy, last = await Project.objects().where(Project.external_id.is_not_null()).order_by(Project.id)
    await Member(project=busy.id, person=cast.idle_mentor.id, role="coach", joined_at=busy.created_at).save()
    table(path, row(1, "Мост", problem="Светло"), row(2, "Сад", problem="Сухо"), row(3, "Лес"))
    assert (await bring(path, **season)).known == 3
    report = await bring(path, updates=True, dry_run=True, **season)
    assert (report.updated, report.kept, report.known) == (1, 1, 1)
    (change,) = report.changes
    assert (change.row, change.title, change.column, change.before, change.after) == (
        2,
        "Мост",
        "Проблема",
        "Темно",
        "Светло",
    )
    assert (await bring(path, updates=True, **season)).updated == 1
    texts = {each["project"]: each["text"] for each in await Answer.select(Answer.project, Answer.text)}
    assert [texts[each.id] for each in (first, busy, last)] == ["Светло", "Темно", "Темно"]
    again = await Project.objects().get(Project.id == first.id)
    assert again
    assert (again.slug, again.created_at) == (first.slug, first.created_at)
    assert (await bring(path, updates=True, **season)).updated == 0


async def test_what_the_table_has_no_column_for_stays(database: Any, tmp_path: Path) -> None:
    await bring(table(tmp_path / "t.csv", row(1, "Мост", skills="Электроника", team="Бобры")))
    (tmp_path / "t.csv").write_text("№;Название\n1;Мост через реку\n", "utf-8")
    assert (await bring(tmp_path / "t.csv", updates=True)).updated == 1
    (project,) = await Project.objects()
    assert (project.title, project.team_name) == ("Мост через реку", "Бобры")
    assert "Электроника" in await competency_titles(project.id)
    assert [each["text"] for each in await Answer.select(Answer.text)] == ["Темно"]


async def test_rows_that_have_slipped_are_asked_about(database: Any, tmp_path: Path) -> None:
    names = ["Мост", "Сад", "Лес", "Луг", "Дом", "Река"]
    path = table(tmp_path / "t.csv", *(row(n, name) for n, name in enumerate(names)))
    await bring(path)
    slipped = names[1:] + names[:1]
    table(path, *(row(n, name, problem="Иначе") for n, name in enumerate(slipped)))
    report = await bring(path, updates=True, dry_run=True)
    assert "у 6 строк" in report.suspicion
    with pytest.raises(ImportRefused, match="сдвинуты"):
        await bring(path, updates=True)
    assert await titles() == names
    assert (await bring(path, updates=True, is_looked_at=True)).updated == 6
    table(path, *(row(n, f"{name} новый") for n, name in enumerate(slipped)))  # renamed, not slipped
    assert (await bring(path, updates=True, dry_run=True)).suspicion == ""


async def test_people_are_invited_by_one_mail_each_and_the_first_student_leads(cast: Cast, tmp_path: Path) -> None:
    season: dict[str, Any] = {"season": cast.season.slug, "invites": True}
    olga = cast.outsider
    path = table(
        tmp_path / "t.csv",
        row(1, "Мост", students=f"Ольга <{olga.email}>; Пётр", teacher="anna@example.org"),
        row(2, "Сад", students="oleg@example.org", teacher="anna@example.org"),
    )
    report = await bring(path, **season)
    assert (report.invited, report.unaddressed) == (3, 1)
    mails = {each.to: each.body for each in await Message.objects()}
    assert set(mails) == {olga.email, "anna@example.org", "oleg@example.org"}
    assert all(
        words in mails["anna@example.org"] for words in ("«Мост», педагог", "«Сад», педагог", "Остальные приглашения")
    )
    assert "Остальные" not in mails[olga.email]
    assert await Invitation.count() == 4
    project = await accept_into_team((await last_link(olga.email)).rpartition("/")[2], by=olga)
    member = await Member.objects().get((Member.project == project) & (Member.person == olga.id))
    assert member
    assert member.role == "captain"
    assert (await bring(path, **season)).created == 0
    assert await Invitation.count() == 4


async def test_an_import_is_undone_where_nobody_has_worked(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", *(row(n, f"Проект {n}", students=f"s{n}@example.org") for n in range(5)))
    await bring(path, season=cast.season.slug, invites=True, publish=True)
    begun = await ImportBatch.objects().first()
    assert begun
    assert await ImportedRow.count() == 5
    busy = (await ImportedRow.objects().order_by(ImportedRow.id))[2].project
    await Member(project=busy, person=cast.idle_mentor.id, role="coach", joined_at=begun.created_at).save()
    planned = await undoing_of(begun.id)
    assert (len(planned.deleted), planned.kept) == (4, [busy])
    assert await undo(begun.id, is_meant=False) == ["Будет удалено: 4.", "Останется, там уже работают: 1."]
    await undo(begun.id, is_meant=True)
    left = await Project.select(Project.id).where(Project.external_id.is_not_null())
    assert [each["id"] for each in left] == [busy]
    assert await Invitation.count() == 1
    assert await Event.count().where(Event.happened == "project_deleted") == 4
    assert (await bring(path, season=cast.season.slug)).created == 4  # the numbers are free again


async def test_an_update_changes_nothing_but_what_the_table_says(cast: Cast, tmp_path: Path) -> None:
    """Stage, state, publication, address and invitations stay, whatever the wish of the second run says."""
    season: dict[str, Any] = {"season": cast.season.slug}
    path = table(
        tmp_path / "t.csv", row(1, "Мост", students="maria@example.org", problem="Темно, пишите a@example.org")
    )
    await bring(path, stage="plan", state="graduated", publish=True, invites=True, **season)
    before = await Project.objects().where(Project.title == "Мост").first()
    table(path, row(1, "Мост через реку", students="maria@example.org", problem="Сыро, пишите b@example.org"))
    assert (await bring(path, updates=True, **season)).updated == 1
    after = await Project.objects().where(Project.title == "Мост через реку").first()
    assert before
    assert after
    assert (after.id, after.stage, after.state, after.season) == (before.id, "plan", "graduated", before.season)
    assert await Invitation.count().where(Invitation.open()) == 1
    visitor = Browser()
    await visitor.open("/showcase?q=реку")
    assert "/showcase/most-cherez-reku" in visitor.text
    await visitor.open("/showcase/most")
    assert "Сыро" in visitor.text
    assert "Темно" not in visitor.text
    assert "example.org" not in visitor.text


async def test_an_update_waits_for_whoever_joins_meanwhile(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    season: dict[str, Any] = {"season": cast.season.slug}
    path = table(tmp_path / "t.csv", row(1, "Мост"))
    await bring(path, **season)
    project = await Project.objects().where(Project.title == "Мост").first()
    assert project
    table(path, row(1, "Мост", problem="Сыро"))

    async def joining(texts: list[str]) -> list[str]:
        await Member(project=project.id, person=cast.idle_mentor.id, role="coach", joined_at=project.created_at).save()
        return await render_all(texts)

    monkeypatch.setattr(projects, "render_all", joining)
    await bring(path, updates=True, **season)
    assert await Member.exists().where(Member.project == project.id)
    assert {each["text"] for each in await Answer.select(Answer.text).where(Answer.project == project.id)} == {"Темно"}


async def test_another_table_with_the_same_numbers_is_asked_about(database: Any, tmp_path: Path) -> None:
    await bring(table(tmp_path / "t.csv", *(row(n, name) for n, name in enumerate(["Мост", "Сад", "Лес", "Луг"]))))
    other = table(tmp_path / "t.csv", *(row(n, name) for n, name in enumerate(["Баржа", "Ферма", "Печь", "Кран"])))
    report = await bring(other, updates=True, dry_run=True)
    assert "это другая таблица" in report.suspicion
    with pytest.raises(ImportRefused, match="другая таблица"):
        await bring(other, updates=True)


async def test_a_wide_line_above_and_a_numbering_below_the_headings_are_passed_over(cast: Cast, tmp_path: Path) -> None:
    lines = [
        "Отправитель;Лужский район;Дата;1 марта;Исполнитель;Иванова;Тел.;123", ";".join(HEADINGS), "1;2;3;4;5;6;7;8",
        ";".join(map(str, row(1, "Мост", students="maria@example.org"))),
    ]  # fmt: skip
    (tmp_path / "t.csv").write_text("\n".join(lines), "utf-8")
    report = await bring(tmp_path / "t.csv", season=cast.season.slug, invites=True)
    assert (report.created, report.failed, report.invited) == (1, 0, 1)
    assert await Project.exists().where(Project.title == "Мост")


async def test_a_source_is_what_it_is_called_and_nothing_else(database: Any, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Мост"))
    for source in ("a\\b", "a%b", "a_b", "aXb"):
        assert (await bring(path, source=source)).created == 1
        assert (await bring(path, source=source)).known == 1
    long = "Заявки на участие в программе «От идеи к делу» {} район.csv"
    assert source_of(long.format("Лужский")) != source_of(long.format("Гатчинский"))
    assert len(source_of(long)) <= LONGEST_SOURCE


async def test_long_cells_of_people_are_refused_at_once(database: Any, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Мост", students="a" * 500_000, skills="б," * 5000))
    assert told(await bring(path)) == [(2, "Компетенции"), (2, "Участники")]


async def test_what_was_reviewed_by_an_import_can_be_undone_once_the_reviews_are(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Мост"))
    await bring(path, season=cast.season.slug, state="in_review")
    wish = ReviewImport("№", "ideas", "Эксперт", {"польза": "Польза"}, 1, 5, ())
    reviewed = as_csv(tmp_path / "r.csv", [{"№": "1", "Эксперт": "а", "Польза": "5"}])
    await reviews.import_rows(reviewed, wish, dry_run=False, batch=5, progress=Bar())
    first, second = await ImportBatch.objects().order_by(ImportBatch.id)
    assert (await undoing_of(first.id)).deleted == []
    await undo(second.id, is_meant=True)
    other_scale = replace(wish, highest=10)
    assert (await reviews.import_rows(reviewed, other_scale, dry_run=True, batch=5, progress=Bar())).created == 1
    await undo(first.id, is_meant=True)
    assert not await Project.exists().where(Project.external_id == "ideas:1")


NAMED = {
    "problem": "Нас двое: Пётр Лебедев и Анна Журавлёва. Помогает Орлов С. И.",
    "students": "Лебедев Пётр petr@example.org; Анна Журавлёва", "teacher": "Орлов Сергей Иванович",
}  # fmt: skip


async def test_nobody_is_named_in_public_before_they_were_asked(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Мост", **NAMED))
    await bring(path, season=cast.season.slug, publish=True, state="in_review", invites=True)
    project = await Project.objects().where(Project.title == "Мост").first()
    assert project
    visitor = Browser()
    await visitor.open(f"/showcase/{project.slug}")
    assert "Нас двое: ▮▮▮ и ▮▮▮. Помогает ▮▮▮" in visitor.text
    await visitor.open("/showcase?q=журавлёва")
    assert "Мост" not in visitor.text
    people = {each.name for each in await names_of_team(project.id)}
    assert people >= {PersonName("Анна", "Журавлёва"), PersonName("Сергей", "Орлов", "Иванович")}


async def test_whoever_was_expected_and_has_come_is_a_member_like_others(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Мост", **NAMED))
    await bring(path, season=cast.season.slug, state="draft")
    project = await Project.objects().where(Project.title == "Мост").first()
    assert project
    async with writing():
        anna = await create_person("anna@example.org", given_name="Анна", family_name="Журавлева")
        await join(project.id, anna, ProjectRole.STUDENT)
    named = [each for each in await names_of_team(project.id) if each.name.given == "Анна"]
    assert [each.person for each in named] == [anna.id]


async def test_a_double_blind_mentor_reads_no_name_that_the_table_gave(cast: Cast, tmp_path: Path) -> None:
    await Season.update({Season.visibility: "double_blind"}).where(Season.id == cast.season.id)
    path = table(tmp_path / "t.csv", row(1, "Мост", **NAMED))
    await bring(path, season=cast.season.slug, state="in_review")
    submission = await Submission.objects().where(Submission.title == "Мост").first()
    assert submission
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert "Нас двое" in mentor.text
    for name in ("Лебедев", "Журавлёва", "Орлов С"):
        assert name not in mentor.text


async def test_an_address_says_nothing_that_the_title_hides(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Репетитор Звоните 8 911 222 33 44"))
    await bring(path, season=cast.season.slug, publish=True)
    assert await Project.exists().where(Project.slug == "repetitor-zvonite")


async def test_a_project_that_was_merged_is_neither_changed_nor_undone(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Мост"))
    await bring(path, season=cast.season.slug, state="draft")
    project = await Project.objects().where(Project.title == "Мост").first()
    assert project
    await merge_projects(project, await fresh_project(cast.project), reason="Дубль", by=cast.organiser)
    table(path, row(1, "Мост", problem="Сыро"))
    report = await bring(path, updates=True, season=cast.season.slug)
    assert (report.updated, report.kept) == (0, 1)
    batch = await ImportBatch.objects().order_by(ImportBatch.id).first()
    assert batch
    assert (await undoing_of(batch.id)).kept == [project.id]


CELLS = [
    "Журавлёва; Лебедев", "А. Журавлёва; П. Лебедев", "Анна Журавлёва / Пётр Лебедев",
    "капитан – Журавлёва Анна; участник – Лебедев Пётр", "ученица 8 «А» класса Журавлёва Анна и Лебедев Пётр, 9Б",
]  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_names_are_found_however_an_office_writes_them(cell: str) -> None:
    assert {name.family for name in names_in_cell(cell)} == {"Журавлёва", "Лебедев"}


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Орлов Сергей Иванович", [PersonName("Сергей", "Орлов", "Иванович")]),
        ("Мария Петровна Иванова", [PersonName("Мария", "Иванова", "Петровна")]),
        ("Заяц Анна", [PersonName("Анна", "Заяц")]), ("иванова мария", [PersonName("мария", "иванова")]),
        ("Капитан Анна Журавлёва", [PersonName("Анна", "Журавлёва")]), ("Мария; Пётр", []), ("", []), ("8 «А»", []),
        ("Петров-Водкин К. С.", [PersonName("К. С.", "Петров-Водкин")]),
    ],
)  # fmt: skip
def test_parts_of_a_written_name(cell: str, names: list[PersonName]) -> None:
    assert names_in_cell(cell) == names


@pytest.mark.parametrize("columns", [6, 8])
async def test_what_is_hidden_stays_hidden_when_the_table_comes_again(cast: Cast, tmp_path: Path, columns: int) -> None:
    """Without the columns of people, or with empty cells."""
    path = table(tmp_path / "t.csv", row(1, "Мост", **NAMED))
    await bring(path, season=cast.season.slug, publish=True, state="in_review")
    again = row(1, "Мост", problem=f"{NAMED['problem']} Темно.")
    table(path, again[:columns], headings=HEADINGS[:columns])
    assert (await bring(path, updates=True, season=cast.season.slug)).updated == 1
    project = await Project.objects().where(Project.title == "Мост").first()
    assert project
    visitor = Browser()
    await visitor.open(f"/showcase/{project.slug}")
    assert "Нас двое: ▮▮▮ и ▮▮▮. Помогает ▮▮▮" in visitor.text
    assert "Темно." in visitor.text


async def test_people_who_come_with_a_second_table_are_hidden_too(cast: Cast, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", row(1, "Улей Анны Журавлёвой", problem=NAMED["problem"]))
    await bring(path, season=cast.season.slug, publish=True, state="in_review")
    before = await Project.objects().where(Project.title.like("Улей%")).first()
    assert before
    table(path, row(1, "Улей Анны Журавлёвой", **NAMED))
    report = await bring(path, updates=True, season=cast.season.slug)
    assert [(change.column, change.after) for change in report.changes] == [
        ("Участники", "Лебедев Пётр, Журавлёва Анна, Орлов Сергей")
    ]
    project = await fresh_project(before)
    visitor = Browser()
    await visitor.open(f"/showcase/{project.slug}")
    assert "Журавлёв" not in visitor.text
    assert (await visitor.open(f"/showcase/{before.slug}")).status_code == 404


async def test_an_import_that_is_undone_writes_no_more(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path / "t.csv", row(1, "Мост"), row(2, "Сад"), row(3, "Маяк"))
    written = project_writing.write_batch

    async def undone_meanwhile(*told: Any) -> None:
        await written(*told)
        await ImportBatch.update({ImportBatch.state: "undoing"}).where(ImportBatch.state == "running")

    monkeypatch.setattr(projects, "write_batch", undone_meanwhile)
    with pytest.raises(ImportRefused, match="отменили"):
        await bring(path, season=cast.season.slug)
    batch = await ImportBatch.objects().first()
    assert batch
    await undo(batch.id, is_meant=True)
    assert not await Project.exists().where(Project.external_id.is_not_null())
