"""Months of money, in roubles: what comes in, what goes out, and what is left at the end of each. Pure.

A plan has one year of months or two. They are counted from 0. In month m, with every amount rounded half up to kopecks:

* units sold = what the team says of this month by itself, else units₀ × (1 + growth)ᵐ, rounded half up to whole pieces; sales = units × price.
* Buyers pay ``later`` percent of the sales ``delay`` months afterwards and the rest at once: paid = sales − later part + later part of
  month m − delay. What they owe after the last month is profit, but no money yet.
* Costs of what is sold, fixed costs and wages are paid in the month itself; what comes or is paid once, in its month.
* The loan comes before the first month and is repaid month by month until nothing of it is left. Its interest is a cost: of the month.
* balance₀ = own money + grants + loan − start-up costs; balanceₘ = balanceₘ₋₁ + paid + extra − costs − tax − repayment
  (direct method of a cash flow statement, IAS 7).
* profit = sales + extra − costs − the tax on these sales, so that it does not depend on when buyers pay; neither loan, grants nor start-up costs are part of it, and a machine is a cost of the month in
  which it is bought. Paid back: the first month after which the profits so far cover the start-up costs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from itertools import accumulate

from incubator.core.rounding import half_up
from incubator.programme.tax_rates import PERCENTS, Tax
from incubator.projects.kinds.cash_taxes import YEAR, Regime, part, taxes

#: The months of a plan, unless it has two years of them, and the most that it has.
MONTHS, MOST_MONTHS = YEAR, 2 * YEAR
ZERO = Decimal(0)
#: Enough digits for growth by hundredths of a percent in the last month.
_DIGITS = 140


@dataclass(frozen=True, slots=True)
class Plan:
    """What a team knows or guesses: roubles, pieces, percent, months."""

    own: Decimal = ZERO
    grants: Decimal = ZERO
    start_up: Decimal = ZERO
    loan: Decimal = ZERO
    repayment: Decimal = ZERO
    price: Decimal = ZERO
    units: Decimal = ZERO
    """Sold in the first month."""
    growth: Decimal = ZERO
    """Percent a month; may be below zero."""
    units_of: Mapping[int, Decimal] = field(default_factory=dict)
    """Sold in months of which the team says it by itself, by number."""
    later: Decimal = Decimal(100)
    """Percent of the sales that are paid after the delay."""
    delay: int = 0
    variable: Decimal = ZERO
    """Of one piece."""
    fixed: Decimal = ZERO
    wages: Decimal = ZERO
    regime: Regime = Regime.SELF_EMPLOYED_PEOPLE
    patent: Decimal = ZERO
    """Its price for the year."""
    extra: tuple[Decimal, ...] = (ZERO,) * MONTHS
    """What comes in one month only, by month: as many as the plan has."""
    once: tuple[Decimal, ...] = (ZERO,) * MONTHS
    """What is paid in one month only, by month."""
    rates: tuple[Mapping[Tax, Decimal], ...] = (PERCENTS,)
    """Percent of the taxes, for each year of the plan."""

    @property
    def months(self) -> int:
        return len(self.rates) * YEAR

    def changed(
        self,
        *,
        price: Decimal = ZERO,
        volume: Decimal = ZERO,
        variable: Decimal = ZERO,
        fixed: Decimal = ZERO,
        wages: Decimal = ZERO,
        delay: int = 0,
    ) -> "Plan":
        """Return the plan with its price, number of sales and costs changed by so many percent, and paid so many months later."""
        return replace(
            self,
            price=part(self.price, 100 + price),
            units=self.units * (100 + volume) / 100,
            units_of={month: units * (100 + volume) / 100 for month, units in self.units_of.items()},
            variable=part(self.variable, 100 + variable),
            fixed=part(self.fixed, 100 + fixed),
            wages=part(self.wages, 100 + wages),
            delay=self.delay + delay,
        )


@dataclass(frozen=True, slots=True)
class Month:
    units: Decimal
    sales: Decimal
    paid: Decimal
    variable: Decimal
    fixed: Decimal
    wages: Decimal
    extra: Decimal
    once: Decimal
    tax: Decimal
    tax_on_sales: Decimal
    """What the tax will be once buyers have paid for what this month sold."""
    repaid: Decimal

    @property
    def costs(self) -> Decimal:
        return self.variable + self.fixed + self.wages + self.once

    @property
    def profit(self) -> Decimal:
        return self.sales + self.extra - self.costs - self.tax_on_sales

    @property
    def change(self) -> Decimal:
        """Return by how much the money grows."""
        return self.paid + self.extra - self.costs - self.tax - self.repaid


@dataclass(frozen=True, slots=True)
class Forecast:
    """What follows from a plan."""

    plan: Plan
    start: Decimal
    """What there is before the first month."""
    months: tuple[Month, ...]

    @property
    def balances(self) -> tuple[Decimal, ...]:
        """Return what is left: at the start, then at the end of each month."""
        return tuple(accumulate((month.change for month in self.months), initial=self.start))

    @property
    def lowest(self) -> tuple[int, Decimal]:
        """Return when there is least money (0: the start, 1: the first month) and how much it is; the earliest of several."""
        return min(enumerate(self.balances), key=lambda each: each[1])

    @property
    def profit(self) -> Decimal:
        return sum((month.profit for month in self.months), ZERO)

    @property
    def owed(self) -> Decimal:
        """Return what buyers still owe after the last month."""
        return sum((month.sales - month.paid for month in self.months), ZERO)

    @property
    def tax_ahead(self) -> Decimal:
        """Return the tax on what buyers still owe."""
        return sum((month.tax_on_sales - month.tax for month in self.months), ZERO)

    @property
    def debt(self) -> Decimal:
        """Return what is left of the loan."""
        return self.plan.loan - sum((month.repaid for month in self.months), ZERO)

    @property
    def paid_back(self) -> int | None:
        """Return the month (1: the first) whose profit completes the start-up costs; None if none does or there are none."""
        earned = accumulate(month.profit for month in self.months)
        if not self.plan.start_up:
            return None
        return next((number for number, sum_ in enumerate(earned, 1) if sum_ >= self.plan.start_up), None)


def forecast(plan: Plan) -> Forecast:
    units = tuple(_units(plan))
    sales = tuple(half_up(each * plan.price, 2) for each in units)
    paid = tuple(_paid(plan, sales))
    variable = tuple(half_up(each * plan.variable, 2) for each in units)
    costs = tuple(each + plan.fixed + plan.wages + once for each, once in zip(variable, plan.once, strict=True))
    on_money, on_sales = (taxes(plan.regime, plan.patent, income, costs, plan.rates) for income in (paid, sales))
    fixed, wages = (plan.fixed,) * plan.months, (plan.wages,) * plan.months
    lines = zip(
        units, sales, paid, variable, fixed, wages, plan.extra, plan.once, on_money, on_sales, _repaid(plan), strict=True
    )  # fmt: skip
    months = tuple(Month(*line) for line in lines)
    return Forecast(plan, plan.own + plan.grants + plan.loan - plan.start_up, months)


def _units(plan: Plan) -> Iterator[Decimal]:
    with localcontext(prec=_DIGITS):
        factor = 1 + plan.growth / 100
        grown = list(accumulate((factor,) * (plan.months - 1), lambda count, times: count * times, initial=plan.units))
    yield from (half_up(plan.units_of.get(month, units)) for month, units in enumerate(grown))


def _paid(plan: Plan, sales: Sequence[Decimal]) -> Iterator[Decimal]:
    later = [part(each, plan.later) for each in sales]
    for month, sold in enumerate(sales):
        yield sold - later[month] + (later[month - plan.delay] if month >= plan.delay else ZERO)


def _repaid(plan: Plan) -> Iterator[Decimal]:
    debt = plan.loan
    for _month in range(plan.months):
        yield (repaid := min(plan.repayment, debt))
        debt -= repaid
