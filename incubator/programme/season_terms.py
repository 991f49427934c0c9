"""What a season gives to the plans that are made in it. Pure."""

from dataclasses import dataclass
from datetime import date

from incubator.programme.tax_rates import Rate


@dataclass(frozen=True, slots=True)
class SeasonTerms:
    """Its days, both of them in it, and its rates of taxes."""

    opens_on: date
    closes_on: date
    rates: tuple[Rate, ...] = ()

    def holds(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on

    def first_of(self, month: int) -> date:
        """Return the first day of the calendar's month with that number that does not end before the season begins."""
        return date(self.opens_on.year + (month < self.opens_on.month), month, 1)
