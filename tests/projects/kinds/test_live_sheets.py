"""The workbook that people take goes on computing as the site does: opened by openpyxl, computed by the engine ``formulas``."""

import io
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import formulas
import numpy as np
import pytest
from formulas.functions import wrap_ufunc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from schedula import EMPTY

from incubator.core.languages import LOCALES, override_locale
from incubator.core.rounding import half_up
from incubator.projects.kinds import budget_live, cash_flow, cash_live
from incubator.projects.kinds.budget import categories, sources
from incubator.projects.kinds.cash_flow import FIELDS, delays, months, months_of_both_years, regimes
from incubator.projects.kinds.live import LIVE
from incubator.projects.kinds.registry import sheet_kind_of
from incubator.projects.kinds.sheet import Sheet
from incubator.tabular.live_sheets import LiveSheet, Look, address, letters
from incubator.tabular.live_workbook import as_workbook
from tests.projects.kinds.plans import roubles
from tests.scale import scaled

#: Digits of a number that a spreadsheet shows and rounds by: what is beyond is noise of binary fractions.
_DIGITS = 15


def _round(number: Any, digits: Any, *_more: Any) -> float:
    """Round as spreadsheets do: half away from zero, of the number as it is shown. The engine rounds the binary fraction."""
    shown = Decimal(f"{float(number):.{_DIGITS}g}")
    return float(half_up(shown, int(digits)))


#: Lines of a budget that an engine computes; the workbook that people take has room for more of the same.
ROWS = 8
#: A sheet in which every cell is filled in, for the engine takes an empty one for none.
_FULL = {
    "budget": Sheet(
        "budget", fields=dict.fromkeys(sources(), "1"),
        rows=[{"what": "а", "category": "travel", "count": "1", "price": "1", "source": "own", "spent": "1"}] * ROWS,
    ),
    "cash_flow": Sheet(
        "cash_flow", fields={each.key: "1" for each in FIELDS} | {"term": "24", "delay": "1", "tax": "patent"},
        rows=[{"what": "а", "month": "1", "sum": "1"}] * ROWS,
    ),
    "economics": Sheet(
        "economics", fields=dict.fromkeys(("unit", "price", "variable", "fixed", "planned", "target"), "1")
    ),
}  # fmt: skip


def sheet_in(kind_key: str, sheet: Sheet) -> LiveSheet:
    """Return a sheet with fewer lines than people take: enough for an engine."""
    if kind_key == "economics":
        return LIVE[kind_key](sheet, "PLAN")
    live = budget_live.live if kind_key == "budget" else cash_live.live
    return live(sheet, "PLAN", most_rows=ROWS)


class LiveEngine:
    """The workbook of a kind, read once as the engine reads a file, and computed for any cells that somebody may type."""

    def __init__(self, kind_key: str, path: Path, **fields: str) -> None:
        """``fields``: cells that decide how the sheet is laid out."""
        formulas.get_functions()["ROUND"] = wrap_ufunc(_round)  # only in this process
        full = _FULL[kind_key]
        page = sheet_in(kind_key, Sheet(kind_key, fields=full.fields | fields, rows=full.rows))
        path.write_bytes(as_workbook([page], title="", author=""))
        place = f"'[{path.name}]PLAN'!"
        self._typed = [at for at, cell in page.cells.items() if cell.is_typed]
        self._computed = [at for at, cell in page.cells.items() if cell.formula]
        model = formulas.ExcelModel().loads(str(path)).finish()

        def names(places: list[tuple[int, int]]) -> list[str]:
            return [place + address(*at).replace("$", "") for at in places]

        self._compute = model.compile(inputs=names(self._typed), outputs=names(self._computed))

    def differences(self, page: LiveSheet) -> list[tuple[str, Any, Any]]:
        """Return where the engine finds another value than the sheet brings along."""
        typed = [_as_typed(page.cells[at].value) for at in self._typed]
        found = self._compute(*typed)
        pairs = ((at, page.cells[at], each.value[0, 0]) for at, each in zip(self._computed, found, strict=True))
        return [
            (letters(at[1]) + str(at[0] + 1), cell.value, value)
            for at, cell, value in pairs
            if not _is_same(cell.value, value)
        ]


def _as_typed(value: Any) -> Any:
    """Return a cell as the engine reads one from a file."""
    cell = EMPTY if value in (None, "") else float(value) if isinstance(value, (Decimal, int)) else value
    return np.array([[cell]], dtype=object)


def _is_same(kept: Any, computed: Any) -> bool:
    if kept is None or isinstance(kept, str):
        return str(computed) == (kept or "")
    return half_up(float(computed), 2) == half_up(Decimal(kept), 2)


@cache
def engine(kind_key: str, folder: Path, term: str = "") -> LiveEngine:
    return LiveEngine(kind_key, folder / f"{kind_key}{term}.xlsx", **({"term": term} if term else {}))


def lines_of(places: int, most: int) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.decimals(min_value=0, max_value=most, places=places).map(str))


_LINES = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["Датчик", "=1+1", "Дорога"]), "count": lines_of(3, 500), "price": lines_of(2, 90_000),
        "spent": lines_of(2, 9_000), "source": st.sampled_from(list(sources())),
        "category": st.sampled_from(list(categories())),
    }
)  # fmt: skip
_AMOUNTS = roubles(300_000).map(str)
budgets = st.builds(
    lambda fields, rows: Sheet("budget", fields=fields, rows=rows),
    st.fixed_dictionaries(dict.fromkeys(sources(), _AMOUNTS)),
    st.lists(_LINES, max_size=ROWS),
)
economics = st.builds(
    lambda fields: Sheet("economics", fields={key: cell for key, cell in fields.items() if cell}),
    st.fixed_dictionaries(
        {
            "price": lines_of(2, 5_000), "variable": lines_of(2, 5_000), "fixed": lines_of(2, 90_000),
            "target": lines_of(2, 90_000), "planned": lines_of(0, 900),
        }
    ),
)  # fmt: skip


def cash_flows(term: str) -> st.SearchStrategy[Sheet]:
    """Return cells of a plan of money, as schools have them, and a few that nobody plans."""
    fields = {
        "first": st.sampled_from(list(months())), "term": st.just(term), "own": lines_of(2, 200_000),
        "grants": lines_of(2, 200_000), "startup": lines_of(2, 300_000), "loan": lines_of(2, 200_000),
        "repayment": lines_of(2, 30_000), "price": lines_of(2, 5_000), "units": lines_of(0, 500),
        "growth": st.integers(-200, 60).map(lambda halves: str(Decimal(halves) / 2)), "later": lines_of(2, 100),
        "delay": st.sampled_from(list(delays())), "variable": lines_of(2, 5_000), "fixed": lines_of(2, 60_000),
        "wages": lines_of(2, 60_000), "tax": st.sampled_from(list(regimes())), "patent": lines_of(2, 60_000),
        "sold1": lines_of(0, 900), "sold3": lines_of(0, 900), "sold12": lines_of(0, 900), "sold13": lines_of(0, 900),
    }  # fmt: skip
    row = st.fixed_dictionaries(
        {
            "what": st.just("Станок"), "month": st.sampled_from(list(months_of_both_years())),
            "sum": st.decimals(-100_000, 50_000, places=2).map(str),
        }
    )  # fmt: skip
    said = st.fixed_dictionaries(fields).map(lambda cells: {key: cell for key, cell in cells.items() if cell})
    return st.builds(
        lambda cells, rows: Sheet("cash_flow", fields=cells, rows=rows), said, st.lists(row, max_size=ROWS)
    )


@settings(max_examples=scaled(1000, share=200), deadline=None, suppress_health_check=list(HealthCheck))
@given(sheet=cash_flows("12"))
def test_an_engine_finds_the_same_year_of_money(tmp_path_factory: pytest.TempPathFactory, sheet: Sheet) -> None:
    found = engine("cash_flow", tmp_path_factory.getbasetemp(), "12").differences(sheet_in("cash_flow", sheet))
    assert found == []


@settings(max_examples=scaled(200, share=100), deadline=None, suppress_health_check=list(HealthCheck))
@given(sheet=cash_flows("24"))
def test_an_engine_finds_the_same_two_years_of_money(tmp_path_factory: pytest.TempPathFactory, sheet: Sheet) -> None:
    found = engine("cash_flow", tmp_path_factory.getbasetemp(), "24").differences(sheet_in("cash_flow", sheet))
    assert found == []


@pytest.mark.parametrize("term", ["12", "24"])
def test_the_scenarios_of_the_sheet_are_those_of_the_page(term: str) -> None:
    cells = {"price": "333.33", "units": "77", "growth": "3", "delay": "3", "later": "50", "term": term, "own": "900",
        "variable": "50.55", "fixed": "9000", "tax": "income"}  # fmt: skip
    sheet = Sheet("cash_flow", fields=cells)
    page = sheet_in("cash_flow", sheet)
    found = cash_flow.results(sheet)
    assert found
    for each in found.views:
        column = next(at for (_row, at), cell in page.cells.items() if cell.value == each.title and at > 10)
        top = next(row for (row, at), cell in page.cells.items() if at == column and cell.value == each.title)
        cells_below = [page.cells[top + number, column] for number in (1, 2, 3)]
        assert all(cell.formula for cell in cells_below)
        wanted = [each.lowest, each.forecast.profit, each.forecast.balances[-1]]
        assert [cell.value for cell in cells_below] == wanted
    assert len({each.lowest for each in found.views}) > 1


@settings(max_examples=scaled(1000, share=25), deadline=None, suppress_health_check=list(HealthCheck))
@given(sheet=budgets)
def test_an_engine_finds_the_same_budget(tmp_path_factory: pytest.TempPathFactory, sheet: Sheet) -> None:
    assert engine("budget", tmp_path_factory.getbasetemp()).differences(sheet_in("budget", sheet)) == []


@settings(max_examples=scaled(1000, share=25), deadline=None, suppress_health_check=list(HealthCheck))
@given(sheet=economics)
def test_an_engine_finds_the_same_economics(tmp_path_factory: pytest.TempPathFactory, sheet: Sheet) -> None:
    assert engine("economics", tmp_path_factory.getbasetemp()).differences(sheet_in("economics", sheet)) == []


def test_a_margin_that_is_a_small_part_of_the_price_is_exact(tmp_path_factory: pytest.TempPathFactory) -> None:
    fields = {"price": "1000000.07", "variable": "1000000.03", "fixed": "843.76", "target": "0.04"}
    sheet = Sheet("economics", fields=fields)
    assert engine("economics", tmp_path_factory.getbasetemp()).differences(sheet_in("economics", sheet)) == []


def test_an_engine_that_finds_another_number_is_heard(tmp_path_factory: pytest.TempPathFactory) -> None:
    fields = {"price": "100", "variable": "40", "fixed": "600"}
    page = sheet_in("economics", Sheet("economics", fields=fields))
    wrong = dict(page.cells)
    at = next(at for at, cell in page.cells.items() if cell.value == Decimal(60))
    wrong[at] = type(wrong[at])(Decimal("60.01"), Look.MONEY, wrong[at].formula)
    found = engine("economics", tmp_path_factory.getbasetemp()).differences(LiveSheet(page.title, wrong, page.widths))
    assert [(place, value) for place, value, _computed in found] == [("B12", Decimal("60.01"))]


@pytest.mark.parametrize("kind_key", LIVE)
def test_each_sheet_is_written_and_read(kind_key: str) -> None:
    kind = sheet_kind_of(kind_key)
    assert kind
    for locale in LOCALES:
        with override_locale(locale):
            page = LIVE[kind_key](kind.sheet(json.dumps({"kind": kind_key, "fields": {"price": "5"}})), kind.title)
            (read,) = load_workbook(io.BytesIO(as_workbook([page], title="План", author=""))).worksheets
        assert read["A1"].value == page.title
        for (row, column), cell in page.cells.items():
            there = read.cell(row + 1, column + 1)
            if cell.formula:
                assert there.value == f"={cell.formula}"
            elif cell.value not in (None, ""):
                assert there.value == (float(cell.value) if isinstance(cell.value, Decimal) else cell.value)


def test_what_is_no_number_stays_as_it_was_typed_and_counts_for_nothing() -> None:
    page = sheet_in("budget", Sheet("budget", rows=[{"what": "Датчик", "count": "много", "price": "100"}]))
    cells = {letters(column) + str(row + 1): cell for (row, column), cell in page.cells.items()}
    assert (cells["C5"].value, cells["F5"].value) == ("много", Decimal(0))


def test_texts_are_no_formulas_and_sheets_have_names_of_their_own() -> None:
    page = sheet_in("budget", Sheet("budget", rows=[{"what": "=HYPERLINK(1)", "price": "1"}]))
    sheets = [LiveSheet("План: [всё] и/или ничего, что не влезает", page.cells, page.widths)] * 3
    book = load_workbook(io.BytesIO(as_workbook(sheets, title="=П", author="")))
    assert len({name.casefold() for name in book.sheetnames}) == 3
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert {(sheet["A5"].value, sheet["A5"].data_type) for sheet in book.worksheets} == {("=HYPERLINK(1)", "s")}
