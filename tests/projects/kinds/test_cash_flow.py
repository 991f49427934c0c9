"""The section «cash flow»: from what is typed to what is said."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from incubator.core.languages import LOCALES, override_locale
from incubator.projects.drawing import draw
from incubator.projects.kinds.cash_flow import KIND, plan_of, results
from incubator.projects.kinds.cash_plan import ZERO, Plan
from incubator.projects.kinds.cash_results import CashResults, lines
from incubator.projects.kinds.cash_taxes import Regime
from incubator.projects.kinds.sheet import Sheet
from tests.projects.kinds.test_sheets import form

MACHINE = {"what": "Швейная машина", "month": "3", "sum": "−46 тыс."}
PRIZE = {"what": "Приз", "month": "1", "sum": "900,40"}
TYPED = {
    "first": "2", "own": "14 592", "grants": "20 тыс.", "startup": "10 000,50", "price": "1 900,90", "units": "6", "growth": "25",
    "delay": "1", "later": "33,33", "variable": "520,10", "fixed": "6000", "wages": "", "tax": "usn_income", "patent": "",
    "loan": "5000", "repayment": "2000",
}  # fmt: skip


def typed(*rows: dict[str, str], **cells: str) -> str:
    return KIND.typed(form(*rows, **cells))


def found(*rows: dict[str, str], **cells: str) -> CashResults:
    computed = results(KIND.sheet(typed(*rows, **cells)))
    assert computed
    return computed


def test_a_plan_is_what_was_typed() -> None:
    plan = plan_of(KIND.sheet(typed(MACHINE, PRIZE, MACHINE, **TYPED)))
    once = (ZERO, Decimal(92000), *[ZERO] * 10)  # March is the second month from February
    extra = (*[ZERO] * 11, Decimal("900.40"))  # and January the last
    assert plan == Plan(
        own=Decimal(14592), grants=Decimal(20000), start_up=Decimal("10000.50"), loan=Decimal(5000), repayment=Decimal(2000),
        price=Decimal("1900.90"), units=Decimal(6), growth=Decimal(25), later=Decimal("33.33"), delay=1,
        variable=Decimal("520.10"), fixed=Decimal(6000), regime=Regime.INCOME, extra=extra, once=once,
    )  # fmt: skip


def test_untouched_cells_are_a_plan_in_which_all_is_paid_at_once() -> None:
    assert results(Sheet("cash_flow")) is None
    assert results(KIND.sheet(typed(first="3", delay="2", tax="patent"))) is None
    assert plan_of(KIND.sheet(typed(price="100"))) == Plan(price=Decimal(100))
    assert (
        plan_of(Sheet("cash_flow", fields={"first": "x", "delay": "9", "tax": "?"}, rows=[{"month": "13"}])) == Plan()
    )


def test_a_cell_with_a_mistake_counts_as_empty_and_is_told() -> None:
    stored = typed(price="100", units="2 млн", growth="-101", later="101", own="-5")
    assert plan_of(KIND.sheet(stored)) == Plan(price=Decimal(100))
    with override_locale("ru"):
        assert [each.message for each in KIND.problems(stored)] == [
            "Свои деньги, ₽: меньше нуля не бывает",
            "Продадите в первый месяц, штук: больше 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000 не бывает",
            "Рост продаж за месяц, %: меньше -100 не бывает",
            "Какую часть платят позже, %: больше 100 не бывает",
        ]


@pytest.mark.parametrize(
    ("locale", "short", "enough"),
    [
        ("ru", "В марте не хватает 4 200 ₽", "Денег хватает весь срок; меньше всего их в феврале – 1 300 ₽"),
        ("en", "In March: 4,200 ₽ short", "The money lasts: at least 1,300 ₽, in February"),
    ],
)
def test_the_finding_is_a_sentence(locale: str, short: str, enough: str) -> None:
    with override_locale(locale):
        stored = typed({"what": "Машина", "month": "3", "sum": "-46000"}, first="2", own="41800")
        computed = results(KIND.sheet(stored))
        assert computed
        said = [computed.said, found({"what": "Аренда", "month": "2", "sum": "-700"}, first="2", own="2000").said]
        assert [each.replace("\N{NO-BREAK SPACE}", " ") for each in said] == [short, enough]
        assert [(each.place, each.message) for each in KIND.advice(stored)] == [("own", computed.said)]
        assert KIND.advice(typed(own="2000")) == ()


def test_what_is_missing_before_the_first_month_is_said() -> None:
    with override_locale("ru"):
        assert found(own="1000", startup="1500,50").said == "На старте не хватает 500,50\N{NO-BREAK SPACE}₽"


def test_the_table_adds_up_to_what_is_left() -> None:
    computed = found(MACHINE, PRIZE, **TYPED)
    money = [line for line in computed.lines if line.is_money]
    changes = [sum((line.cells[column] or ZERO for line in money), ZERO) for column in range(13)]
    assert changes[0] == computed.forecast.start
    assert changes[1:] == [month.change for month in computed.forecast.months]
    with override_locale("ru"):
        assert [computed.titles[0], computed.titles[-1]] == ["февраль", "январь"]


def test_three_things_that_may_go_worse() -> None:
    with override_locale("ru"):
        computed = found(**TYPED | {"delay": "0", "later": "", "growth": "0"})
        # Each month 6 · 1,710.81 = 10,264.86 less 3,120.60, 6,000 and 615.89; 5 · 1,900.90 = 9,504.50 less 2,600.50, 6,000 and 570.27;
        # 11,405.40 less 3,120.60, 6,000 and 684.32.
        assert [(each.title, each.forecast.profit) for each in computed.scenarios] == [
            ("цена на 10 % ниже", Decimal("6340.44")),
            ("продаж на 20 % меньше", Decimal("4004.76")),
            ("платят на месяц позже", Decimal("19205.76")),
        ]


def test_the_text_says_what_the_drawing_shows() -> None:
    with override_locale("ru"):
        text = KIND.text(typed(MACHINE, **TYPED)).replace("\N{NO-BREAK SPACE}", " ")
    assert "| Швейная машина | март | -46 000 |" in text
    assert "* Первый месяц: февраль" in text
    assert "* Налог: УСН, с доходов\n" in text
    assert "* Меньше всего денег: " in text


def test_ways_out_are_said_with_what_they_leave() -> None:
    with override_locale("ru"):
        computed = found(MACHINE, own="10000", price="1000", units="20", fixed="8000", tax="npd_people")
        # Each month 20,000 less 8,000 and 800 of tax: 11,200. 32,400 in February are too little for 46,000, 54,800 in April are not.
        assert computed.said.startswith("В марте не хватает")
        assert computed.ways == (("«Швейная машина» – в апреле", Decimal("8800.00")),)
        waiting = found(own="10000", price="1000", units="20", fixed="8000", delay="2")
        assert waiting.ways == (("взять с покупателей деньги сразу", Decimal("10000")),)
        assert found(own="10000").ways == ()
        assert found(own="10000", fixed="20000").ways == ()  # neither a purchase nor buyers who pay later


@pytest.mark.parametrize("locale", LOCALES)
def test_the_drawing_marks_the_month_in_which_money_runs_out(locale: str) -> None:
    with override_locale(locale):
        drawn = draw(KIND, KIND.sheet(typed(MACHINE | {"what": "<b>Машина</b>"}, **TYPED)))
        quiet = draw(KIND, KIND.sheet(typed(own="2000")))
        computed = found(MACHINE, **TYPED)
        assert computed.said in drawn
    assert "<b>Машина" not in drawn
    assert drawn.count("is-lowest") == quiet.count("is-lowest") == 1
    assert 'class="band"' in drawn
    assert 'class="band"' not in quiet
    for page in (drawn, quiet):
        pictures = [ElementTree.fromstring(each) for each in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]
        assert len(pictures) == (5 if page is drawn else 4)  # the plan and three scenarios; what the profit depends on
        assert all(picture.get("role") == "img" and picture.get("aria-label") for picture in pictures)
    # The start and twelve months, in the head and in each line.
    table = drawn[drawn.index('class="table months"') :]
    table = table[: table.index("</table>")]
    assert table.count("<td") == 13 * (len(computed.lines) + 1)


def test_two_years_are_two_years_everywhere() -> None:
    with override_locale("ru"):
        computed = found({"what": "Ремонт", "month": "15", "sum": "-50 тыс."}, **TYPED | {"term": "24", "growth": "0"})
        assert len(computed.titles) == len(computed.forecast.months) == 24
        assert computed.forecast.plan.once[13] == 50000  # March of the second year, counted from February
        assert computed.said.startswith("В марте второго года не хватает")
        assert [title for title, _value in lines(computed)][2:] == ["Прибыль за два года", "Денег в конце второго года"]
        drawn = draw(KIND, KIND.sheet(typed(**TYPED | {"term": "24"})))
        assert "второй год" in drawn
        assert drawn.index("второй год") > drawn.index('class="table months"')


def test_what_lies_behind_the_last_month_is_told_and_does_not_count() -> None:
    stored = typed(
        {"what": "Ремонт", "month": "15", "sum": "-50 тыс."}, price="100", units="10", sold3="0", sold14="70"
    )
    assert plan_of(KIND.sheet(stored)) == Plan(price=Decimal(100), units=Decimal(10), units_of={2: ZERO})
    with override_locale("ru"):
        assert [each.message for each in KIND.problems(stored)] == [
            "14-й месяц: в плане месяцев только 12",
            "Месяц, строка 1: в плане месяцев только 12",
        ]


def test_each_scenario_is_a_view_beside_the_plan() -> None:
    with override_locale("ru"):
        computed = found(MACHINE, **TYPED)
        assert [each.title for each in computed.views] == [
            "по плану", "цена на 10 % ниже", "продаж на 20 % меньше", "платят на месяц позже",
        ]  # fmt: skip
        assert [each.forecast for each in computed.views[1:]] == [each.forecast for each in computed.scenarios]
        assert {each.compared.title for each in computed.views[1:]} == {"по плану"}
        drawn = draw(KIND, KIND.sheet(typed(MACHINE, **TYPED)))
    assert drawn.count('name="cash-views"') == 4
    assert drawn.count('name="cash-views" open') == 1


def test_the_way_from_profit_to_money_adds_up() -> None:
    with override_locale("ru"):
        computed = found(MACHINE, PRIZE, **TYPED)
        assert sum(amount for _title, amount in computed.bridge) == computed.forecast.balances[-1]
        assert [title for title, _amount in computed.bridge] == [
            computed.profit_title, "Свои деньги и гранты", "Потрачено до старта", "Покупатели ещё должны",
            "Налог с этих денег ещё впереди",
        ]  # fmt: skip


def test_what_matters_most_is_said_with_how_much() -> None:
    with override_locale("ru"):
        computed = found(price="100", units="10", variable="40", fixed="200", tax="patent")
        # 12 · (10 · 60 − 200) = 4,800; 10 · 80 or 120; 8 or 12 pieces; 32 or 48 each; 160 or 240 a month.
        found_swings = {each.driver.value: (each.lower, each.higher) for each in computed.sensitivity.swings}
        assert {driver: (int(lower), int(higher)) for driver, (lower, higher) in found_swings.items()} == {
            "price": (2400, 7200), "volume": (3360, 6240), "variable": (5760, 3840), "fixed": (5280, 4320),
        }  # fmt: skip
        said = computed.sensitivity.said.replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Сильнее всего на прибыль влияет цена: на 20 % в обе стороны – и прибыль от 2 400 ₽ до 7 200 ₽"


def test_nothing_typed_is_nothing_drawn() -> None:
    assert "outcome" not in draw(KIND, Sheet("cash_flow"))
    assert "<svg" not in draw(KIND, KIND.sheet(typed(growth="5")))
