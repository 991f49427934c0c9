"""A plan of money as a sheet that computes: what somebody knows or guesses above, the months below it, what comes or goes once at the end. Pure.

What ``cash_plan.py`` and ``cash_taxes.py`` say in Python stands here once more in a spreadsheet's words; a test lets another engine
compute both. The rules are explained there.
"""

from incubator.core.languages import _
from incubator.programme.tax_rates import Tax
from incubator.projects.kinds.cash_flow import (
    BY_KEY,
    COLUMNS,
    FIELDS,
    KIND,
    delays,
    months_of_both_years,
    plan_of,
    regimes,
)
from incubator.projects.kinds.cash_live_months import LINES, SOLD, Inputs, MonthsBlock
from incubator.projects.kinds.cash_plan import ZERO, Forecast, forecast
from incubator.projects.kinds.cash_results import worse
from incubator.projects.kinds.live_cells import here, put_rows, put_title, put_typed
from incubator.projects.kinds.sheet import Sheet
from incubator.tabular.live_sheets import LiveSheet, Look, SheetWriter, address, span

#: Where the single cells begin, and the rates of taxes beside them.
_TOP, _RATES = 3, 9
#: Where the results stand, below the rates.
_SUMMARY = _TOP + 7
TAXES = (Tax.SELF_EMPLOYED_PEOPLE, Tax.SELF_EMPLOYED_FIRMS, Tax.INCOME, Tax.PROFIT, Tax.LEAST)


def live(sheet: Sheet, title: str, *, most_rows: int = KIND.most_rows) -> LiveSheet:
    return _CashSheet(sheet, title, most_rows).written()


class _CashSheet:
    """Writes one sheet from its top to its end."""

    def __init__(self, sheet: Sheet, title: str, most_rows: int) -> None:
        self._sheet, self._most_rows = sheet, most_rows
        self._found: Forecast = forecast(plan_of(sheet))
        self._page = SheetWriter(title)
        self._single = [each for each in FIELDS if not each.key.startswith(SOLD)]
        self._at = {each.key: address(_TOP + number, 1) for number, each in enumerate(self._single)}
        months_top = _TOP + max(len(self._single), len(TAXES) + 1) + 1
        self._once_top = months_top + len(LINES) + 3
        lists = self._once_top + 1
        self._lists = {
            "month": span(lists, lists + 23, 7), "delay": span(lists, lists + 3, 9), "tax": span(lists, lists + 4, 11),
        }  # fmt: skip
        self._months = self._blocks(months_top, lists + max(most_rows, 24) + 3)

    def _blocks(self, top: int, below: int) -> list[MonthsBlock]:
        """Return the months of the plan, and below everything else those of each scenario."""
        inputs = Inputs(self._page, self._sheet, self._at, self._lists, self._once_top + 1, self._most_rows, _rate)
        plan = MonthsBlock(inputs, top, self._found)
        return [
            plan,
            *(
                MonthsBlock(inputs, below + number * (len(LINES) + 3), forecast(each.of(self._found.plan)), plan, each)
                for number, each in enumerate(worse())
            ),
        ]

    def written(self) -> LiveSheet:
        put_title(self._page, self._page.title)
        self._put_single_cells()
        self._put_rates()
        self._put_once()
        self._put_lists()
        for block in self._months:
            block.put()
        self._put_summary()
        return self._page.sheet((38, 20, *(13,) * max(15, self._found.plan.months)), (0, 1))

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
        titles = [*list(regimes().values())[: len(TAXES) - 1], _("не меньше от всех доходов")]
        for year, percents in enumerate(self._found.plan.rates):
            self._page.put(_TOP, _RATES + 4 + year, _("%(n)s-й год", n=year + 1), Look.HEAD)
            for number, tax in enumerate(TAXES, 1):
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
        first_at = f"MATCH({self._at['first']},{self._lists['month']},0)"
        named = f"IFERROR(MATCH({here(row, 1)},{self._lists['month']},0),1)"
        place = f"INT(({named}-1)/12)*12+MOD(MOD({named}-1,12)+1-{first_at},12)+1"
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
        """Put what the months come to beside what they follow from, as planned and if one thing goes worse."""
        self._page.put(_SUMMARY, _RATES, _("Что получается"), is_strong=True)
        for number, words in enumerate(
            (_("Меньше всего денег, ₽"), _("Прибыль за всё время, ₽"), _("Денег в конце, ₽")), 1
        ):
            self._page.put(_SUMMARY + number, _RATES, words)
        for place, block in enumerate(self._months, _RATES + 4):
            self._page.put(_SUMMARY, place, block.title, Look.HEAD)
            for number, (formula, value) in enumerate(block.results(), 1):
                self._page.follows(_SUMMARY + number, place, formula, value, is_strong=place == _RATES + 4)


def _rate(tax: Tax, year: int) -> str:
    return address(_TOP + 1 + TAXES.index(tax), _RATES + 4 + year)
