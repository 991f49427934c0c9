"""What of a plan's money goes to taxes, month by month. Pure; the rates are rows of ``tax_rates.py``."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from incubator.core.rounding import half_up
from incubator.projects.kinds.tax_rates import Tax, rate_on

ZERO = Decimal(0)


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


def taxes(regime: Regime, patent: Decimal, paid: Sequence[Decimal], costs: Sequence[Decimal]) -> Iterator[Decimal]:
    """Yield the tax of each month, paid in it: on what was paid, not on what was sold (cash method, НК РФ ст. 346.17).

    What comes once (a prize, a grant) is not taxed here; start-up costs do not lower the tax. In life it is paid a few weeks
    later (НПД) or by the quarter (УСН).
    """
    if regime is Regime.PATENT:
        yield from _patent(patent)
    elif regime is Regime.PROFIT:
        yield from _on_profit(paid, costs)
    else:
        percent = rate_on(Tax(regime)).percent
        yield from (part(each, percent) for each in paid)


def _patent(price: Decimal) -> Iterator[Decimal]:
    """Yield what a patent for a year costs: a third within ninety days, the rest before it ends (НК РФ ст. 346.51 п. 2)."""
    third = half_up(price / 3, 2)
    yield from (ZERO, ZERO, third, *(ZERO for _month in range(8)), price - third)


def _on_profit(paid: Sequence[Decimal], costs: Sequence[Decimal]) -> Iterator[Decimal]:
    """Yield the tax on income less costs, both since the first month (НК РФ ст. 346.18 п. 5), less what was paid of it before.

    What was paid too much comes back after the year, so not here. The twelve months count as the tax's year: the last one pays
    what the least tax, a part of all income, still asks for (п. 6).
    """
    percent, least = rate_on(Tax.PROFIT).percent, rate_on(Tax.LEAST).percent
    before = ZERO
    for month, (income, cost) in enumerate(zip(accumulate(paid), accumulate(costs), strict=True)):
        due = part(max(ZERO, income - cost), percent)
        if month == len(paid) - 1:
            due = max(due, part(income, least))
        yield (tax := max(ZERO, due - before))
        before += tax
