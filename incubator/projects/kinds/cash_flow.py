"""Cash flow: how much money there is at the end of each month of a year or two, and when it is too little. Pure.

The cells, and the plan that they make; what follows is computed in ``cash_plan.py`` and put into words in ``cash_results.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from incubator.core.formatting import month_name
from incubator.core.languages import _
from incubator.programme.tax_rates import REFERENCE, Rate, Tax, percents_on, rate_on
from incubator.projects.kinds.cash_plan import MONTHS, MOST_MONTHS, ZERO, Plan
from incubator.projects.kinds.cash_printing import printed_cash
from incubator.projects.kinds.cash_results import CashResults, advise, lines, results_of
from incubator.projects.kinds.cash_taxes import Regime
from incubator.projects.kinds.cash_ways import Expense
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.kind import CellProblem
from incubator.projects.kinds.printing import Cells, Printed
from incubator.projects.kinds.sheet import Row, Sheet, SheetKind


def months() -> dict[str, str]:
    return {str(month): month_name(month) for month in range(1, MONTHS + 1)}


def months_of_both_years() -> dict[str, str]:
    """Return the months for what comes or goes once; from 13 on those of the plan's second year."""
    return months() | {
        str(month + MONTHS): _("%(month)s, второй год", month=month_name(month)) for month in range(1, MONTHS + 1)
    }


def terms() -> dict[str, str]:
    return {str(MONTHS): _("год: 12 месяцев"), str(MOST_MONTHS): _("два года: 24 месяца")}


def delays() -> dict[str, str]:
    return {"0": _("сразу"), "1": _("через месяц"), "2": _("через два месяца"), "3": _("через три месяца")}


def regimes() -> dict[str, str]:
    return {
        Regime.SELF_EMPLOYED_PEOPLE: _("самозанятый, платят люди"),
        Regime.SELF_EMPLOYED_FIRMS: _("самозанятый, платят фирмы"),
        Regime.INCOME: _("УСН, с доходов"),
        Regime.PROFIT: _("УСН, с доходов минус расходы"),
        Regime.PATENT: _("патент: своя сумма за год"),
    }


HUNDRED = Decimal(100)
MOST_SOLD = Decimal(10) ** 6


def _sold_in(number: int) -> Column:
    """Return the cell of what is sold in the month of that number, counted from 1."""
    group = (lambda: _("Продажи по месяцам, если они разные")) if number == 1 else None
    return Column(
        f"sold{number}", lambda: _("%(n)s-й месяц", n=number), Holds.WHOLE, most=MOST_SOLD, group=group, is_folded=True
    )  # fmt: skip


#: A cell for each month: where one is filled in, it stands instead of the growth.
_SOLD_IN = tuple(_sold_in(number) for number in range(1, MOST_MONTHS + 1))
FIELDS = (
    Column("first", lambda: _("Первый месяц"), Holds.CHOICE, options=months, group=lambda: _("Деньги на старте")),
    Column("term", lambda: _("На сколько считаем"), Holds.CHOICE, options=terms),
    Column("own", lambda: _("Свои деньги, ₽"), Holds.MONEY),
    Column("grants", lambda: _("Гранты, ₽"), Holds.MONEY),
    Column("startup", lambda: _("Потратите до первого месяца, ₽"), Holds.MONEY),
    Column("price", lambda: _("Цена одного, ₽"), Holds.MONEY, is_needed=True, group=lambda: _("Продажи")),
    Column("units", lambda: _("Продадите в первый месяц, штук"), Holds.WHOLE, is_needed=True, most=MOST_SOLD),
    Column("growth", lambda: _("Рост продаж за месяц, %"), Holds.PERCENT, least=-HUNDRED, most=HUNDRED),
    Column("delay", lambda: _("Когда вам платят"), Holds.CHOICE, options=delays),
    Column("later", lambda: _("Какую часть платят позже, %"), Holds.PERCENT, most=HUNDRED, hint=lambda: _("пусто – всё")),
    Column("variable", lambda: _("Расходы на одно, ₽"), Holds.MONEY, group=lambda: _("Расходы"), hint=lambda: _("материал, упаковка, доставка")),
    Column("fixed", lambda: _("Расходы в месяц, ₽"), Holds.MONEY, hint=lambda: _("аренда, связь, реклама, проценты по займу")),
    Column("wages", lambda: _("Зарплаты за месяц, ₽"), Holds.MONEY),
    Column("tax", lambda: _("Налог"), Holds.CHOICE, options=regimes, group=lambda: _("Налог и заём")),
    Column("patent", lambda: _("Патент на год, ₽"), Holds.MONEY, hint=lambda: _("если налог – патент")),
    Column("loan", lambda: _("Заём, ₽"), Holds.MONEY),
    Column("repayment", lambda: _("Возвращать в месяц, ₽"), Holds.MONEY),
    *_SOLD_IN,
)  # fmt: skip
SUM = Column("sum", lambda: _("Сумма, ₽ (расход – с минусом)"), Holds.MONEY, least=None, is_needed=True)
COLUMNS = (
    Column("what", lambda: _("Что"), longest=120, is_needed=True),
    Column("month", lambda: _("Месяц"), Holds.CHOICE, options=months_of_both_years),
    SUM,
)


BY_KEY = {each.key: each for each in (*FIELDS, *COLUMNS)}


def results(sheet: Sheet) -> CashResults | None:
    """Return what follows; None before any money comes or goes."""
    plan = plan_of(sheet)
    rates = () if plan.regime is Regime.PATENT else _rates_of(plan.regime, sheet)
    found = results_of(plan, _first(sheet), tuple(_expenses(sheet)), rates)
    return found if any(found.forecast.balances) or any(month.sales for month in found.forecast.months) else None


def plan_of(sheet: Sheet) -> Plan:
    """Return the plan; a cell with a mistake in it counts as empty, and its problem is told."""

    def given(key: str) -> Decimal:
        return _number(sheet.fields, key) or ZERO

    later = _number(sheet.fields, "later")
    return Plan(
        own=given("own"), grants=given("grants"), start_up=given("startup"), loan=given("loan"), repayment=given("repayment"),
        price=given("price"), units=given("units"), growth=given("growth"), units_of=_sold_by_month(sheet),
        later=HUNDRED if later is None else later, delay=int(_choice(sheet.fields, "delay")),
        variable=given("variable"), fixed=given("fixed"), wages=given("wages"),
        regime=Regime(_choice(sheet.fields, "tax")), patent=given("patent"),
        extra=_by_month(sheet, 1), once=_by_month(sheet, -1), rates=tuple(percents_on(day, _rates(sheet)) for day in _years(sheet)),
    )  # fmt: skip


def _years(sheet: Sheet) -> Iterator[date]:
    """Yield the first day of each year of the plan, which begins in the season."""
    begins = sheet.season.first_of(_first(sheet)) if sheet.season else REFERENCE
    for year in range(_term(sheet) // MONTHS):
        yield begins.replace(year=begins.year + year)


def _rates(sheet: Sheet) -> tuple[Rate, ...]:
    return sheet.season.rates if sheet.season else ()


def _rates_of(regime: Regime, sheet: Sheet) -> tuple[Rate, ...]:
    """Return the rates in force, each once, in the order of the years."""
    return tuple(dict.fromkeys(rate_on(Tax(regime), day, _rates(sheet)) for day in _years(sheet)))


def _sold_by_month(sheet: Sheet) -> dict[int, Decimal]:
    typed = {month: _number(sheet.fields, column.key) for month, column in enumerate(_SOLD_IN[: _term(sheet)])}
    return {month: units for month, units in typed.items() if units is not None}


def _expenses(sheet: Sheet) -> Iterator[Expense]:
    for row in sheet.rows:
        amount, month = _number(row, "sum") or ZERO, _month_of(row, sheet)
        if amount < 0 and month < _term(sheet):
            yield Expense(row.get("what", ""), month, -amount)


def _by_month(sheet: Sheet, sign: int) -> tuple[Decimal, ...]:
    """Return what the rows bring (sign 1) or cost (−1) in each month from the first."""
    found = [ZERO] * MOST_MONTHS
    for row in sheet.rows:
        found[_month_of(row, sheet)] += max(ZERO, sign * (_number(row, "sum") or ZERO))
    return tuple(found[: _term(sheet)])


def _month_of(row: Row, sheet: Sheet) -> int:
    """Return the number of the row's month in the plan, counted from 0."""
    year, month = divmod(int(_choice(row, "month")) - 1, MONTHS)
    return year * MONTHS + (month + 1 - _first(sheet)) % MONTHS


def checks(sheet: Sheet) -> Iterator[CellProblem]:
    """Tell what lies behind the last month."""
    term = _term(sheet)
    late = [column.key for column in _SOLD_IN[term:] if column.says_something(sheet.fields.get(column.key, ""))]
    late += [f"month.{number}" for number, row in enumerate(sheet.rows) if _month_of(row, sheet) >= term]
    for place in late:
        yield CellProblem(place, _("в плане месяцев только %(n)s", n=term))


def _term(sheet: Sheet) -> int:
    return int(_choice(sheet.fields, "term"))


def _first(sheet: Sheet) -> int:
    return int(_choice(sheet.fields, "first"))


def _number(cells: Row, key: str) -> Decimal | None:
    cell = cells.get(key, "")
    return None if BY_KEY[key].problem(cell) else BY_KEY[key].number(cell)


def _choice(cells: Mapping[str, str], key: str) -> str:
    return BY_KEY[key].typed(cells.get(key, ""))


def printing(fields: Cells, rows: Sequence[Cells], found: CashResults | None) -> Printed:
    return printed_cash(FIELDS, COLUMNS, fields, rows, found)


KIND = SheetKind(
    "cash_flow", lambda: _("Движение денег"), fields=FIELDS, columns=COLUMNS, results=results, lines=lines, advise=advise,
    checks=checks, asks_season=True, rows_title=lambda: _("Разовые доходы и расходы"), most_rows=40, printing=printing,
)  # fmt: skip
