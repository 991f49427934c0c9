"""A budget and the economics of one sale, computed once more by an engine for spreadsheets that knows nothing of ours.

The engine counts in binary fractions: each rounding adds less than the smallest step that an exact sum here can have, and what is
divided is counted in whole kopecks.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import formulas
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubator.core.rounding import half_up
from incubator.core.typed_numbers import plain_number
from incubator.projects.kinds import budget, economics
from incubator.projects.kinds.sheet import Sheet
from tests.projects.kinds.plans import roubles
from tests.scale import scaled

_ROWS = 5
_SOURCES, _CATEGORIES = list(budget.sources()), list(budget.categories())
_TYPED = ("price", "variable", "fixed", "planned", "target")

Compute = Callable[[Sequence[Decimal]], list[Decimal]]


def _engine(path: Path, typed: Sequence[str], computed: dict[str, str]) -> Compute:
    """Return a workbook of formulas as a function of the cells that are typed."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    for cell in typed:
        sheet.write_number(cell, 1)
    for cell, formula in computed.items():
        sheet.write_formula(cell, f"={formula}")
    book.close()
    place = f"'[{path.name}]S'!"
    model = formulas.ExcelModel().loads(str(path)).finish()
    compute = model.compile(inputs=[place + cell for cell in typed], outputs=[place + cell for cell in computed])
    return lambda values: [half_up(Decimal(float(each.value[0, 0])), 2) for each in compute(*map(float, values))]


@pytest.fixture(scope="module")
def compute_budget(tmp_path_factory: pytest.TempPathFactory) -> Compute:
    """Rows: quantity, price, number of the source, number of the category, spent, sum; what each source has lies behind them."""
    rows = range(1, _ROWS + 1)
    typed = [f"{column}{row}" for row in rows for column in "ABCDE"] + [f"H{n}" for n in range(1, len(_SOURCES) + 1)]
    sums = {f"F{row}": f"ROUND(A{row}*B{row}+0.0000002,2)" for row in rows}
    area = f"F1:F{_ROWS}"
    of_source = {f"I{n}": f"SUMIF(C1:C{_ROWS},{n},{area})" for n in range(1, len(_SOURCES) + 1)}
    lacks = {f"J{n}": f"MAX(0,I{n}-H{n})" for n in range(1, len(_SOURCES) + 1)}
    of_category = {f"K{n}": f"SUMIF(D1:D{_ROWS},{n},{area})" for n in range(1, len(_CATEGORIES) + 1)}
    totals = {"L1": f"SUM({area})", "L2": f"SUM({area})-SUM(E1:E{_ROWS})", "L3": f"SUM(J1:J{len(_SOURCES)})"}
    path = tmp_path_factory.mktemp("budget") / "budget.xlsx"
    return _engine(path, typed, {**sums, **of_source, **lacks, **of_category, **totals})


_lines = st.tuples(
    st.decimals(min_value=0, max_value=1000, places=3), roubles(50_000), st.integers(1, 4), st.integers(1, 5), roubles(50_000)
)  # fmt: skip


@settings(max_examples=scaled(1000, share=25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=st.lists(_lines, min_size=_ROWS, max_size=_ROWS), has=st.tuples(*[roubles(100_000)] * 4))
def test_a_spreadsheet_computes_the_same_budget(
    compute_budget: Compute, lines: list[tuple[Decimal, Decimal, int, int, Decimal]], has: tuple[Decimal, ...]
) -> None:
    rows = [
        {
            "what": "Доски", "count": plain_number(count), "price": plain_number(price), "source": _SOURCES[source - 1],
            "category": _CATEGORIES[category - 1], "spent": plain_number(spent),
        }
        for count, price, source, category, spent in lines
    ]  # fmt: skip
    fields = {source: plain_number(amount) for source, amount in zip(_SOURCES, has, strict=True)}
    found = budget.results(Sheet("budget", fields=fields, rows=rows))
    shares = {each.key: each for each in found.by_source}
    kinds = {each.key: each for each in found.by_category}
    ours = [
        *found.sums,
        *(shares[key].needs if key in shares else Decimal(0) for key in _SOURCES),
        *(shares[key].lacks if key in shares else Decimal(0) for key in _SOURCES),
        *(kinds[key].needs if key in kinds else Decimal(0) for key in _CATEGORIES),
        found.total, found.left, found.lacks,
    ]  # fmt: skip
    assert compute_budget([*(Decimal(cell) for line in lines for cell in line), *has]) == ours


@pytest.fixture(scope="module")
def compute_economics(tmp_path_factory: pytest.TempPathFactory) -> Compute:
    """Return margin, pieces without a loss, pieces for the wanted profit (−1: none would do), and the profit as planned."""
    kopecks = {name: f"ROUND({cell}*100,0)" for name, cell in (("fixed", "C1"), ("target", "E1"))}
    margin = "ROUND((A1-B1)*100,0)"
    computed = {
        "F1": "A1-B1",
        "G1": f"IF({margin}<=0,-1,ROUNDUP({kopecks['fixed']}/{margin},0))",
        "H1": f"IF({margin}<=0,-1,ROUNDUP(({kopecks['fixed']}+{kopecks['target']})/{margin},0))",
        "I1": "D1*(A1-B1)-C1",
    }
    path = tmp_path_factory.mktemp("economics") / "economics.xlsx"
    return _engine(path, ["A1", "B1", "C1", "D1", "E1"], computed)


@settings(max_examples=scaled(1000, share=25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    price=roubles(10_000), variable=roubles(10_000), fixed=roubles(200_000), planned=st.integers(0, 5000).map(Decimal),
    target=st.decimals(min_value="0.01", max_value=200_000, places=2),
)  # fmt: skip
def test_a_spreadsheet_computes_the_same_economics(
    compute_economics: Compute, price: Decimal, variable: Decimal, fixed: Decimal, planned: Decimal, target: Decimal
) -> None:
    typed = (price, variable, fixed, planned, target)
    cells = {name: plain_number(each) for name, each in zip(_TYPED, typed, strict=True)}
    found = economics.results(Sheet("economics", fields=cells))
    assert found
    none = -1
    ours = [
        found.margin,
        none if found.break_even is None else found.break_even,
        none if found.for_target is None else found.for_target,
        found.profit,
    ]
    assert compute_economics(typed) == ours
