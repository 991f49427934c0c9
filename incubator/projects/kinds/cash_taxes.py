"""What of a plan's money goes to taxes, month by month. Pure; the rates are rows of ``tax_rates.py``."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from incubator.core.rounding import half_up
from incubator.programme.tax_rates import Tax

ZERO = Decimal(0)
#: Months of a year.
YEAR = 12


class Regime(StrEnum):
    """How the team's income is taxed."""

    SELF_EMPLOYED_PEOPLE = Tax.SELF_EMPLOYED_PEOPLE
    SELF_EMPLOYED_FIRMS = Tax.SELF_EMPLOYED_FIRMS
    INCOME = Tax.INCOME
    PROFIT = Tax.PROFIT
    PATENT = "patent"


def part(amount: Decimal, percent: Decimal) -> Decimal:
    """Return so many percent of the amount, rounded half up to kopecks."""
    return half_up(amount * percent / 100, 2)


def taxes(
    regime: Regime,
    patent: Decimal,
    paid: Sequence[Decimal],
    costs: Sequence[Decimal],
    rates: Sequence[Mapping[Tax, Decimal]],
) -> Iterator[Decimal]:
    """Yield the tax of each month, paid in it: on what was paid, not on what was sold (cash method, НК РФ ст. 346.17).

    ``rates``: percent for each year of the plan, which counts as the tax's year. What comes once (a prize, a grant) is not taxed
    here; start-up costs do not lower the tax. In life it is paid a few weeks later (НПД) or by the quarter (УСН).
    """
    for year, percents in enumerate(rates):
        months = slice(year * YEAR, (year + 1) * YEAR)
        yield from _of_a_year(regime, patent, paid[months], costs[months], percents)


def _of_a_year(
    regime: Regime, patent: Decimal, paid: Sequence[Decimal], costs: Sequence[Decimal], percents: Mapping[Tax, Decimal]
) -> Iterator[Decimal]:
    if regime is Regime.PATENT:
        yield from _patent(patent)
    elif regime is Regime.PROFIT:
        yield from _on_profit(paid, costs, percents[Tax.PROFIT], percents[Tax.LEAST])
    else:
        yield from (part(each, percents[Tax(regime)]) for each in paid)


def _patent(price: Decimal) -> Iterator[Decimal]:
    """Yield what a patent for a year costs: a third within ninety days, the rest before it ends (НК РФ ст. 346.51 п. 2)."""
    third = half_up(price / 3, 2)
    yield from (ZERO, ZERO, third, *(ZERO for _month in range(8)), price - third)


def _on_profit(
    paid: Sequence[Decimal], costs: Sequence[Decimal], percent: Decimal, least: Decimal
) -> Iterator[Decimal]:
    """Yield the tax on income less costs, both since the first month (НК РФ ст. 346.18 п. 5), less what was paid of it before.

    What was paid too much comes back after the year, so not here. The last month of the year pays what the least tax, a part of all
    income, still asks for (п. 6). A loss of one year does not lower the tax of the next one here.
    """
    before = ZERO
    for month, (income, cost) in enumerate(zip(accumulate(paid), accumulate(costs), strict=True)):
        due = part(max(ZERO, income - cost), percent)
        if month == YEAR - 1:
            due = max(due, part(income, least))
        yield (tax := max(ZERO, due - before))
        before += tax
