"""A plan of money as a sheet that computes: what somebody knows or guesses above, the months below it, what comes or goes once at the end. Pure.

What ``cash_plan.py`` and ``cash_taxes.py`` say in Python stands here once more in a spreadsheet's words; a test lets another engine
compute both. The rules are explained there.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from incubator.core.languages import _
from incubator.programme.tax_rates import Tax
from incubator.projects.kinds.cash_flow import (
    BY_KEY,
    COLUMNS,
    FIELDS,
    KIND,
    delays,
    months,
    months_of_both_years,
    plan_of,
    regimes,
)
from incubator.projects.kinds.cash_live_taxes import TaxFormulas
from incubator.projects.kinds.cash_plan import ZERO, Forecast, Month, forecast
from incubator.projects.kinds.cash_taxes import part
from incubator.projects.kinds.live_cells import here, put_rows, put_title, put_typed
from incubator.projects.kinds.sheet import Sheet
from incubator.tabular.live_sheets import LiveSheet, Look, SheetWriter, address, span

#: Where the single cells begin, and the rates of taxes beside them.
_TOP, _RATES = 3, 9
#: Where the results stand, below the rates.
_SUMMARY = _TOP + 7
#: The column of the first month; the one before it holds the start.
FIRST = 2
#: Cells of the months have rows of their own.
_SOLD = "sold"
_TAXES = (Tax.SELF_EMPLOYED_PEOPLE, Tax.SELF_EMPLOYED_FIRMS, Tax.INCOME, Tax.PROFIT, Tax.LEAST)


def live(sheet: Sheet, title: str, *, most_rows: int = KIND.most_rows) -> LiveSheet:
    return _CashSheet(sheet, title, most_rows).written()


class _CashSheet:
    """Writes one sheet from its top to its end."""

    def __init__(self, sheet: Sheet, title: str, most_rows: int) -> None:
        self._sheet, self._most_rows = sheet, most_rows
        self._found: Forecast = forecast(plan_of(sheet))
        self._page = SheetWriter(title)
        self._single = [each for each in FIELDS if not each.key.startswith(_SOLD)]
        self._at = {each.key: address(_TOP + number, 1) for number, each in enumerate(self._single)}
        self._months_top = _TOP + max(len(self._single), len(_TAXES) + 1) + 1
        self._row = {name: self._months_top + number for number, name in enumerate(_LINES, 1)}
        self._once_top = self._months_top + len(_LINES) + 3
        lists = self._once_top + 1
        self._lists = {
            "month": span(lists, lists + 23, 7), "delay": span(lists, lists + 3, 9), "tax": span(lists, lists + 4, 11),
        }  # fmt: skip

    def written(self) -> LiveSheet:
        put_title(self._page, self._page.title)
        self._put_single_cells()
        self._put_rates()
        self._put_once()
        self._put_lists()
        self._put_months()
        self._put_summary()
        return self._page.sheet((38, 20, *(13,) * max(12, self._found.plan.months)), (0, 1))

    # --- what is typed -------------------------------------------------------

    def _put_single_cells(self) -> None:
        chosen = {"first": self._lists["month"], "delay": self._lists["delay"], "tax": self._lists["tax"]}
        for number, column in enumerate(self._single):
            row, cell = _TOP + number, self._sheet.fields.get(column.key, "")
            self._page.put(row, 0, column.label())
            if column.key == "term":  # the sheet has as many months as the plan
                self._page.put(row, 1, column.shown(column.typed(cell)))
            else:
                put_typed(self._page, row, 1, column, cell, choices=chosen.get(column.key, ""), is_checked=True)
            self._page.put(row, 2, column.hint() if column.hint else "", Look.QUIET)

    def _put_rates(self) -> None:
        self._page.put(_TOP, _RATES, _("Ставки налогов, %"), is_strong=True)
        titles = [*list(regimes().values())[: len(_TAXES) - 1], _("не меньше от всех доходов")]
        for year, percents in enumerate(self._found.plan.rates):
            self._page.put(_TOP, _RATES + 4 + year, _("%(n)s-й год", n=year + 1), Look.HEAD)
            for number, tax in enumerate(_TAXES, 1):
                self._page.typed(_TOP + number, _RATES + 4 + year, percents[tax], Look.PERCENT)
        for number, words in enumerate(titles, 1):
            self._page.put(_TOP + number, _RATES, words)

    def _put_once(self) -> None:
        rows = [*self._sheet.rows, *({} for _row in range(self._most_rows - len(self._sheet.rows)))]
        self._page.put(self._once_top - 1, 0, _("Разовые доходы и расходы"), is_strong=True)
        put_rows(
            self._page,
            self._once_top,
            (0, 1, 2),
            COLUMNS,
            rows,
            choices={"month": self._lists["month"]},
            is_checked=True,
        )
        heads = (_("Месяц плана"), _("Доход, ₽"), _("Расход, ₽"))
        for place, words in enumerate(heads, 3):
            self._page.put(self._once_top, place, words, Look.HEAD)
        for number, row in enumerate(rows, 1):
            self._put_once_row(self._once_top + number, row)

    def _put_once_row(self, row: int, cells: dict[str, str]) -> None:
        """Put which month of the plan a row means, and what it brings and takes."""
        column = BY_KEY["sum"]
        known = None if column.problem(cells.get("sum", "")) else column.number(cells.get("sum", ""))
        amount = known or ZERO
        year, month = divmod(int(BY_KEY["month"].typed(cells.get("month", ""))) - 1, 12)
        first = int(BY_KEY["first"].typed(self._sheet.fields.get("first", "")))
        named = f"IFERROR(MATCH({here(row, 1)},{self._lists['month']},0),1)"
        place = f"INT(({named}-1)/12)*12+MOD(MOD({named}-1,12)+1-{self._first},12)+1"
        number = None if known is None else year * 12 + (month + 1 - first) % 12 + 1
        self._page.follows(row, 3, f'IF(ISNUMBER({here(row, 2)}),{place},"")', number, Look.WHOLE)
        self._page.follows(row, 4, f"MAX(0,SUM({here(row, 2)}))", max(ZERO, amount), Look.MONEY_IF_ANY)
        self._page.follows(row, 5, f"MAX(0,-SUM({here(row, 2)}))", max(ZERO, -amount), Look.MONEY_IF_ANY)

    def _put_lists(self) -> None:
        """Put what the cells with choices offer."""
        for place, words, options in (
            (7, _("Месяц"), months_of_both_years()), (9, _("Когда вам платят"), delays()), (11, _("Налог"), regimes()),
        ):  # fmt: skip
            self._page.put(self._once_top, place, words, Look.HEAD)
            for number, each in enumerate(options.values(), 1):
                self._page.put(self._once_top + number, place, each, Look.QUIET)

    def _put_summary(self) -> None:
        """Put what the months come to beside what they follow from."""
        last, found = FIRST + self._found.plan.months - 1, self._found
        balances = f"{here(self._row['balance'], 1)}:{here(self._row['balance'], last)}"
        profits = f"{here(self._row['profit'], FIRST)}:{here(self._row['profit'], last)}"
        self._page.put(_SUMMARY, _RATES, _("Что получается"), is_strong=True)
        for number, (words, formula, value) in enumerate(
            (
                (_("Меньше всего денег, ₽"), f"MIN({balances})", found.lowest[1]),
                (_("Прибыль за всё время, ₽"), f"SUM({profits})", found.profit),
                (_("Денег в конце, ₽"), here(self._row["balance"], last), found.balances[-1]),
            ),
            1,
        ):
            self._page.put(_SUMMARY + number, _RATES, words)
            self._page.follows(_SUMMARY + number, _RATES + 4, formula, value, is_strong=True)

    # --- what follows --------------------------------------------------------

    @property
    def _first(self) -> str:
        return f"MATCH({self._at['first']},{self._lists['month']},0)"

    def _number(self, key: str) -> str:
        """Return a single cell as a number; what is none counts for nothing."""
        return f"SUM({self._at[key]})"

    def _cell(self, name: str, month: int) -> str:
        return here(self._row[name], FIRST + month)

    def _so_far(self, names: Sequence[str], since: int, month: int) -> str:
        """Return the sum of some lines from one month to another, both included."""
        return "+".join(f"SUM({here(self._row[name], FIRST + since)}:{self._cell(name, month)})" for name in names)

    def _put_months(self) -> None:
        self._page.put(self._months_top - 1, 0, _("Деньги по месяцам"), is_strong=True)
        self._page.put(self._months_top, 0, _("Рубли"), Look.HEAD)
        self._page.put(self._months_top, 1, _("старт"), Look.HEAD)
        for name, words in _titles().items():
            self._page.put(self._row[name], 0, words, is_strong=name in {"balance", "profit"})
        self._put_start()
        for month, found in enumerate(self._found.months):
            self._put_month(month, found)

    def _put_start(self) -> None:
        plan = self._found.plan
        for name, formula, value in (
            ("own", f"{self._number('own')}+{self._number('grants')}", plan.own + plan.grants),
            ("start_up", f"-{self._number('startup')}", -plan.start_up),
            ("loan", self._number("loan"), plan.loan),
        ):
            self._page.follows(self._row[name], 1, formula, value)
        parts = "+".join(here(self._row[name], 1) for name in ("own", "start_up", "loan"))
        self._page.follows(self._row["balance"], 1, parts, self._found.start, is_strong=True)

    def _put_month(self, month: int, found: Month) -> None:
        names = list(months().values())
        first = int(BY_KEY["first"].typed(self._sheet.fields.get("first", "")))
        chosen = ",".join(f'"{name}"' for name in names)
        name = f"CHOOSE(MOD({self._first}-1+{month},12)+1,{chosen})"
        self._page.follows(self._months_top, FIRST + month, name, names[(first - 1 + month) % 12], Look.HEAD)
        sold = BY_KEY[f"{_SOLD}{month + 1}"]
        put_typed(
            self._page, self._row["sold"], FIRST + month, sold, self._sheet.fields.get(sold.key, ""), is_checked=True
        )
        for line, formula, value, look in self._lines(month, found):
            self._page.follows(
                self._row[line], FIRST + month, formula, value, look, is_strong=line in {"balance", "profit"}
            )

    def _lines(self, month: int, found: Month) -> list[tuple[str, str, Decimal, Look]]:
        """Return the formulas of a month with what they come to now."""
        cell = partial(self._cell, month=month)
        later = f"IF(ISNUMBER({self._at['later']}),{self._at['later']},100)"
        grown = self._number("units") + (f"*(1+{self._number('growth')}/100)^{month}" if month else "")
        taxes = TaxFormulas(self._at, self._lists["tax"], month, self._rate, self._so_far)
        waits = ",".join(self._cell("later", month - wait) if month >= wait else "0" for wait in range(len(delays())))
        place = span(self._once_top + 1, self._once_top + self._most_rows, 3)
        once = {
            name: f"SUMIF({place},{month + 1},{span(self._once_top + 1, self._once_top + self._most_rows, column)})"
            for name, column in (("extra", 4), ("once", 5))
        }
        costs = "+".join(cell(name) for name in _COSTS)
        index = month + 1
        balance = self._found.balances[index]
        loan_left = f"SUM({here(self._row['loan'], 1)}:{here(self._row['loan'], FIRST + month - 1)})"
        later_part = found.sales - _at_once(self._found, month)
        return [
            ("units", f"ROUND(IF(ISNUMBER({cell('sold')}),{cell('sold')},{grown}),0)", found.units, Look.WHOLE),
            ("sales", f"ROUND({cell('units')}*{self._number('price')},2)", found.sales, Look.MONEY),
            ("later", f"ROUND({cell('sales')}*{later}/100,2)", later_part, Look.MONEY),
            ("paid", f"{cell('sales')}-{cell('later')}+CHOOSE({self._delay},{waits})", found.paid, Look.MONEY),
            ("variable", f"-ROUND({cell('units')}*{self._number('variable')},2)", -found.variable, Look.MONEY),
            ("fixed", f"-{self._number('fixed')}", -found.fixed, Look.MONEY),
            ("wages", f"-{self._number('wages')}", -found.wages, Look.MONEY),
            ("extra", once["extra"], found.extra, Look.MONEY),
            ("once", f"-{once['once']}", -found.once, Look.MONEY),
            ("tax", taxes.of("paid", "tax"), -found.tax, Look.MONEY),
            ("tax_on_sales", taxes.of("sales", "tax_on_sales"), -found.tax_on_sales, Look.MONEY),
            ("loan", f"-MIN({self._number('repayment')},{loan_left})", -found.repaid, Look.MONEY),
            (
                "balance", f"{here(self._row['balance'], FIRST + month - 1)}+{cell('paid')}+{cell('extra')}+{costs}+{cell('tax')}+{cell('loan')}",
                balance, Look.MONEY,
            ),
            ("profit", f"{cell('sales')}+{cell('extra')}+{costs}+{cell('tax_on_sales')}", found.profit, Look.MONEY),
        ]  # fmt: skip

    @property
    def _delay(self) -> str:
        return f"MATCH({self._at['delay']},{self._lists['delay']},0)"

    def _rate(self, tax: Tax, year: int) -> str:
        return address(_TOP + 1 + _TAXES.index(tax), _RATES + 4 + year)


def _at_once(found: Forecast, month: int) -> Decimal:
    """Return what buyers pay in the month in which they buy."""
    sales = found.months[month].sales
    return sales - part(sales, found.plan.later)


_COSTS = ("variable", "fixed", "wages", "once")
#: The lines of the months, from the top.
_LINES = (
    "sold", "units", "sales", "later", "own", "start_up", "loan", "paid", *_COSTS[:3], "tax", "extra", "once", "balance",
    "tax_on_sales", "profit",
)  # fmt: skip


def _titles() -> dict[str, str]:
    return {
        "sold": _("Продано, если знаете по месяцам"), "units": _("Продано, штук"), "sales": _("Продано, ₽"),
        "later": _("из этого заплатят позже"), "own": _("Свои деньги и гранты"), "start_up": _("Потрачено до старта"),
        "loan": _("Заём и возврат"), "paid": _("Пришло от покупателей"), "variable": _("Расходы на проданное"),
        "fixed": _("Расходы месяца"), "wages": _("Зарплаты"), "tax": _("Налог"), "extra": _("Разовые доходы"),
        "once": _("Разовые расходы"), "balance": _("Осталось денег"), "tax_on_sales": _("Налог с проданного"),
        "profit": _("Прибыль"),
    }  # fmt: skip
