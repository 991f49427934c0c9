"""What the profit of a plan depends on: each number by itself a fifth lower and a fifth higher. Pure.

One number changes and all others stay as they are (one-way sensitivity analysis; drawn as a tornado, the strongest on top).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from incubator.artwork.tornado import Tornado, tornado
from incubator.core.formatting import money, percent
from incubator.core.languages import _
from incubator.core.rounding import half_up
from incubator.projects.kinds.cash_plan import Forecast, Plan, forecast

#: By how many percent each number changes.
SHARE = Decimal(20)


class Driver(StrEnum):
    """A number that the team guesses."""

    PRICE = "price"
    VOLUME = "volume"
    VARIABLE = "variable"
    FIXED = "fixed"
    WAGES = "wages"


#: The plan with one number changed by so many percent.
_CHANGED: Mapping[Driver, Callable[[Plan, Decimal], Plan]] = {
    Driver.PRICE: lambda plan, share: plan.changed(price=share),
    Driver.VOLUME: lambda plan, share: plan.changed(volume=share),
    Driver.VARIABLE: lambda plan, share: plan.changed(variable=share),
    Driver.FIXED: lambda plan, share: plan.changed(fixed=share),
    Driver.WAGES: lambda plan, share: plan.changed(wages=share),
}


@dataclass(frozen=True, slots=True)
class Swing:
    """The profit with one number lower, and with it higher."""

    driver: Driver
    lower: Decimal
    higher: Decimal

    @property
    def title(self) -> str:
        return {
            Driver.PRICE: _("цена"),
            Driver.VOLUME: _("число продаж"),
            Driver.VARIABLE: _("сумма расходов на одно"),
            Driver.FIXED: _("сумма расходов в месяц"),
            Driver.WAGES: _("сумма зарплат"),
        }[self.driver]

    @property
    def width(self) -> Decimal:
        return abs(self.higher - self.lower)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What the profit depends on, in words and as a drawing."""

    planned: Decimal
    swings: Sequence[Swing]

    def __bool__(self) -> bool:
        return bool(self.swings)

    @property
    def share(self) -> str:
        """Return by how much each number changes: «20 %»."""
        return percent(SHARE)

    @property
    def said(self) -> str:
        """Return the finding."""
        first = self.swings[0]
        lowest, highest = sorted((first.lower, first.higher))
        return _(
            "Сильнее всего на прибыль влияет %(what)s: на %(share)s в обе стороны – и прибыль от %(lowest)s до %(highest)s",
            what=first.title, share=self.share, lowest=money(half_up(lowest)), highest=money(half_up(highest)),
        )  # fmt: skip

    @property
    def drawing(self) -> Tornado:
        return tornado(self.planned, [(each.lower, each.higher) for each in self.swings])


def sensitivity(found: Forecast) -> Sensitivity:
    return Sensitivity(found.profit, swings(found))


def swings(found: Forecast) -> Sequence[Swing]:
    """Return those that change anything, the strongest first."""
    every = (_swing(found, driver) for driver in Driver)
    return sorted((each for each in every if each.width), key=lambda each: -each.width)


def _swing(found: Forecast, driver: Driver) -> Swing:
    lower, higher = (forecast(_CHANGED[driver](found.plan, share)).profit for share in (-SHARE, SHARE))
    return Swing(driver, lower, higher)
