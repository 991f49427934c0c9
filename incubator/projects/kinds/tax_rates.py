"""Rates of the taxes that a plan can choose between: rows of data, each from a day, each with its source. Pure.

A later change is one more row. Left out on purpose: rates that a region lowers for a few years, the limits of income above which a
regime ends, VAT on large incomes, and the contributions of an entrepreneur for themselves, which lower some of these taxes.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Tax(StrEnum):
    SELF_EMPLOYED_PEOPLE = "npd_people"
    """Professional income tax (НПД) on what people pay."""
    SELF_EMPLOYED_FIRMS = "npd_firms"
    """The same on what companies and entrepreneurs pay."""
    INCOME = "usn_income"
    """Simplified system (УСН), on income."""
    PROFIT = "usn_profit"
    """Simplified system, on income less costs."""
    LEAST = "usn_least"
    """What the simplified system takes of a year's income at least where it taxes income less costs."""


@dataclass(frozen=True, slots=True)
class Rate:
    tax: Tax
    since: date
    percent: Decimal
    source: str


RATES = (
    Rate(Tax.SELF_EMPLOYED_PEOPLE, date(2019, 1, 1), Decimal(4), "Федеральный закон от 27.11.2018 № 422-ФЗ, ст. 10, п. 1"),
    Rate(Tax.SELF_EMPLOYED_FIRMS, date(2019, 1, 1), Decimal(6), "Федеральный закон от 27.11.2018 № 422-ФЗ, ст. 10, п. 2"),
    Rate(Tax.INCOME, date(2003, 1, 1), Decimal(6), "НК РФ, ст. 346.20, п. 1"),
    Rate(Tax.PROFIT, date(2003, 1, 1), Decimal(15), "НК РФ, ст. 346.20, п. 2"),
    Rate(Tax.LEAST, date(2003, 1, 1), Decimal(1), "НК РФ, ст. 346.18, п. 6"),
)  # fmt: skip

#: The day for which plans are computed: a kind knows no today, so that a frozen plan keeps its numbers.
REFERENCE = max(rate.since for rate in RATES)


def rate_on(tax: Tax, day: date = REFERENCE) -> Rate:
    """Return the rate in force on ``day``: the newest row that had begun. Raises LookupError before the first.

    Open: which day a plan means. Today it is the day of the newest row for everybody; once a rate changes, a plan has to be
    computed with the rates of its season, and those that were handed in before with the rates of then.
    """
    rows = [rate for rate in RATES if rate.tax is tax and rate.since <= day]
    if not rows:
        raise LookupError(f"{tax} on {day}")
    return max(rows, key=lambda rate: rate.since)
