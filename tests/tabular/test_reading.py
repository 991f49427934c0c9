"""Files as people make them: read rightly, or refused with the cause."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from incubator.core.languages import override_locale
from incubator.tabular.headings import columns_of, letter_of
from incubator.tabular.reading import TableFile, open_table
from incubator.tabular.rows import Row, UnknownFormat
from tests.tabular.open_document import raw_ods

TEXT = "id;Название;Район\n1;Мост;Луга\n2;Берег, чистый;Тосно\n"
READ = [["1", "Мост", "Луга"], ["2", "Берег, чистый", "Тосно"]]


def table_of(folder: Path, content: bytes | str, name: str = "ideas.csv", **options: Any) -> TableFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table(path, **options)


def cells(table: TableFile) -> list[list[str]]:
    return [[row.text(column.name) for column in table.columns] for row in table.rows]


def book(folder: Path, fill: Callable[[Workbook], Any], **options: Any) -> TableFile:
    path = folder / "ideas.xlsx"
    with Workbook(path) as made:
        fill(made)
    return open_table(path, **options)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("cp1251"),
        TEXT.encode("cp866"),
        TEXT.encode("mac_cyrillic"),
        TEXT.encode("koi8_r"),
        ("sep=;\r\n" + TEXT).encode(),
        TEXT.replace(";", "|").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\n;;\n\n").encode(),
        ("Заявки весны 2026 года\n\n" + TEXT).encode(),
        ("Заявки весны 2026 года;;\n;;\n" + TEXT).encode(),
    ],
    ids=[
        "utf-8", "mark", "utf-16", "utf-16-le", "utf-16-be", "windows", "dos", "macintosh", "koi8", "sep", "bars", "tabs",
        "crlf", "empty lines", "title above", "padded title above",
    ],
)  # fmt: skip
def test_a_text_is_read_in_any_encoding_and_with_any_separator(tmp_path: Path, content: bytes) -> None:
    table = table_of(tmp_path, content)
    assert [column.name for column in table.columns] == ["id", "Название", "Район"]
    assert cells(table) == READ


def test_what_the_file_holds_counts_not_its_ending(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path, TEXT.replace(";", "\t"), "ideas.xls")) == READ
    with Workbook(tmp_path / "made.xlsx") as made:
        made.add_worksheet().write_row(0, 0, ["id", "Название"])
    assert table_of(tmp_path, (tmp_path / "made.xlsx").read_bytes(), "ideas.csv").columns[1].name == "Название"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("<html><table><tr><td>1</td></tr></table></html>", "ideas.xls", "веб-страница"),
        (b"\x00\x01\x02\x03" * 40, "ideas.csv", "не текст"),
        ("просто слова", "ideas.xlsx", "не книга"),
        (b"PK\x03\x04 damaged", "ideas.xlsx", "повреждён"),
        ("слова", "ideas.docx", ".csv, .xlsx, .xls, .ods"),
    ],
)
def test_what_is_no_table_is_refused_with_the_cause(tmp_path: Path, content: bytes | str, name: str, said: str) -> None:
    with pytest.raises(UnknownFormat, match=said):
        table_of(tmp_path, content, name)


def test_a_protected_book_is_refused_with_the_cause(tmp_path: Path) -> None:
    content = (Path(__file__).parents[1] / "data" / "protected.xlsx").read_bytes()
    with pytest.raises(UnknownFormat, match="паролем"):
        table_of(tmp_path, content, "ideas.xlsx")


def problems(table: TableFile) -> list[tuple[int, str]]:
    return [(row.number, row.problem) for row in table.rows if row.problem]


def test_a_comma_in_a_text_without_quotes_is_a_problem_of_its_row(tmp_path: Path) -> None:
    found = problems(table_of(tmp_path, "id,Название,Район\n1,Мост,Луга\n2,Берег, чистый,Тосно\n3,Сад,Луга,,\n"))
    assert [number for number, _ in found] == [3]
    assert "Тосно" in found[0][1]


def test_an_unclosed_quote_is_a_problem_and_what_follows_is_read(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'id;Название\n1;"Мост\n2;"Берег"\n3;Сад\n')
    rows = list(table.rows)
    assert [(row.number, bool(row.problem)) for row in rows] == [(2, True), (3, False)]
    assert "кавычка" in rows[0].problem
    assert "2 строки" in rows[0].problem
    assert rows[1].text("Название") == "Сад"
    assert problems(table_of(tmp_path, 'id;Название\n1;Мост\n2;"Берег\n3;Сад\n'))[0][0] == 3


def test_a_row_torn_by_a_line_break_is_a_problem_in_both_halves(tmp_path: Path) -> None:
    found = problems(table_of(tmp_path, "id;Название;Район\n1;Мост\nчерез реку;Луга\n2;Сад;Луга\n3;Берег\n"))
    assert [number for number, _ in found] == [2, 3]


def test_equal_empty_and_padded_headings_are_told_apart(tmp_path: Path) -> None:
    columns = columns_of([" Название ", "Район", "название", None, "Беда\n", "", None])
    assert [column.name for column in columns] == ["Название [A]", "Район", "название [C]", "[D]", "Беда"]
    table = table_of(tmp_path, " Название ; Район;Название\nа;б;в\n")
    assert [column.letter for column in table.named("название")] == ["A", "C"]
    assert [column.letter for column in table.named("РАЙОН ")] == ["B"]
    assert table.named("Кластер") == []


def test_columns_have_a_spreadsheets_letters() -> None:
    assert [letter_of(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_headings_that_are_known_win(tmp_path: Path) -> None:
    content = "Отчёт;школа;1;весна\nid;Название;Район\n1;Мост;Луга\n"
    known = {"id", "название", "район"}
    table = table_of(tmp_path, content, is_known=lambda name: name.casefold() in known)
    assert cells(table) == [["1", "Мост", "Луга"]]


def test_sheets_hidden_sheets_and_filtered_rows_are_told_about(tmp_path: Path) -> None:
    def fill(made: Workbook) -> None:
        made.add_worksheet("Пусто")
        page, more, notes = made.add_worksheet("Проекты"), made.add_worksheet("Ещё"), made.add_worksheet("Служебный")
        page.write_column(0, 0, ["id", 1, 2, 3])
        page.write_column(0, 1, ["Название", "Мост", "Сад", "Берег"])
        page.set_row(2, None, None, {"hidden": True})
        more.write_column(0, 0, ["id", 9])
        notes.hide()

    table = book(tmp_path, fill)
    assert [row.text("Название") for row in table.rows] == ["Мост", "Сад", "Берег"]
    said = " ".join(table.notes)
    assert all(word in said for word in ("«Проекты»", "Пусто, Ещё", "Служебный", "отфильтрована 1 строка"))
    with override_locale("en"):
        assert "Hidden" in " ".join(book(tmp_path, fill).notes)
    assert cells(book(tmp_path, fill, sheet="Ещё")) == [["9"]]
    with pytest.raises(UnknownFormat, match="Пусто, Проекты, Ещё"):
        book(tmp_path, fill, sheet="Служебный")


def test_filtered_rows_of_libreoffice_are_told_about(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    head = f"<table:table-row>{cell.format('id')}</table:table-row>"
    hidden = f'<table:table-row table:visibility="filter">{cell.format("#REF!")}</table:table-row>'
    table = open_table(raw_ods(tmp_path / "ideas.ods", head + hidden))
    (row,) = table.rows
    assert "отфильтрована 1 строка" in table.notes[0]
    assert "#REF!" in row.fault("id")


def test_failed_and_uncomputed_formulas_are_faults_of_their_cells(tmp_path: Path) -> None:
    def fill(made: Workbook) -> None:
        page = made.add_worksheet()
        page.write_row(0, 0, ["id", "ссылка", "пусто", "слова", "сумма"])
        page.write_number(1, 0, 1)
        page.write_formula(1, 1, "=Нет!A1", value="#REF!")
        page.write_formula(1, 2, '=A2&"x"', value="")
        page.write_formula(1, 3, '=A2&"x"', value="1x")
        page.write_formula(1, 4, "=0.1+0.2", value=0.30000000000000004)

    (row,) = book(tmp_path, fill).rows
    assert {name: bool(row.fault(name)) for name in row.values} == {
        "id": False, "ссылка": True, "пусто": True, "слова": False, "сумма": False,
    }  # fmt: skip
    assert "#REF!" in row.fault("ссылка")
    assert "сохраните ещё раз" in row.fault("пусто")
    assert (row.text("сумма"), row.readable("сумма")) == ("0.3", "0,3")
    assert Row(1, {"a": "#ССЫЛКА!"}).fault("a")


def test_failed_formulas_of_an_old_excel_are_faults(tmp_path: Path) -> None:
    content = (Path(__file__).parents[1] / "data" / "formulas.xls").read_bytes()
    (row,) = table_of(tmp_path, content, "old.xls").rows
    assert [name for name in row.values if row.fault(name)] == ["ошибка"]


def test_a_merged_cell_belongs_to_all_its_rows(tmp_path: Path) -> None:
    def fill(made: Workbook) -> None:
        page = made.add_worksheet()
        page.write_column(0, 0, ["id", 1, 2, 3])
        page.write(0, 1, "Район")
        page.merge_range("B2:B4", "Луга")

    assert cells(book(tmp_path, fill)) == [["1", "Луга"], ["2", "Луга"], ["3", "Луга"]]


def test_json_lines_have_the_columns_of_all_lines(tmp_path: Path) -> None:
    table = table_of(tmp_path, '{"id": 1}\n\n{"id": 2, "Название": "Мост"}\n[1]\n', "ideas.jsonl")
    assert [column.name for column in table.columns] == ["id", "Название"]
    assert [(row.number, row.problem) for row in table.rows] == [(1, ""), (3, ""), (4, "это JSON, но не объект")]


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    for content in (b"", b"\n\n", b"\xef\xbb\xbf", b";;;\n"):
        table = table_of(tmp_path, content)
        assert (table.columns, list(table.rows)) == ((), [])


def test_a_damaged_byte_spoils_its_cell_and_not_the_file(tmp_path: Path) -> None:
    content = "id;Название\n1;Мост через реку Лугу\n2;Берег\n".encode()
    rows = list(table_of(tmp_path, content.replace("Бе".encode(), b"\xd0")).rows)
    assert rows[0].text("Название") == "Мост через реку Лугу"
    assert [bool(row.fault("Название")) for row in rows] == [False, True]


def test_capitals_are_read_in_the_encoding_of_windows(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path, "id;title\n1;МОСТ ЧЕРЕЗ РЕКУ\n".encode("cp1251"))) == [["1", "МОСТ ЧЕРЕЗ РЕКУ"]]


def test_a_quotation_mark_that_swallows_rows_is_a_problem(tmp_path: Path) -> None:
    found = problems(table_of(tmp_path, 'id;Название;Беда\n1;Мост;"Темно\n2;Сад;Сухо\n3;Лес;Горит"\n4;Луг;Топко\n'))
    assert [number for number, _ in found] == [2]
    assert not problems(table_of(tmp_path, 'id;Название;Беда\n1;Мост;"Темно,\nсыро"\n2;Сад;Сухо\n'))


@pytest.mark.parametrize("shown", ["########", "Ошибка:502", "#ПОЛЕ!", "#UNKNOWN!", "Err:508", "#Н/Д", "#ИМЯ?"])
def test_what_shows_an_error_is_a_fault(shown: str) -> None:
    assert Row(1, {"a": shown}).fault("a")
    assert not Row(1, {"a": f"про {shown}"}).fault("a")


def test_rows_far_below_a_gap_are_read(tmp_path: Path) -> None:
    def fill(made: Workbook) -> None:
        page = made.add_worksheet()
        page.write_row(0, 0, ["id", "Название"])
        page.write_row(1, 0, [1, "Мост"])
        page.write(9000, 0, 2)
        page.write(9000, 1, "a_x000D_b")

    rows = list(book(tmp_path, fill, most=50).rows)
    assert [row.number for row in rows] == [2, 9001]


def test_keys_of_json_are_told_apart_like_headings(tmp_path: Path) -> None:
    table = table_of(tmp_path, '{" id ": 1, "Title": "а", "title": "б"}\n', "ideas.jsonl")
    assert cells(table) == [["1", "а", "б"]]


def test_a_duration_is_hours_and_minutes_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    def fill(made: Workbook) -> None:
        page, hours = made.add_worksheet(), made.add_format({"num_format": "[h]:mm"})
        page.write_row(0, 0, ["id", "Сколько"])
        for row, days in enumerate((26.5 / 24, 0.25, 45 / 86400), start=1):
            page.write_number(row, 0, row)
            page.write_number(row, 1, days, hours)

    assert [row[1] for row in cells(book(tmp_path, fill))] == ["26:30", "6:00", "0:00:45"]


def test_percent_is_read_as_it_is_shown(tmp_path: Path) -> None:
    def fill(made: Workbook) -> None:
        page = made.add_worksheet()
        page.write_row(0, 0, ["id", "Готово"])
        formats = ("0%", "0.00%", '0"%"', "0.0% ;-0.0%")
        for row, (number, looks) in enumerate(zip((0.85, 0.125, 85, -0.5), formats, strict=True), start=1):
            page.write_number(row, 0, row)
            page.write_number(row, 1, number, made.add_format({"num_format": looks}))

    assert [row[1] for row in cells(book(tmp_path, fill))] == ["85 %", "12,5 %", "85", "-50 %"]
