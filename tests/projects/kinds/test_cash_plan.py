"""Months of money: what adds up in any plan, one plan by hand, and the same plans in a spreadsheet."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from incubator.artwork.tornado import LEFT, RIGHT
from incubator.core.rounding import half_up
from incubator.programme.tax_rates import PERCENTS, RATES, Rate, Tax, percents_on, rate_on
from incubator.projects.kinds.cash_plan import MONTHS, ZERO, Plan, forecast
from incubator.projects.kinds.cash_sensitivity import Driver, sensitivity, swings
from incubator.projects.kinds.cash_taxes import Regime, taxes
from tests.projects.kinds.plans import plans
from tests.projects.kinds.spreadsheet import Engine
from tests.scale import scaled


def money(*texts: str) -> list[Decimal]:
    return [Decimal(text.replace(" ", "")) for text in texts]


def in_month(number: int, amount: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) if month == number - 1 else ZERO for month in range(MONTHS))


# 24,592 roubles, bags for 1,900, some of them paid a month later, and a machine in March.
BY_HAND = Plan(
    own=Decimal(14592), grants=Decimal(20000), start_up=Decimal("10000.50"), loan=Decimal(5000), repayment=Decimal(2000),
    price=Decimal("1900.90"), units=Decimal(6), growth=Decimal(25), later=Decimal("33.33"), delay=1,
    variable=Decimal("520.10"), fixed=Decimal(6000), wages=Decimal(1000), once=in_month(3, "46000"), extra=in_month(4, "900.40"),
)  # fmt: skip


def test_a_plan_by_hand_to_the_kopeck() -> None:
    found = forecast(BY_HAND)
    first, second, third, fourth = found.months[:4]
    # 6 · 1.25ᵐ = 6; 7.5 → 8; 9.375 → 9; 11.71875 → 12
    assert [month.units for month in found.months[:4]] == [6, 8, 9, 12]
    assert [month.sales for month in found.months[:4]] == money("11405.40", "15207.20", "17108.10", "22810.80")
    # later: 3,801.42 (3,801.41982); 5,068.56 (5,068.55976); 5,702.13 (5,702.12973); 7,602.84 (7,602.83964)
    assert [month.paid for month in found.months[:4]] == money("7603.98", "13940.06", "16474.53", "20910.09")
    assert [month.variable for month in found.months[:4]] == money("3120.60", "4160.80", "4680.90", "6241.20")
    # 4 %: 304.1592; 557.6024; 658.9812; 836.4036
    assert [month.tax for month in found.months[:4]] == money("304.16", "557.60", "658.98", "836.40")
    assert [month.repaid for month in found.months[:4]] == money("2000", "2000", "1000", "0")
    assert found.start == Decimal("29591.50")
    assert list(found.balances[:5]) == money("29591.50", "24770.72", "24992.38", "-17872.97", "-10140.08")
    # 4 % of the sales: 456.216; 608.288; 684.324; 912.432
    assert [first.profit, second.profit] == money("828.58", "3438.11")
    assert [third.profit, fourth.profit] == money("-41257.12", "9557.57")
    assert found.lowest == (3, Decimal("-17872.97"))


@given(plans)
def test_the_months_add_up_to_the_difference_of_the_balances(plan: Plan) -> None:
    found = forecast(plan)
    balances = found.balances
    assert len(found.months) == plan.months
    assert balances[0] == plan.own + plan.grants + plan.loan - plan.start_up
    assert balances[-1] - balances[0] == sum(month.change for month in found.months)
    for before, after, month in zip(balances, balances[1:], found.months, strict=False):
        came = month.paid + month.extra
        went = month.variable + month.fixed + month.wages + month.once + month.tax + month.repaid
        assert after == before + came - went
    # What is left is what was there and was earned, less what buyers still owe (its tax is ahead, too), and the loan.
    profit = found.profit - found.owed + found.tax_ahead
    assert balances[-1] == plan.own + plan.grants - plan.start_up + profit + found.debt


@given(plans)
def test_every_amount_is_one_that_can_be_paid(plan: Plan) -> None:
    found = forecast(plan)
    for month in found.months:
        for amount in (month.sales, month.paid, month.variable, month.tax, month.repaid):
            assert amount >= 0
            assert amount == half_up(amount, 2)
        assert month.units == half_up(month.units)
    assert found.debt >= 0
    assert found.owed >= 0
    assert sum(month.paid for month in found.months) <= sum(month.sales for month in found.months)


@given(plans)
def test_the_lowest_balance_is_the_earliest_of_the_lowest(plan: Plan) -> None:
    found = forecast(plan)
    number, lowest = found.lowest
    assert found.balances[number] == lowest == min(found.balances)
    assert all(each > lowest for each in found.balances[:number])


@given(plans)
def test_the_month_of_payback_is_the_first(plan: Plan) -> None:
    found = forecast(plan)
    so_far = [sum((month.profit for month in found.months[:number]), ZERO) for number in range(1, plan.months + 1)]
    if found.paid_back is None:
        assert not plan.start_up or max(so_far) < plan.start_up
    else:
        assert so_far[found.paid_back - 1] >= plan.start_up > 0
        assert all(each < plan.start_up for each in so_far[: found.paid_back - 1])


@given(plans)
def test_a_scenario_in_which_nothing_changes_is_the_plan(plan: Plan) -> None:
    assert forecast(plan.changed()) == forecast(plan)


@given(plans)
def test_worse_scenarios_sell_for_less(plan: Plan) -> None:
    base = sum(month.sales for month in forecast(plan).months)
    assert sum(month.sales for month in forecast(plan.changed(price=Decimal(-10))).months) <= base
    assert sum(month.sales for month in forecast(plan.changed(volume=Decimal(-20))).months) <= base
    later = forecast(plan.changed(delay=1))
    assert sum(month.sales for month in later.months) == base
    assert later.owed >= forecast(plan).owed
    assert later.profit == forecast(plan).profit


def test_a_patent_is_paid_as_the_law_says() -> None:
    found = list(taxes(Regime.PATENT, Decimal("1000"), (ZERO,) * MONTHS, (ZERO,) * MONTHS, (PERCENTS,)))
    assert found == [*money("0", "0", "333.33"), *[ZERO] * 8, Decimal("666.67")]


def test_a_tax_on_profit_follows_the_year_so_far() -> None:
    paid, costs = money("100", "100", *["0"] * 10), money("200", "0", *["0"] * 10)
    assert list(taxes(Regime.PROFIT, ZERO, paid, costs, (PERCENTS,))) == [
        *[ZERO] * 11,
        Decimal("2.00"),
    ]  # 1 % of 200: the least
    paid, costs = money("100", "100.10", *["0"] * 10), money("40", "50", *["0"] * 10)
    # 15 % of 60; 15 % of 110.10 = 16.515, less what was paid
    assert list(taxes(Regime.PROFIT, ZERO, paid, costs, (PERCENTS,))) == [*money("9.00", "7.52"), *[ZERO] * 10]


def test_the_newest_rate_that_has_begun_is_in_force() -> None:
    assert PERCENTS == {
        Tax.SELF_EMPLOYED_PEOPLE: 4, Tax.SELF_EMPLOYED_FIRMS: 6, Tax.INCOME: 6, Tax.PROFIT: 15, Tax.LEAST: 1,
    }  # fmt: skip
    assert all(rate.source and rate_on(rate.tax, rate.since) == rate for rate in RATES)
    first = rate_on(Tax.SELF_EMPLOYED_PEOPLE, date(2018, 12, 31))
    assert first.since == date(2019, 1, 1)  # before any had begun
    own = Rate(Tax.INCOME, date(2027, 1, 1), Decimal(8), "Поправка")
    assert [percents_on(day, [own])[Tax.INCOME] for day in (date(2026, 12, 31), date(2027, 1, 1))] == [6, 8]
    lowered = Rate(
        Tax.INCOME, date(2003, 1, 1), Decimal(1), "Закон области"
    )  # a season's row of the same day comes first
    assert percents_on(date(2026, 12, 31), [lowered])[Tax.INCOME] == 1


def test_a_second_year_has_its_own_rates_and_pays_its_taxes_anew() -> None:
    dearer = {**PERCENTS, Tax.SELF_EMPLOYED_PEOPLE: Decimal(6), Tax.PROFIT: Decimal(20)}
    both = Plan(
        price=Decimal(100), units=Decimal(10), fixed=Decimal(900), rates=(PERCENTS, dearer), extra=(ZERO,) * 24, once=(ZERO,) * 24
    )  # fmt: skip
    assert [month.tax for month in forecast(both).months] == [*[Decimal(40)] * 12, *[Decimal(60)] * 12]
    # 15 % of 100 each month; at the year's end 1 % of 12,000 asks for no more than the 180 that were paid. Then 20 %.
    on_profit = forecast(replace(both, regime=Regime.PROFIT))
    assert [month.tax for month in on_profit.months] == [*[Decimal(15)] * 12, *[Decimal(20)] * 12]
    by_patent = forecast(replace(both, regime=Regime.PATENT, patent=Decimal(300)))
    assert [number for number, month in enumerate(by_patent.months) if month.tax] == [2, 11, 14, 23]


def test_a_month_of_which_the_team_says_it_stands_instead_of_the_growth() -> None:
    plan = Plan(units=Decimal(10), growth=Decimal(50), units_of={1: ZERO, 3: Decimal(7)})
    assert [month.units for month in forecast(plan).months[:5]] == [
        10,
        0,
        23,
        7,
        51,
    ]  # 10 · 1.5² = 22.5; 10 · 1.5⁴ = 50.625
    fewer = forecast(plan.changed(volume=Decimal(-20)))
    assert [month.units for month in fewer.months[:5]] == [8, 0, 18, 6, 41]  # 8 · 2.25; 5.6; 8 · 5.0625 = 40.5


@given(plans)
def test_the_profit_swings_by_what_it_depends_on_the_strongest_first(plan: Plan) -> None:
    found = forecast(plan)
    widths = [each.width for each in swings(found)]
    assert widths == sorted(widths, reverse=True)
    assert all(widths)
    named = {each.driver for each in swings(found)}
    assert (Driver.FIXED in named) <= bool(plan.fixed)
    assert (Driver.WAGES in named) <= bool(plan.wages)
    by_driver = {each.driver: each for each in swings(found)}
    if (price := by_driver.get(Driver.PRICE)) and plan.regime is not Regime.PROFIT:
        assert price.lower <= found.profit <= price.higher


@given(plans)
def test_a_tornado_lies_within_its_drawing(plan: Plan) -> None:
    found = sensitivity(forecast(plan))
    if not found:
        return
    drawing = found.drawing
    for bar in drawing.bars:
        for x, width in (bar.worse, bar.better):
            assert LEFT <= x <= x + width <= RIGHT
        assert sum(bar.worse) == bar.better[0] == drawing.planned
    first = drawing.bars[0]
    assert first.worse[1] + first.better[1] >= max(bar.worse[1] + bar.better[1] for bar in drawing.bars) - Decimal(
        "0.2"
    )
    assert {first.worse[0], sum(first.better)} & {Decimal(LEFT), Decimal(RIGHT)}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(tmp_path_factory.mktemp("cash") / "plan.xlsx")


@settings(max_examples=scaled(1000, share=100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans)
def test_a_spreadsheet_computes_the_same(engine: Engine, plan: Plan) -> None:
    found, computed = forecast(plan), engine.computed(plan)
    assert half_up(computed.start, 2) == found.start
    assert [half_up(each, 2) for each in computed.rows["balance"]] == list(found.balances[1:])
    for name in ("units", "sales", "paid", "variable", "tax", "tax_on_sales", "repaid", "profit"):
        assert [half_up(each, 2) for each in computed.rows[name]] == [getattr(month, name) for month in found.months]
