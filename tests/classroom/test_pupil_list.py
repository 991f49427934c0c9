"""A class in the forms in which teachers type it."""

from datetime import date

import pytest

from incubator.classroom.pupil_list import LineProblem, lines_of, read_list
from incubator.tabular.rows import Row

TODAY = date(2026, 11, 26)
PETER = ("Иванов", "Пётр", "Сергеевич", date(2011, 3, 5))


@pytest.mark.parametrize(
    "line",
    [
        "Иванов Пётр Сергеевич, 05.03.2011",
        "Иванов Пётр Сергеевич 5.3.2011",
        "  Иванов   Пётр Сергеевич ; 05/03/2011 ",
        "Иванов Пётр Сергеевич\t2011-03-05",
        "Иванов, Пётр, Сергеевич, 05-03-2011",
        "1. Иванов Пётр Сергеевич, 05.03.11",
        "1) Иванов Пётр Сергеевич 05.03.2011 г.р.",
        "12 Иванов Пётр Сергеевич 5 марта 2011 года",
        "– Иванов Пётр Сергеевич 5 мар. 2011",
        "ИВАНОВ ПЁТР СЕРГЕЕВИЧ 05.03.2011г.",
        "иванов пётр сергеевич 05 . 03 . 2011",
        "Пётр Сергеевич Иванов, 05.03.2011",
        "05.03.2011 Иванов Пётр Сергеевич",
        "Иванов Пётр Сергеевич 2011-03-05 00:00:00",
    ],
)
def test_a_pupil_in_any_usual_form(line: str) -> None:
    (found,) = read_list(line, TODAY)
    assert found.problem is None
    assert (found.family_name, found.given_name, found.patronymic, found.born_on) == PETER


def test_other_orders_and_names() -> None:
    text = "Ольга Щукина 07.11.2011\nСалтыков-Щедрин Иван 1.2.2010\nМамедова Лейла Гасан кызы 1.2.2010\nО'Нил Джон 1.2.2010"
    found = [(each.family_name, each.given_name, each.patronymic) for each in read_list(text, TODAY)]
    assert found == [
        ("Щукина", "Ольга", ""),
        ("Салтыков-Щедрин", "Иван", ""),
        ("Мамедова", "Лейла", "Гасан кызы"),
        ("О'Нил", "Джон", ""),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Иванов Пётр", LineProblem.NO_DATE),
        ("Иванов Пётр 31.02.2011", LineProblem.NO_SUCH_DATE),
        ("Иванов Пётр 5 мартобря 2011", LineProblem.NO_SUCH_DATE),
        ("Иванов Пётр 05.03.2031", LineProblem.IMPLAUSIBLE),
        ("Иванов Пётр 05.03.2024", LineProblem.IMPLAUSIBLE),
        ("Иванов 05.03.2011", LineProblem.NO_NAME),
        ("05.03.2011", LineProblem.NO_NAME),
        ("Иванов Пётр 8Б 05.03.2011", LineProblem.ODD_NAME),
        ("Иванов Пётр petya@example.org 05.03.2011", LineProblem.ODD_NAME),
        ("Иванов Пётр <b>x</b> 05.03.2011", LineProblem.ODD_NAME),
        (f"Иванов {'П' * 61} 05.03.2011", LineProblem.ODD_NAME),
        ("а б в г д е 05.03.2011", LineProblem.ODD_NAME),
    ],
)
def test_what_is_wrong_is_said(line: str, problem: LineProblem) -> None:
    (found,) = read_list(line, TODAY)
    assert found.problem == problem
    assert found.text == line


def test_headings_and_empty_lines_are_no_pupils() -> None:
    assert read_list("Фамилия Имя Отчество\n\n   \nФИО, дата рождения\n", TODAY) == []


def test_a_table_with_named_columns_and_more() -> None:
    rows = [
        Row(
            2,
            {
                "№": 1,
                "Фамилия": "Иванов",
                "Имя": "Пётр",
                "Отчество": "Сергеевич",
                "Дата рождения": "2011-03-05",
                "Пол": "м",
            },
        ),
        Row(3, {"№": 2, "Фамилия": None, "Имя": None, "Отчество": None, "Дата рождения": None, "Пол": None}),
    ]
    (found,) = read_list(lines_of(rows), TODAY)
    assert (found.family_name, found.given_name, found.patronymic, found.born_on) == PETER


def test_a_table_without_a_heading_loses_no_row() -> None:
    rows = [Row(2, {"Щукина Ольга": "Иванов Пётр Сергеевич", "07.11.2011": "05.03.2011"})]
    assert [each.family_name for each in read_list(lines_of(rows), TODAY)] == ["Щукина", "Иванов"]


def test_no_table() -> None:
    assert lines_of([]) == ""
