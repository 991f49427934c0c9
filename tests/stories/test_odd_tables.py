"""Tables as people make them, one small file each: by command and in the browser the same comes of them, and the cause is said."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from tests.browser import signed_in
from tests.cast import Cast
from tests.stories.test_a_table_by_browser import upload
from tests.tabular.open_document import raw_ods
from tests.test_cli import incubator

HEAD = "№;Название;Район;Проблема"
GOOD = f"{HEAD}\n1;Мост;Луга;Темно\n2;Сад;Выборг;Сыро\n"


def book(fill: Callable[[Workbook], Any]) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as made:
        fill(made)
    return out.getvalue()


def sheet(made: Workbook, name: str = "Заявки", problem: Any = "Темно") -> Any:
    page = made.add_worksheet(name)
    page.write_row(0, 0, ["№", "Название", "Район", "Проблема"])
    page.write_row(1, 0, [1, "Мост", "Луга", problem])
    return page


def two_sheets(made: Workbook) -> None:
    sheet(made)
    sheet(made, "Архив")
    sheet(made, "Служебный").hide()


def filtered(made: Workbook) -> None:
    page = sheet(made)
    page.write_row(2, 0, [2, "Сад", "Луга", "Сыро"])
    page.set_row(2, None, None, {"hidden": True})


def failed_formula(made: Workbook) -> None:
    sheet(made).write_formula(1, 3, "=Нет!A1", value="#REF!")


def formula_without_a_value(made: Workbook) -> None:
    sheet(made).write_formula(1, 3, '=A2&"x"', value="")


def ods() -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = [["№", "Название", "Район"], ["1", "Мост", "Луга"]]
    text = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    out = io.BytesIO()
    raw_ods(out, text)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Odd:
    """A file, how many projects come of it, and what is said in Russian."""

    name: str
    content: bytes
    created: int
    said: tuple[str, ...] = ()


def text(content: str, created: int, *said: str, name: str = "ideas.csv", encoding: str = "utf-8") -> Odd:
    return Odd(name, content.encode(encoding), created, said)


CASES = {
    "as it should be": text(GOOD, 2),
    "a title above": text(f"Заявки весны\n\n{GOOD}", 2),
    "headings with blanks": text(GOOD.replace("Название", "  Название  "), 2),
    "no column of titles": text(
        "Цвет;Вкус\nа;б\n", 0, "не нашлось столбца с названием проекта. Есть столбцы: Цвет, Вкус"
    ),
    "two equal headings": text("№;Название;Название\n1;Мост;Сад\n", 1, "Название [B]"),
    "a value too many": text(f"{HEAD}\n1;Мост;Луга;Темно; и сыро\n2;Сад;Луга;Сыро\n", 1, "лишнее –"),
    "an unclosed quote": text(f'{HEAD}\n1;"Мост;Луга;Темно\n2;Сад;Луга;Сыро\n', 0, "кавычк"),
    "the same number twice": text(f"{HEAD}\n1;Мост;Луга;Темно\n1;Сад;Луга;Сыро\n", 1, "то же, что в строке 2"),
    "an unknown district": text(f"{HEAD}\n1;Мост;Атлантида;Темно\n", 0, "«Атлантида» нет в списке", "Лужский район"),
    "a district by its town": text(f"{HEAD}\n1;Мост;г. Гатчина;Темно\n2;Сад;Тосненский муниципальный район;Сыро\n", 2),
    "UTF-16": text(GOOD, 2, encoding="utf-16"),
    "windows-1251": text(GOOD, 2, encoding="cp1251"),
    "a line that names the separator": text(f"sep=;\r\n{GOOD}", 2),
    "bars": text(GOOD.replace(";", "|"), 2),
    "a page called .xls": text("<html><table><tr><td>1</td></tr></table></html>", 0, "веб-страница", name="ideas.xls"),
    "several sheets": Odd("ideas.xlsx", book(two_sheets), 1, ("Прочитан лист «Заявки»", "Архив", "Служебный")),
    "filtered rows": Odd("ideas.xlsx", book(filtered), 2, ("отфильтрована 1 строка",)),
    "a failed formula": Odd("ideas.xlsx", book(failed_formula), 0, ("#REF!",)),
    "a formula without a value": Odd("ideas.xlsx", book(formula_without_a_value), 0, ("сохраните ещё раз",)),
    "LibreOffice": Odd("ideas.ods", ods(), 1),
    "an old Excel": Odd("ideas.xls", (Path(__file__).parents[1] / "data" / "ideas.xls").read_bytes(), 3),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data: Path = tmp_path_factory.mktemp("data")
    assert incubator(data, "migrate").returncode == 0
    return data


@pytest.mark.parametrize("case", CASES)
def test_by_command(folder: Path, tmp_path: Path, case: str) -> None:
    odd = CASES[case]
    (tmp_path / odd.name).write_bytes(odd.content)
    command = ("import", "projects", str(tmp_path / odd.name), "--season", "2026", "--dry-run")
    done = incubator(folder, *command, LC_ALL="ru_RU.UTF-8")
    told = done.stdout + done.stderr
    assert "Traceback" not in told
    for words in odd.said:
        assert words in told
    assert (f"Будет создано: {odd.created}." in told) is (odd.created > 0 or "Строк:" in told)
    is_sound = "Ошибок: 0." in told
    assert done.returncode == (0 if is_sound else 1)


@pytest.mark.parametrize("case", CASES)
async def test_in_the_browser(cast: Cast, case: str) -> None:
    odd = CASES[case]
    office = await signed_in(cast.organiser)
    await upload(office, odd.content, odd.name)
    told = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", office.page.text)))
    for words in odd.said:
        assert words in told
    assert (re.search(rf"Загрузить {odd.created} проект", told) is not None) is (odd.created > 0)
