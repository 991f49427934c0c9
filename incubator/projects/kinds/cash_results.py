"""What a plan of money comes to, in words and as a table by months. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from incubator.artwork.balance_chart import BalanceChart, balance_chart
from incubator.core.formatting import money, month_name, percent
from incubator.core.languages import _
from incubator.programme.tax_rates import Rate
from incubator.projects.kinds.cash_months import MonthlyLine, monthly_lines
from incubator.projects.kinds.cash_plan import MONTHS, ZERO, Forecast, Plan, forecast
from incubator.projects.kinds.cash_sensitivity import Sensitivity, sensitivity
from incubator.projects.kinds.cash_ways import Expense, later_expense, paid_at_once
from incubator.projects.kinds.kind import Advice


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens to the plan if one thing goes worse."""

    title: str
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Worse:
    """One thing that goes worse: by how many percent, or months."""

    title: str
    price: Decimal = ZERO
    volume: Decimal = ZERO
    delay: int = 0

    def of(self, plan: Plan) -> Plan:
        return plan.changed(price=self.price, volume=self.volume, delay=self.delay)


def worse() -> tuple[Worse, ...]:
    """Return what is asked of every plan."""
    return (
        Worse(_("цена на 10 % ниже"), price=Decimal(-10)),
        Worse(_("продаж на 20 % меньше"), volume=Decimal(-20)),
        Worse(_("платят на месяц позже"), delay=1),
    )


@dataclass(frozen=True, slots=True)
class CashResults:
    first: int
    """The calendar's month (1: January) in which the plan begins."""
    forecast: Forecast
    scenarios: tuple[Scenario, ...]
    expenses: tuple[Expense, ...]
    rates: tuple[Rate, ...]
    """Of the tax that it pays; two where the second year has another one, none where it is no percentage."""
    title: str
    """Which of the scenarios this is: the plan, unless it was asked for another one."""
    beside: Scenario | None = None
    """What it is drawn beside; None: the scenario in which the least money is left."""

    @property
    def views(self) -> "tuple[CashResults, ...]":
        """Return the plan, then each scenario beside it, as a reader may switch between them."""
        plan = Scenario(self.title, self.forecast)
        return (
            self,
            *(replace(self, forecast=each.forecast, title=each.title, beside=plan) for each in self.scenarios),
        )

    @property
    def is_for_two_years(self) -> bool:
        return self.forecast.plan.months > MONTHS

    @property
    def lowest(self) -> Decimal:
        return self.forecast.lowest[1]

    @property
    def said(self) -> str:
        """Return what one should see first."""
        when = self.when(self.forecast.lowest[0])
        if self.lowest < 0:
            return _("%(when)s не хватает %(sum)s", when=when[:1].upper() + when[1:], sum=money(-self.lowest))
        return _("Денег хватает весь срок; меньше всего их %(when)s – %(sum)s", sum=money(self.lowest), when=when)

    def when(self, number: int) -> str:
        """Return «в марте» of the month by its number in the plan; 0 is the start."""
        if not number:
            return _("на старте")
        month = _in_months()[(self.first + number - 2) % MONTHS]
        return _("%(in_month)s второго года", in_month=month) if number > MONTHS else month

    @property
    def ways(self) -> tuple[tuple[str, Decimal], ...]:
        """Return what would help if money runs out, with the lowest balance that it would leave."""
        found = []
        if later := later_expense(self.forecast, self.expenses):
            when = self.when(later.month + 1)
            found.append((_("«%(what)s» – %(when)s", what=later.expense.what, when=when), later.left))
        if (left := paid_at_once(self.forecast)) is not None:
            found.append((_("взять с покупателей деньги сразу"), left))
        return tuple(found)

    @property
    def paid_back(self) -> str:
        """Return when the start-up costs are paid back, in words."""
        if self.forecast.paid_back is not None:
            return self.when(self.forecast.paid_back)
        if not self.forecast.plan.start_up:
            return _("их нет")
        return _("не за эти два года") if self.is_for_two_years else _("не за этот год")

    @property
    def profit_title(self) -> str:
        """Return what the profit of the whole plan is called; a loss by its name."""
        if self.forecast.profit >= 0:
            return self.total_title
        return _("Убыток за два года") if self.is_for_two_years else _("Убыток за год")

    @property
    def total_title(self) -> str:
        return _("Прибыль за два года") if self.is_for_two_years else _("Прибыль за год")

    @property
    def end_title(self) -> str:
        return _("Денег в конце второго года") if self.is_for_two_years else _("Денег в конце года")

    @property
    def worst(self) -> Scenario:
        return min(self.scenarios, key=lambda each: each.forecast.lowest[1])

    @property
    def chart(self) -> BalanceChart | None:
        return balance_chart(self.forecast.balances, self.compared.forecast.balances)

    @property
    def compared(self) -> Scenario:
        """Return what the chart sets beside it."""
        return self.beside or self.worst

    @property
    def sensitivity(self) -> Sensitivity:
        """Return what the profit depends on: computed anew at each call."""
        return sensitivity(self.forecast)

    @property
    def bridge(self) -> Sequence[tuple[str, Decimal]]:
        """Return how the money at the end follows from the profit: lines that add up to it, without those of zero."""
        plan, found = self.forecast.plan, self.forecast
        lines = (
            (self.profit_title, found.profit),
            (_("Свои деньги и гранты"), plan.own + plan.grants),
            (_("Потрачено до старта"), -plan.start_up),
            (_("Покупатели ещё должны"), -found.owed),
            (_("Налог с этих денег ещё впереди"), found.tax_ahead),
            (_("Взято в долг и ещё не возвращено"), found.debt),
        )
        return [line for number, line in enumerate(lines) if line[1] or not number]

    @property
    def tax_title(self) -> str:
        """Return the tax with its rate: «Налог, 4 %»; with both if it is another one in the second year."""
        if not self.rates:
            return _("Патент")
        return _("Налог, %(rate)s", rate=" → ".join(percent(each.percent, 2) for each in self.rates))

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the names of the months, in the plan's order."""
        return tuple(month_name((self.first - 1 + month) % MONTHS + 1) for month in range(self.forecast.plan.months))

    @property
    def lines(self) -> tuple[MonthlyLine, ...]:
        """Return the table without lines that say nothing; its money adds up to the balance below it."""
        return monthly_lines(self.forecast, self.tax_title)

    @property
    def has_kopecks(self) -> bool:
        """Return whether the table needs them."""
        cells = [cell for line in self.lines for cell in line.cells if cell]
        return any(cell % 1 for cell in cells)


def _in_months() -> tuple[str, ...]:
    """Return «in January» and so on: a name alone does not bend."""
    return (
        _("в январе"), _("в феврале"), _("в марте"), _("в апреле"), _("в мае"), _("в июне"),
        _("в июле"), _("в августе"), _("в сентябре"), _("в октябре"), _("в ноябре"), _("в декабре"),
    )  # fmt: skip


def results_of(plan: Plan, first: int, expenses: tuple[Expense, ...], rates: tuple[Rate, ...]) -> CashResults:
    """Return what follows from a plan that begins with the calendar's month ``first``."""
    scenarios = tuple(Scenario(each.title, forecast(each.of(plan))) for each in worse())
    return CashResults(first, forecast(plan), scenarios, expenses, rates, _("по плану"))


def lines(found: CashResults | None) -> Sequence[tuple[str, str]]:
    if found is None:
        return []
    return [
        (_("Меньше всего денег"), f"{money(found.lowest)} {found.when(found.forecast.lowest[0])}"),
        (_("Стартовые расходы окупятся"), found.paid_back),
        (found.total_title, money(found.forecast.profit)),
        (found.end_title, money(found.forecast.balances[-1])),
    ]


def advise(found: CashResults | None) -> Iterator[Advice]:
    if found is not None and found.lowest < 0:
        yield Advice("own", found.said)
