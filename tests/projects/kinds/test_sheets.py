"""Sections of cells: typed, stored, compared and read, without a page."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.languages import override_locale
from incubator.core.rounding import half_up
from incubator.http.forms import Form
from incubator.projects.kinds.budget import KIND as BUDGET
from incubator.projects.kinds.budget import results as budget_results
from incubator.projects.kinds.canvas import KIND as CANVAS
from incubator.projects.kinds.economics import KIND as ECONOMICS
from incubator.projects.kinds.economics import results as economics_results
from incubator.projects.kinds.registry import KINDS, TEXT, kind_of, sheet_kind_of, text_of, value_for
from incubator.projects.kinds.sheet import Sheet, SheetKind

SHEETS = [kind for kind in KINDS.values() if isinstance(kind, SheetKind)]


def form(*rows: dict[str, str], suffix: str = "", **cells: str) -> Form:
    """Return a form as a browser sends it: each cell of each row, in order."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return Form(
        [*((f"{name}{suffix}", row.get(name, "")) for row in rows for name in names), *((f"{k}{suffix}", v) for k, v in cells.items())]
    )  # fmt: skip


BOARDS = {"what": "Доски", "category": "materials", "count": "10", "price": "120,50", "source": "own", "spent": ""}
GLUE = {
    "what": "Клей | хороший",
    "category": "materials",
    "count": "",
    "price": "1 тыс.",
    "source": "grant",
    "spent": "900",
}


def test_what_is_typed_is_stored_in_one_spelling_and_read_again() -> None:
    stored = BUDGET.typed(form(BOARDS, GLUE, {}, own="2 000"))
    sheet = BUDGET.sheet(stored)
    assert [row["price"] for row in sheet.rows] == ["120.5", "1000"]
    assert sheet.fields == {"own": "2000"}
    assert BUDGET.stored(sheet) == stored
    assert BUDGET.problems(stored) == []
    again = [{name: row.get(name, "") for name in BOARDS} for row in sheet.rows]
    assert BUDGET.typed(form(*again, own="2000")) == stored


def test_nothing_typed_is_nothing_stored() -> None:
    assert BUDGET.typed(form({"what": " ", "category": "other", "source": "grant"}, {})) == ""
    assert BUDGET.typed(Form()) == ""
    assert BUDGET.text("") == ""
    assert BUDGET.advice("") == ()


def test_what_is_no_number_stays_and_is_told() -> None:
    stored = BUDGET.typed(form(BOARDS | {"price": "сто", "count": "-1"}, BOARDS | {"what": ""}, own="много"))
    assert BUDGET.sheet(stored).rows[0]["price"] == "сто"
    with override_locale("ru"):
        assert [(each.place, each.message) for each in BUDGET.problems(stored)] == [
            ("own", "Свои деньги, ₽: «много» – не число"),
            ("count.0", "Сколько, строка 1: меньше нуля не бывает"),
            ("price.0", "Цена, ₽, строка 1: «сто» – не число"),
            ("what.1", "Что, строка 2: заполните"),
        ]
    assert budget_results(BUDGET.sheet(stored)).sums == (Decimal(0), Decimal("1205.00"))


def test_rows_move_and_go_by_their_buttons() -> None:
    rows = [BOARDS | {"what": name} for name in "абв"]

    def after(action: str) -> str:
        return "".join(row["what"] for row in BUDGET.sheet(BUDGET.typed(form(*rows, rows=action))).rows)

    assert [after(each) for each in ("remove:1", "up:1", "down:1", "up:0", "down:2")] == [
        "ав",
        "бав",
        "авб",
        "абв",
        "абв",
    ]
    assert [after(each) for each in ("remove:9", "remove:", "remove:-1", "up:x", "", "nonsense:1")] == ["абв"] * 6


def test_a_text_from_before_stays_beside_the_sheet() -> None:
    note = BUDGET.sheet("Пакеты 6 000 рублей").note
    assert note == "Пакеты 6 000 рублей"
    assert BUDGET.text("Пакеты 6 000 рублей") == "Пакеты 6 000 рублей"
    stored = BUDGET.typed(form(BOARDS, note="Пакеты 6 000 рублей"))
    assert BUDGET.sheet(stored).note == note
    assert BUDGET.text(stored).startswith(note)
    economics = ECONOMICS.typed(form(price="100"))
    assert BUDGET.sheet(economics).note == economics  # the season changed the section's kind: nothing is lost
    assert text_of(economics) == ECONOMICS.text(economics)
    assert text_of("{не JSON") == "{не JSON"


def test_cells_that_differ_are_named() -> None:
    before = BUDGET.typed(form(BOARDS, GLUE))
    after = BUDGET.typed(form(BOARDS | {"price": "130"}, own="500"))
    with override_locale("ru"):
        assert [(each.place, each.before, each.after) for each in BUDGET.changes(before, after)] == [
            ("Свои деньги, ₽", "", "500"),
            ("Цена, ₽, строка 1", "120,50", "130"),
            ("Что, строка 2", "Клей | хороший", ""),
            ("Вид, строка 2", "материалы", ""),
            ("Цена, ₽, строка 2", "1\N{NO-BREAK SPACE}000", ""),
            ("Откуда деньги, строка 2", "грант", ""),
            ("Потрачено, ₽, строка 2", "900", ""),
        ]
    assert BUDGET.changes(before, before) == []


def test_the_text_is_a_table_that_a_cell_cannot_break() -> None:
    with override_locale("ru"):
        text = BUDGET.text(BUDGET.typed(form(BOARDS, GLUE, own="2000")))
    lines = text.split("\n")
    assert lines[0].startswith("| Что | Вид |")
    assert "Клей \\| хороший" in lines[3]
    assert "* Всего: 2\N{NO-BREAK SPACE}205\N{NO-BREAK SPACE}₽" in lines


@given(
    st.lists(st.fixed_dictionaries({name: st.text(max_size=12) for name in BOARDS}), max_size=5), st.text(max_size=20)
)
def test_no_input_breaks_a_sheet(rows: list[dict[str, str]], action: str) -> None:
    for kind in SHEETS:
        stored = kind.typed(form(*rows, rows=action, note=action, price=action, own=action))
        assert kind.stored(kind.sheet(stored)) == stored
        kind.problems(stored), kind.text(stored), kind.advice(stored), kind.changes("", stored)  # none of them raises
        assert kind.typed(Form(value=stored)) == stored  # as a page of two versions sends it back


def test_two_who_change_different_cells_are_both_kept() -> None:
    base = CANVAS.typed(form(problem="Зимой не видно", segments="Пасечники"))
    theirs = CANVAS.typed(form(problem="Зимой не видно, что семья голодает", segments="Пасечники"))
    mine = CANVAS.typed(form(problem="Зимой не видно", segments="", costs="Прибор 3 100 ₽"))
    both = CANVAS.merged(base, theirs, mine)
    assert both
    assert CANVAS.sheet(both).fields == {"problem": "Зимой не видно, что семья голодает", "costs": "Прибор 3 100 ₽"}
    assert CANVAS.merged(base, theirs, CANVAS.typed(form(problem="Иначе"))) is None
    assert CANVAS.merged("", theirs, CANVAS.typed(form(costs="3 100 ₽"))) is not None

    rows = BUDGET.typed(form(BOARDS, GLUE))
    dearer, more = (
        BUDGET.typed(form(BOARDS | {"price": "130"}, GLUE)),
        BUDGET.typed(form(BOARDS, GLUE | {"count": "2"})),
    )
    assert BUDGET.merged(rows, dearer, more) == BUDGET.typed(form(BOARDS | {"price": "130"}, GLUE | {"count": "2"}))
    longer = BUDGET.typed(form(BOARDS, GLUE, BOARDS))
    assert BUDGET.merged(rows, longer, dearer) is None  # rows are one thing once their number differs
    assert BUDGET.merged(rows, longer, BUDGET.typed(form(BOARDS, GLUE, own="5"))) == BUDGET.typed(
        form(BOARDS, GLUE, BOARDS, own="5")
    )


def test_what_belongs_to_a_moved_row_is_given_to_no_other() -> None:
    cheap = GLUE | {"price": BOARDS["price"]}
    both, swapped = BUDGET.typed(form(BOARDS, cheap)), BUDGET.typed(form(cheap, BOARDS))
    spent = BUDGET.typed(form(BOARDS | {"spent": "900"}, cheap))
    assert BUDGET.merged(both, swapped, spent) is None
    assert BUDGET.merged(both, spent, swapped) is None
    replaced = BUDGET.typed(form(cheap, {"what": "Гвозди", "price": "5"}))  # the boards went, nails came
    assert BUDGET.merged(both, replaced, spent) is None
    twins = BUDGET.typed(form(BOARDS, BOARDS | {"price": "7"}))
    turned = BUDGET.typed(form(BOARDS | {"price": "7"}, BOARDS))
    assert BUDGET.merged(twins, turned, BUDGET.typed(form(BOARDS | {"spent": "900"}, BOARDS | {"price": "7"}))) is None
    dearer = BUDGET.typed(form(BOARDS | {"price": "130"}, cheap))
    assert BUDGET.merged(both, dearer, spent) == BUDGET.typed(form(BOARDS | {"price": "130", "spent": "900"}, cheap))


def test_a_value_by_hand_breaks_nothing() -> None:
    deep = '{"kind":"budget","x":' + "[" * 9000 + "]" * 9000 + "}"
    for kind in SHEETS:
        for value in (
            deep,
            '{"kind":"budget","kind":"text"}',
            '{"kind":"budget","rows":[1]}',
            '{"v":' + "9" * 5000 + "}",
        ):
            stored = kind.typed(Form(value=value))
            kind.problems(stored), kind.text(stored), kind.changes(stored, ""), text_of(value)  # none of them raises
    many = BUDGET.typed(Form(what=[str(n) for n in range(2000)], rows="up:1999"))
    assert len(BUDGET.sheet(many).rows) == BUDGET.most_rows


def test_a_season_that_changes_a_kind_and_back_gives_words_first_and_the_cells_again() -> None:
    stored = BUDGET.typed(form(BOARDS, GLUE))
    for kind in (TEXT, CANVAS):
        assert value_for(kind, stored) == BUDGET.text(stored)
    assert value_for(BUDGET, stored) == stored
    assert value_for(TEXT, "{не таблица}") == "{не таблица}"
    assert value_for(TEXT, '{"kind":"budget"}') == '{"kind":"budget"}'  # somebody writes about this program


cells_of_a_canvas = st.dictionaries(st.sampled_from([each.key for each in CANVAS.fields]), st.sampled_from("абв"))


@given(cells_of_a_canvas, cells_of_a_canvas, cells_of_a_canvas)
def test_merging_takes_every_change_and_nothing_else(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    read, there, own = (CANVAS.typed(form(**each)) for each in (base, theirs, mine))
    assert CANVAS.merged(read, read, own) == own
    assert CANVAS.merged(read, there, read) == there
    both = CANVAS.merged(read, there, own)
    assert both == CANVAS.merged(read, own, there)
    for key in (each.key for each in CANVAS.fields):
        was, they, i = base.get(key, ""), theirs.get(key, ""), mine.get(key, "")
        if both is None:
            continue
        assert CANVAS.sheet(both).fields.get(key, "") == (i if they == was else they)


@given(cells_of_a_canvas, cells_of_a_canvas, cells_of_a_canvas)
def test_whoever_chooses_chooses_of_what_both_changed_and_of_nothing_else(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    read, there, own = (CANVAS.typed(form(**each)) for each in (base, theirs, mine))
    for value, preferred in zip(CANVAS.either(read, there, own), (mine, theirs), strict=True):
        cells = CANVAS.sheet(value).fields
        for key in (each.key for each in CANVAS.fields):
            was, they, i = base.get(key, ""), theirs.get(key, ""), mine.get(key, "")
            expected = they if i == was else i if they == was else preferred.get(key, "")
            assert cells.get(key, "") == expected


amounts = st.decimals(min_value=0, max_value=10**6, places=2)
budget_rows = st.lists(
    st.tuples(st.one_of(st.none(), st.decimals(min_value=0, max_value=1000, places=3)), amounts, st.sampled_from(["own", "partner", "grant", "sponsor"]),
              st.sampled_from(["materials", "travel", "other"])), min_size=1, max_size=8)  # fmt: skip


@given(budget_rows, amounts)
def test_a_budget_adds_up(rows: list[tuple[Decimal | None, Decimal, str, str]], own: Decimal) -> None:
    lines = [
        {
            "what": "x",
            "count": "" if count is None else f"{count:f}",
            "price": f"{price:f}",
            "source": source,
            "category": category,
        }
        for count, price, source, category in rows
    ]
    found = budget_results(BUDGET.sheet(BUDGET.typed(form(*lines, own=f"{own:f}"))))
    expected = [
        half_up((Decimal(1) if count is None else count) * price, 2) for count, price, _source, _category in rows
    ]
    assert list(found.sums) == expected
    assert found.total == sum(expected)
    assert sum((share.needs for share in found.by_source), Decimal(0)) == found.total
    assert sum((share.needs for share in found.by_category), Decimal(0)) == found.total
    short = (
        sum(
            (amount for amount, (_c, _p, source, _k) in zip(expected, rows, strict=True) if source == "own"), Decimal(0)
        )
        - own
    )
    others = sum(
        (amount for amount, (_c, _p, source, _k) in zip(expected, rows, strict=True) if source != "own"), Decimal(0)
    )
    assert found.lacks == max(short, Decimal(0)) + others


@given(amounts, amounts, amounts, amounts, st.integers(0, 10**6))
def test_break_even_is_the_least_number_that_covers_the_costs(
    price: Decimal, variable: Decimal, fixed: Decimal, target: Decimal, planned: int
) -> None:
    stored = ECONOMICS.typed(
        form(
            price=f"{price:f}", variable=f"{variable:f}", fixed=f"{fixed:f}", target=f"{target:f}", planned=str(planned)
        )
    )
    found = economics_results(ECONOMICS.sheet(stored))
    assert found
    assert found.profit == planned * (price - variable) - fixed
    if price <= variable:
        assert found.break_even is found.for_target is None
        return
    assert found.break_even is not None
    assert found.break_even * found.margin >= fixed
    assert (found.break_even - 1) * found.margin < fixed or found.break_even == 0
    if target:
        assert found.for_target is not None
        assert found.for_target * found.margin - fixed >= target
        assert (found.for_target - 1) * found.margin - fixed < target
    if found.chart and found.chart.crossing:
        assert all(0 <= place <= 640 for place in found.chart.crossing)


def test_an_economics_without_a_price_says_nothing_and_asks_for_it() -> None:
    stored = ECONOMICS.typed(form(fixed="5000"))
    assert economics_results(ECONOMICS.sheet(stored)) is None
    with override_locale("ru"):
        assert [each.message for each in ECONOMICS.problems(stored)] == ["Цена одного, ₽: заполните"]
        assert [each.message for each in ECONOMICS.advice(ECONOMICS.typed(form(price="100", variable="100")))] == [
            "с каждой продажи ничего не остаётся: цена не выше расходов на одно"
        ]


def test_every_kind_is_known_by_its_key() -> None:
    assert kind_of("text") is TEXT
    assert kind_of("of a later version") is TEXT
    assert sheet_kind_of("text") is None
    assert all(kind_of(key).key == key and kind.title for key, kind in KINDS.items())


@pytest.mark.parametrize("kind", SHEETS, ids=lambda kind: kind.key)
def test_the_cells_of_a_kind_do_not_collide_with_the_forms_own_names(kind: SheetKind) -> None:
    keys = [column.key for column in (*kind.fields, *kind.columns)]
    assert len(set(keys)) == len(keys)
    assert not {"text", "version", "read", "save", "rows", "note", "value", "csrf", "alone", "once"} & set(keys)


def test_a_value_of_strange_cells_is_let_in_as_if_it_had_been_typed() -> None:
    strange = Sheet(
        "budget", fields={"own": "5", "secret": "x"}, rows=[{"what": "Доски", "price": "1,5", "other": "y"}]
    )
    stored = BUDGET.typed(Form(value=BUDGET.stored(strange)))
    assert BUDGET.sheet(stored) == Sheet(
        "budget",
        fields={"own": "5"},
        rows=[{"what": "Доски", "category": "materials", "price": "1.5", "source": "own"}],
    )
