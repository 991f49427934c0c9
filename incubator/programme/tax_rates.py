"""Rates of the taxes that a plan can choose between: rows of data, each from a day, each with its source. Pure.

Each season has rows of its own, filled at first from these. A later change is one more row. Left out on purpose: rates that a region lowers for a few years, the limits of income above which a
regime ends, VAT on large incomes, and the contributions of an entrepreneur for themselves, which lower some of these taxes.
"""

from collections.abc import Mapping, Sequence
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


def rate_on(tax: Tax, day: date, rates: Sequence[Rate] = ()) -> Rate:
    """Return the rate in force on ``day``: the newest row that had begun, of a season's own ``rates`` before those of the law.

    Before the first row of all, the first one counts.
    """
    rows = [rate for rate in (*rates, *RATES) if rate.tax is tax]
    begun = [rate for rate in rows if rate.since <= day]
    return max(begun, key=lambda rate: rate.since) if begun else min(rows, key=lambda rate: rate.since)


def percents_on(day: date, rates: Sequence[Rate] = ()) -> Mapping[Tax, Decimal]:
    return {tax: rate_on(tax, day, rates).percent for tax in Tax}


#: The day of a plan that belongs to no season: a kind knows no today, so that its numbers stay.
REFERENCE = max(rate.since for rate in RATES)
#: Percent by tax on that day.
PERCENTS = percents_on(REFERENCE)
