"""Plans of money that hypothesis makes up: amounts as schools have them, and a few that nobody plans."""

from decimal import Decimal

from hypothesis import strategies as st

from incubator.projects.kinds.cash_plan import MONTHS, ZERO, Plan
from incubator.projects.kinds.cash_taxes import Regime


def roubles(most: int) -> st.SearchStrategy[Decimal]:
    return st.one_of(st.just(ZERO), st.decimals(min_value=0, max_value=most, places=2))


def _by_month(most: int) -> st.SearchStrategy[tuple[Decimal, ...]]:
    return st.tuples(*(st.one_of(st.just(ZERO), roubles(most)) for _month in range(MONTHS)))


plans = st.builds(
    Plan,
    own=roubles(200_000),
    grants=roubles(200_000),
    start_up=roubles(300_000),
    loan=roubles(200_000),
    repayment=roubles(30_000),
    price=roubles(5_000),
    units=st.integers(0, 500).map(Decimal),
    growth=st.integers(-200, 60).map(lambda halves: Decimal(halves) / 2),
    later=st.decimals(min_value=0, max_value=100, places=2),
    delay=st.integers(0, 4),
    variable=roubles(5_000),
    fixed=roubles(60_000),
    wages=roubles(60_000),
    regime=st.sampled_from(Regime),
    patent=roubles(60_000),
    extra=_by_month(50_000),
    once=_by_month(100_000),
)
