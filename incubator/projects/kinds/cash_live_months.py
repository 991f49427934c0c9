"""The months of a plan as formulas, once as planned and once for each scenario. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from incubator.core.languages import _
from incubator.programme.tax_rates import Tax
from incubator.projects.kinds.cash_flow import BY_KEY, delays, months
from incubator.projects.kinds.cash_live_taxes import TaxFormulas
from incubator.projects.kinds.cash_plan import Forecast, Month
from incubator.projects.kinds.cash_results import Worse
from incubator.projects.kinds.cash_taxes import part
from incubator.projects.kinds.live_cells import here, put_typed
from incubator.projects.kinds.sheet import Sheet
from incubator.tabular.live_sheets import Look, SheetWriter, span

#: The column of the first month; the one before it holds the start.
FIRST = 2
#: Cells of the months have rows of their own.
SOLD = "sold"
_COSTS = ("variable", "fixed", "wages", "once")
#: The lines of the months, from the top.
LINES = (
    "sold", "units", "sales", "later", "own", "start_up", "loan", "paid", *_COSTS[:3], "tax", "extra", "once", "balance",
    "tax_on_sales", "profit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where everything stands that the months follow from."""

    page: SheetWriter
    sheet: Sheet
    at: Mapping[str, str]
    """Addresses of the single cells."""
    lists: Mapping[str, str]
    """Where the choices stand."""
    once: int
    """The first row of what comes or goes once."""
    most_rows: int
    rate: Callable[[Tax, int], str]
    """The address of a rate in a year of the plan."""


class MonthsBlock:
    """Writes the months of a plan, or of the plan in which one thing goes worse."""

    def __init__(
        self, inputs: Inputs, top: int, found: Forecast, plan: "MonthsBlock | None" = None, change: Worse | None = None
    ) -> None:
        self._in, self._found, self._plan, self._top = inputs, found, plan, top
        self._change = change or Worse(_("по плану"))
        self._page, self._at, self._lists = inputs.page, inputs.at, inputs.lists
        lines = LINES if plan is None else LINES[1:]  # what was typed by months stands in the plan
        self._row = {name: top + number for number, name in enumerate(lines, 1)}

    @property
    def title(self) -> str:
        return self._change.title

    def results(self) -> Sequence[tuple[str, Decimal]]:
        """Return the lowest balance, the profit and the last balance, each as formula and number."""
        last, found = FIRST + self._found.plan.months - 1, self._found
        balances = f"{here(self._row['balance'], 1)}:{here(self._row['balance'], last)}"
        profits = f"{here(self._row['profit'], FIRST)}:{here(self._row['profit'], last)}"
        return (
            (f"MIN({balances})", found.lowest[1]),
            (f"SUM({profits})", found.profit),
            (here(self._row["balance"], last), found.balances[-1]),
        )

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

    def put(self) -> None:
        words = _("Деньги по месяцам")
        self._page.put(self._top - 1, 0, f"{words}: {self.title}" if self._plan else words, is_strong=True)
        self._page.put(self._top, 0, _("Рубли"), Look.HEAD)
        self._page.put(self._top, 1, _("старт"), Look.HEAD)
        titles = _titles()
        for name, row in self._row.items():
            self._page.put(row, 0, titles[name], is_strong=name in {"balance", "profit"})
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
        first = int(BY_KEY["first"].typed(self._in.sheet.fields.get("first", "")))
        chosen = ",".join(f'"{name}"' for name in names)
        name = f"CHOOSE(MOD({self._first}-1+{month},12)+1,{chosen})"
        self._page.follows(self._top, FIRST + month, name, names[(first - 1 + month) % 12], Look.HEAD)
        if self._plan is None:
            sold = BY_KEY[f"{SOLD}{month + 1}"]
            typed = self._in.sheet.fields.get(sold.key, "")
            put_typed(self._page, self._row["sold"], FIRST + month, sold, typed, is_checked=True)
        for line, formula, value, look in self._lines(month, found):
            self._page.follows(
                self._row[line], FIRST + month, formula, value, look, is_strong=line in {"balance", "profit"}
            )

    def _lines(self, month: int, found: Month) -> list[tuple[str, str, Decimal, Look]]:
        """Return the formulas of a month with what they come to now."""
        cell = partial(self._cell, month=month)
        sold = (self._plan or self)._cell("sold", month)
        later = f"IF(ISNUMBER({self._at['later']}),{self._at['later']},100)"
        grown = self._number("units") + (f"*(1+{self._number('growth')}/100)^{month}" if month else "")
        taxes = TaxFormulas(self._at, self._lists["tax"], month, self._in.rate, self._so_far)
        waits = ",".join(
            self._cell("later", month - wait) if month >= wait else "0"
            for wait in range(len(delays()) + self._change.delay)
        )
        first, last = self._in.once, self._in.once + self._in.most_rows - 1
        once = {
            name: f"SUMIF({span(first, last, 3)},{month + 1},{span(first, last, column)})"
            for name, column in (("extra", 4), ("once", 5))
        }
        costs = "+".join(cell(name) for name in _COSTS)
        index = month + 1
        balance = self._found.balances[index]
        loan_left = f"SUM({here(self._row['loan'], 1)}:{here(self._row['loan'], FIRST + month - 1)})"
        later_part = found.sales - _at_once(self._found, month)
        return [
            ("units", f"ROUND(IF(ISNUMBER({sold}),{sold},{grown}){self._volume},0)", found.units, Look.WHOLE),
            ("sales", f"ROUND({cell('units')}*{self._price},2)", found.sales, Look.MONEY),
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
        """Return which of the waits it is, from 1."""
        chosen = f"MATCH({self._at['delay']},{self._lists['delay']},0)"
        return f"{chosen}+{self._change.delay}" if self._change.delay else chosen

    @property
    def _price(self) -> str:
        price = self._number("price")
        return f"ROUND({price}*{100 + self._change.price}/100,2)" if self._change.price else price

    @property
    def _volume(self) -> str:
        return f"*{100 + self._change.volume}/100" if self._change.volume else ""


def _at_once(found: Forecast, month: int) -> Decimal:
    """Return what buyers pay in the month in which they buy."""
    sales = found.months[month].sales
    return sales - part(sales, found.plan.later)


def _titles() -> dict[str, str]:
    return {
        "sold": _("Продано, если знаете по месяцам"), "units": _("Продано, штук"), "sales": _("Продано, ₽"),
        "later": _("из этого заплатят позже"), "own": _("Свои деньги и гранты"), "start_up": _("Потрачено до старта"),
        "loan": _("Заём и возврат"), "paid": _("Пришло от покупателей"), "variable": _("Расходы на проданное"),
        "fixed": _("Расходы месяца"), "wages": _("Зарплаты"), "tax": _("Налог"), "extra": _("Разовые доходы"),
        "once": _("Разовые расходы"), "balance": _("Осталось денег"), "tax_on_sales": _("Налог с проданного"),
        "profit": _("Прибыль"),
    }  # fmt: skip
