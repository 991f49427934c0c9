"""What a plan of money comes to, in words and as a table by months. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubator.artwork.balance_chart import BalanceChart, balance_chart
from incubator.core.formatting import money, month_name
from incubator.core.languages import _
from incubator.projects.kinds.cash_plan import MONTHS, ZERO, Forecast, Plan, forecast
from incubator.projects.kinds.cash_ways import Expense, later_expense, paid_at_once
from incubator.projects.kinds.kind import Advice


@dataclass(frozen=True, slots=True)
class MonthlyLine:
    """A line of the table by months: the start, then each month; None where it cannot have a sum."""

    title: str
    cells: tuple[Decimal | None, ...]
    is_money: bool = True
    is_computed: bool = False
    """Not as somebody typed it."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens to the plan if one thing goes worse."""

    title: str
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class CashResults:
    first: int
    """The calendar's month (1: January) in which the plan begins."""
    forecast: Forecast
    scenarios: tuple[Scenario, ...]
    expenses: tuple[Expense, ...]

    @property
    def lowest(self) -> Decimal:
        return self.forecast.lowest[1]

    @property
    def said(self) -> str:
        """Return what one should see first."""
        when = self.when(self.forecast.lowest[0])
        if self.lowest < 0:
            return _("%(when)s не хватает %(sum)s", when=when[:1].upper() + when[1:], sum=money(-self.lowest))
        return _("Денег хватает: меньше всего %(sum)s %(when)s", sum=money(self.lowest), when=when)

    def when(self, number: int) -> str:
        """Return «в марте» of the month by its number in the plan; 0 is the start."""
        return _in_months()[(self.first + number - 2) % MONTHS] if number else _("на старте")

    @property
    def ways(self) -> tuple[tuple[str, Decimal], ...]:
        """Return what would help if money runs out, with the lowest balance that it would leave."""
        found = []
        if later := later_expense(self.forecast, self.expenses):
            when = self.when(later.month + 1)
            found.append((_("«%(what)s» — %(when)s", what=later.expense.what, when=when), later.left))
        if (left := paid_at_once(self.forecast)) is not None:
            found.append((_("взять с покупателей деньги сразу"), left))
        return tuple(found)

    @property
    def paid_back(self) -> str:
        """Return when the start-up costs are paid back, in words."""
        if self.forecast.paid_back is not None:
            return self.when(self.forecast.paid_back)
        return _("не за этот год") if self.forecast.plan.start_up else _("их нет")

    @property
    def worst(self) -> Scenario:
        return min(self.scenarios, key=lambda each: each.forecast.lowest[1])

    @property
    def chart(self) -> BalanceChart | None:
        return balance_chart(self.forecast.balances, self.worst.forecast.balances)

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the names of the twelve months, in the plan's order."""
        return tuple(month_name((self.first - 1 + month) % MONTHS + 1) for month in range(MONTHS))

    @property
    def lines(self) -> tuple[MonthlyLine, ...]:
        """Return the table without lines that say nothing; its money adds up to the balance below it."""
        plan, every = self.forecast.plan, self.forecast.months
        sold = MonthlyLine(
            _("Продано, штук"), (None, *(month.units for month in every)), is_money=False, is_computed=True
        )
        found = (
            MonthlyLine(_("Свои деньги и гранты"), _cells(plan.own + plan.grants)),
            MonthlyLine(_("Потрачено до старта"), _cells(-plan.start_up)),
            MonthlyLine(_("Заём и возврат"), _cells(plan.loan, [-month.repaid for month in every])),
            MonthlyLine(_("Пришло от покупателей"), _cells(ZERO, [month.paid for month in every]), is_computed=True),
            MonthlyLine(
                _("Расходы на проданное"), _cells(ZERO, [-month.variable for month in every]), is_computed=True
            ),
            MonthlyLine(_("Расходы месяца"), _cells(ZERO, [-month.fixed for month in every])),
            MonthlyLine(_("Зарплаты"), _cells(ZERO, [-month.wages for month in every])),
            MonthlyLine(_("Налог"), _cells(ZERO, [-month.tax for month in every]), is_computed=True),
            MonthlyLine(_("Разовые доходы"), _cells(ZERO, [month.extra for month in every])),
            MonthlyLine(_("Разовые расходы"), _cells(ZERO, [-month.once for month in every])),
        )
        return (sold, *(line for line in found if any(line.cells)))

    @property
    def has_kopecks(self) -> bool:
        """Return whether the table needs them."""
        cells = [cell for line in self.lines for cell in line.cells if cell]
        return any(cell % 1 for cell in cells)


def _cells(start: Decimal, every: Sequence[Decimal] = (ZERO,) * MONTHS) -> tuple[Decimal, ...]:
    return (start, *every)


def _in_months() -> tuple[str, ...]:
    """Return «in January» and so on: a name alone does not bend."""
    return (
        _("в январе"), _("в феврале"), _("в марте"), _("в апреле"), _("в мае"), _("в июне"),
        _("в июле"), _("в августе"), _("в сентябре"), _("в октябре"), _("в ноябре"), _("в декабре"),
    )  # fmt: skip


def results_of(plan: Plan, first: int, expenses: tuple[Expense, ...]) -> CashResults:
    """Return what follows from a plan that begins with the calendar's month ``first``."""
    worse = (
        (_("цена на 10 % ниже"), plan.changed(price=Decimal(-10))),
        (_("продаж на 20 % меньше"), plan.changed(volume=Decimal(-20))),
        (_("платят на месяц позже"), plan.changed(delay=1)),
    )
    scenarios = tuple(Scenario(title, forecast(each)) for title, each in worse)
    return CashResults(first, forecast(plan), scenarios, expenses)


def lines(found: CashResults | None) -> Sequence[tuple[str, str]]:
    if found is None:
        return []
    return [
        (_("Меньше всего денег"), f"{money(found.lowest)} {found.when(found.forecast.lowest[0])}"),
        (_("Стартовые расходы окупятся"), found.paid_back),
        (_("Прибыль за год"), money(found.forecast.profit)),
        (_("Денег в конце года"), money(found.forecast.balances[-1])),
    ]


def advise(found: CashResults | None) -> Iterator[Advice]:
    if found is not None and found.lowest < 0:
        yield Advice("own", found.said)
