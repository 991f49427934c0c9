"""A plan of money as a workbook of formulas, computed by an engine that knows nothing of ours.

The formulas say once more, in a spreadsheet's words, what ``cash_plan.py`` says in Python. The engine counts in binary fractions
and rounds without asking what was meant, so each rounding adds less than the smallest step that an exact sum here can have.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import formulas
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from incubator.programme.tax_rates import PERCENTS, Tax
from incubator.projects.kinds.cash_plan import MOST_MONTHS, ZERO, Plan
from incubator.projects.kinds.cash_taxes import YEAR, Regime

_CELLS = (
    "own", "grants", "start_up", "loan", "repayment", "price", "units", "growth", "later", "delay",
    "variable", "fixed", "wages", "patent",
)  # fmt: skip
#: Sheet rows of what is typed for each month (of the pieces: below zero where it is not), of the taxes' percents of its year, and of what is computed.
_EXTRA, _ONCE, _SOLD = 20, 21, 22
_PERCENTS = {tax: 23 + number for number, tax in enumerate(Tax)}
ROWS = (
    "units",
    "sales",
    "later",
    "paid",
    "variable",
    "base",
    "tax",
    "base_of_sales",
    "tax_on_sales",
    "repaid",
    "profit",
    "balance",
)
_FIRST = 30
_AT = {name: _FIRST + number for number, name in enumerate(ROWS)}


def _months() -> list[str]:
    """Return the letters of the months' columns; the start is the one before."""
    return [xl_col_to_name(2 + month) for month in range(MOST_MONTHS)]


def _rounded(formula: str, digits: int = 2) -> str:
    return f"ROUND({formula}+0.0000002,{digits})"


def _formulas(month: int) -> dict[str, str]:
    """Return the formulas of one month by the name of their row."""
    at, columns = {name: f"$B${number}" for number, name in enumerate((*_CELLS, "regime"), 1)}, _months()
    here = columns[month]
    before = columns[month - 1] if month else "B"

    percent = {tax: f"{here}{row}" for tax, row in _PERCENTS.items()}

    def cell(name: str, column: str = here) -> str:
        return f"{column}{_AT[name]}"

    waited = [cell("later", columns[month - wait]) if month >= wait else "0" for wait in range(5)]
    paid = f"{cell('sales')}-{cell('later')}+CHOOSE({at['delay']}+1,{','.join(waited)})"
    first, number = columns[month - month % YEAR], month % YEAR
    since = f"{first}{{row}}:{here}{{row}}"
    so_far = {name: f"SUM({since.format(row=row)})" for name, row in (*_AT.items(), ("once", _ONCE))}
    costs = f"{so_far['variable']}+{number + 1}*({at['fixed']}+{at['wages']})+{so_far['once']}"
    third = _rounded(f"{at['patent']}/3")
    patent = {2: third, YEAR - 1: f"{at['patent']}-{third}"}.get(number, "0")

    def base(income: str) -> str:
        return _rounded(f"MAX(0,{so_far[income]}-({costs}))*{percent[Tax.PROFIT]}/100")

    def tax(name: str, income: str, base: str) -> str:
        """Return the formula of a tax on what was paid or sold."""
        paid_before = f"SUM({first}{_AT[name]}:{before}{_AT[name]})" if number else "0"
        least = _rounded(f"{so_far[income]}*{percent[Tax.LEAST]}/100")
        due = f"MAX({cell(base)},{least})" if number == YEAR - 1 else cell(base)
        on_income = [
            _rounded(f"{cell(income)}*{percent[tax]}/100")
            for tax in (Tax.SELF_EMPLOYED_PEOPLE, Tax.SELF_EMPLOYED_FIRMS, Tax.INCOME)
        ]
        return f"CHOOSE({at['regime']},{','.join(on_income)},MAX(0,{due}-{paid_before}),{patent})"

    grown = f"{at['units']}*(1+{at['growth']}/100)^{month}"
    repaid = f"SUM({columns[0]}{_AT['repaid']}:{before}{_AT['repaid']})" if month else "0"
    less_costs = f"-{cell('variable')}-{at['fixed']}-{at['wages']}-{here}{_ONCE}"
    return {
        "units": f"IF({here}{_SOLD}<0,{_rounded(grown, 0)},{_rounded(f'{here}{_SOLD}', 0)})",
        "sales": _rounded(f"{cell('units')}*{at['price']}"),
        "later": _rounded(f"{cell('sales')}*{at['later']}/100"),
        "paid": paid,
        "variable": _rounded(f"{cell('units')}*{at['variable']}"),
        "base": base("paid"),
        "tax": tax("tax", "paid", "base"),
        "base_of_sales": base("sales"),
        "tax_on_sales": tax("tax_on_sales", "sales", "base_of_sales"),
        "repaid": f"MIN({at['repayment']},{at['loan']}-{repaid})",
        "profit": f"{cell('sales')}+{here}{_EXTRA}{less_costs}-{cell('tax_on_sales')}",
        "balance": f"{cell('balance', before)}+{cell('paid')}+{here}{_EXTRA}{less_costs}-{cell('tax')}-{cell('repaid')}",
    }


def write_workbook(path: Path) -> None:
    """Write a plan of zeros with its formulas."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("PLAN")
    for row in range(len(_CELLS) + 1):
        sheet.write_number(row, 1, 1)
    start = f"=B{_CELLS.index('own') + 1}+B{_CELLS.index('grants') + 1}+B{_CELLS.index('loan') + 1}-B{_CELLS.index('start_up') + 1}"
    sheet.write_formula(f"B{_AT['balance']}", start)
    for month, column in enumerate(_months()):
        for row in (_EXTRA, _ONCE, _SOLD, *_PERCENTS.values()):
            sheet.write_number(f"{column}{row}", 0)
        for name, formula in _formulas(month).items():
            sheet.write_formula(f"{column}{_AT[name]}", f"={formula}")
    book.close()


@dataclass(frozen=True, slots=True)
class Computed:
    """What the engine found: rows by name, each with its months, and the balance at the start."""

    start: float
    rows: dict[str, list[float]]


class Engine:
    """The workbook, read once and computed for any plan."""

    def __init__(self, path: Path) -> None:
        write_workbook(path)
        model = formulas.ExcelModel().loads(str(path)).finish()
        typed = [f"B{number}" for number in range(1, len(_CELLS) + 2)]
        typed += [f"{column}{row}" for row in (_EXTRA, _ONCE, _SOLD, *_PERCENTS.values()) for column in _months()]
        self._outputs = [f"B{_AT['balance']}", *(f"{column}{_AT[name]}" for name in ROWS for column in _months())]
        place = f"'[{path.name}]PLAN'!"
        self._compute = model.compile(
            inputs=[place + cell for cell in typed], outputs=[place + cell for cell in self._outputs]
        )

    def computed(self, plan: Plan) -> Computed:
        regime = list(Regime).index(plan.regime) + 1
        typed: Sequence[Decimal | int] = [*(getattr(plan, name) for name in _CELLS), regime, *_typed_by_month(plan)]
        start, *cells = (float(found.value[0, 0]) for found in self._compute(*(float(each) for each in typed)))
        return Computed(start, {name: cells[number * MOST_MONTHS :][: plan.months] for number, name in enumerate(ROWS)})


def _typed_by_month(plan: Plan) -> Iterator[Decimal]:
    """Yield the rows of what is typed for each month, also of those behind the plan's last one."""
    behind = (ZERO,) * (MOST_MONTHS - plan.months)
    yield from (*plan.extra, *behind, *plan.once, *behind)
    yield from (plan.units_of.get(month, Decimal(-1)) for month in range(MOST_MONTHS))
    years = [*plan.rates, PERCENTS][: MOST_MONTHS // YEAR]
    for tax in _PERCENTS:
        yield from (years[month // YEAR][tax] for month in range(MOST_MONTHS))
