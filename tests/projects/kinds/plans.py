"""Plans of money that hypothesis makes up: amounts as schools have them, and a few that nobody plans."""

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from incubator.programme.tax_rates import PERCENTS, Tax
from incubator.projects.kinds.cash_plan import ZERO, Plan
from incubator.projects.kinds.cash_taxes import YEAR, Regime


def roubles(most: int) -> st.SearchStrategy[Decimal]:
    return st.one_of(st.just(ZERO), st.decimals(min_value=0, max_value=most, places=2))


def _by_month(most: int, months: int) -> st.SearchStrategy[tuple[Decimal, ...]]:
    return st.tuples(*(st.one_of(st.just(ZERO), roubles(most)) for _month in range(months)))


def _percents() -> st.SearchStrategy[Mapping[Tax, Decimal]]:
    """Rates as they are, or as a season could have them."""
    others = st.fixed_dictionaries({tax: st.decimals(min_value=0, max_value=30, places=2) for tax in Tax})
    return st.one_of(st.just(PERCENTS), others)


def _plans(years: int) -> st.SearchStrategy[Plan]:
    months = years * YEAR
    # What grows for two years has to stay within what binary fractions count exactly enough.
    fastest = 60 if years == 1 else 24
    return st.builds(
        Plan,
        own=roubles(200_000),
        grants=roubles(200_000),
        start_up=roubles(300_000),
        loan=roubles(200_000),
        repayment=roubles(30_000),
        price=roubles(5_000),
        units=st.integers(0, 500).map(Decimal),
        units_of=st.dictionaries(st.integers(0, months - 1), st.integers(0, 900).map(Decimal), max_size=6),
        growth=st.integers(-200, fastest).map(lambda halves: Decimal(halves) / 2),
        later=st.decimals(min_value=0, max_value=100, places=2),
        delay=st.integers(0, 4),
        variable=roubles(5_000),
        fixed=roubles(60_000),
        wages=roubles(60_000),
        regime=st.sampled_from(Regime),
        patent=roubles(60_000),
        extra=_by_month(50_000, months),
        once=_by_month(100_000, months),
        rates=st.tuples(*(_percents() for _year in range(years))),
    )


plans = st.one_of(_plans(1), _plans(2))
