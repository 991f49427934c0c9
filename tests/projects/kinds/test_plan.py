"""A plan: where its bars lie, what it says, and what a machine sees in it."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from incubator.artwork.timeline import Timeline
from incubator.core.languages import override_locale
from incubator.http.forms import Form
from incubator.programme.season_terms import SeasonTerms
from incubator.projects.drawing import draw, drawn_results
from incubator.projects.kinds.plan import KIND, results
from tests.projects.kinds.test_sheets import form

MODEL = {"task": "Собрать макет", "starts": "2026-05-05", "ends": "2026-05-20", "who": "Кира", "state": "done"}
SALE = {"task": "Продать десять", "starts": "2026-06-01", "ends": "2026-06-30", "who": "", "state": "doing"}
FAIR = {"task": "Ярмарка", "starts": "", "ends": "2026-07-04", "who": "Семён", "state": "ahead"}


def stored(*rows: dict[str, str]) -> str:
    return KIND.typed(form(*rows))


def test_the_finding_counts_what_is_done_and_names_the_last_day() -> None:
    with override_locale("ru"):
        found = results(KIND.sheet(stored(MODEL, SALE, FAIR)))
        assert found.said == "3 задачи до 4 июля 2026\N{NARROW NO-BREAK SPACE}г.; готово 1, в работе 1"
        assert results(KIND.sheet(stored(FAIR))).said == "1 задача до 4 июля 2026\N{NARROW NO-BREAK SPACE}г."
        assert results(KIND.sheet(stored(*[MODEL] * 21))).said == "Готовы все задачи: 21"
        assert results(KIND.sheet(stored(MODEL))).said == "Задача одна, и она готова"
        assert results(KIND.sheet(stored({"task": "Подумать"}))).said == "1 задача без срока"
    with override_locale("en"):
        assert results(KIND.sheet(stored(MODEL, SALE))).said == "2 tasks by 30 June 2026; 1 done, 1 in work"


def test_a_day_is_stored_in_one_spelling_however_it_was_typed() -> None:
    rows = KIND.sheet(stored(MODEL | {"starts": "5.5.2026", "ends": "20.05.2026"})).rows
    assert (rows[0]["starts"], rows[0]["ends"]) == ("2026-05-05", "2026-05-20")
    assert KIND.sheet(stored(MODEL | {"ends": "31.02.2026"})).rows[0]["ends"] == "2026-02-31"


def test_what_is_missing_or_contradicts_itself_is_named() -> None:
    rows = (
        MODEL | {"ends": "2026-05-01"},
        SALE | {"ends": "", "task": ""},
        FAIR | {"ends": "в июле"},
        FAIR | {"starts": "2026-07-04"},
    )
    with override_locale("ru"):
        assert [(each.place, each.message) for each in KIND.problems(stored(*rows))] == [
            ("task.1", "Задача, строка 2: заполните"),
            ("ends.1", "Срок, строка 2: заполните"),
            ("ends.2", "Срок, строка 3: «в июле» – не дата"),
            ("starts.0", "Начало, строка 1: позже срока"),
        ]
    assert KIND.problems(stored(MODEL, SALE, FAIR)) == []


def test_a_task_that_nobody_answers_for_is_advice_until_it_is_done() -> None:
    with override_locale("ru"):
        said = [
            [each.message for each in KIND.advice(stored(*rows))]
            for rows in (
                (MODEL, FAIR),
                (MODEL | {"who": ""}, SALE | {"who": "–"}),
                (SALE, FAIR | {"who": ""}),
                (*[SALE] * 5,),
                ({"ends": "2026-05-01"},),
            )
        ]
    assert said == [
        [],
        ["ни за кем не записана задача «Продать десять»"],
        ["ни за кем не записаны задачи «Продать десять», «Ярмарка»"],
        ["ни за кем не записаны задачи «Продать десять», «Продать десять», «Продать десять» и ещё 2"],
        ["ни за кем не записана 1 задача"],
    ]
    assert KIND.advice(stored(MODEL, SALE))[0].place == "who.1"


def test_the_drawing_tells_a_state_by_a_shape_and_a_word() -> None:
    with override_locale("ru"):
        html = str(drawn_results(KIND, KIND.sheet(stored(MODEL, SALE, FAIR))))
    assert "5–20 мая · готово · Кира" in " ".join(html.split())
    assert "к 4 июл. · впереди · Семён" in " ".join(html.split())
    assert html.count("task-sign") == html.count("task-hatch") == html.count("task-mark") == 1
    assert [html.count(f">{month}<") for month in ("май", "июнь", "июль")] == [1, 1, 1]
    assert html.count("2026</text>") == 1


def test_a_task_without_a_day_is_in_the_table_only() -> None:
    undated = {"task": "Подумать <b>", "ends": "скоро"}
    with override_locale("ru"):
        html = str(draw(KIND, KIND.sheet(stored(undated))))
    assert "<svg" not in html
    assert "Подумать &lt;b&gt;" in html


def test_a_year_of_months_is_named_on_a_desk_and_every_other_on_a_phone() -> None:
    with override_locale("ru"):
        ticks = Timeline(date(2026, 9, 3), date(2027, 6, 10)).ticks()
    assert [tick.label for tick in ticks][:3] == ["сент.", "окт.", "нояб."]
    assert [tick.year for tick in ticks] == ["2026", "", "", "", "2027", "", "", "", "", ""]
    assert [tick.is_for_wide for tick in ticks][:4] == [False, True, False, True]


def test_places_are_hundredths_of_whole_months() -> None:
    april = Timeline(date(2026, 4, 10), date(2026, 4, 12))  # 30 days: each is a thirtieth
    bar = april.bar(date(2026, 4, 10), date(2026, 4, 12))
    assert (bar.x, bar.width, bar.end) == (Decimal("30.00"), Decimal("10.00"), Decimal("40.00"))
    assert april.x(date(2026, 4, 1)) == Decimal("1.67")


days = st.dates()


@given(st.lists(st.tuples(days, days), min_size=1, max_size=6))
def test_every_bar_lies_in_the_drawing_in_the_order_of_time(spans: list[tuple[date, date]]) -> None:
    rows = [
        {"task": "x", "starts": min(span).isoformat(), "ends": max(span).isoformat(), "who": "", "state": ""}
        for span in spans
    ]
    found = results(KIND.sheet(stored(*rows)))
    assert found.timeline
    for task in found.tasks:
        bar = found.bar(task)
        if bar is None:
            assert 0 <= Decimal(found.mark(task)) <= 100
        else:
            assert 0 <= bar.x < bar.end <= 100
    places = [tick.x for tick in found.ticks]
    assert places[0] == 0
    assert places == sorted(places)
    assert len(places) <= 12
    last = found.last
    assert last == max(max(span) for span in spans)


@given(days, st.integers(0, 3000))
def test_a_bar_is_as_long_as_its_days(first: date, length: int) -> None:
    last = min(first + timedelta(days=min(length, (date.max - first).days)), date.max)
    line = Timeline(first, last)
    bar = line.bar(first, last)
    months = {(first + timedelta(days=n)).replace(day=1) for n in range((last - first).days + 1)}
    shown = sum(_length(each) for each in months)
    expected = Decimal(100) * ((last - first).days + 1) / shown
    assert bar.width >= 2
    assert expected <= 2 or abs(bar.width - expected) <= Decimal("0.02")


def _length(month: date) -> int:
    if month.month == 12:
        return 31
    return (month.replace(month=month.month + 1) - month).days


def test_a_task_outside_the_season_is_told_unless_it_is_done() -> None:
    season = SeasonTerms(date(2026, 5, 10), date(2026, 6, 30))
    rows = [MODEL, MODEL | {"task": "Ещё один", "state": "doing"}, SALE | {"who": "Кира"}, FAIR]
    with override_locale("ru"):
        found = KIND.advice(KIND.in_season(stored(*rows), season))
        assert [each.place for each in found] == ["starts.1", "ends.3"]
        assert found[1].message.replace("\N{NARROW NO-BREAK SPACE}", " ") == (
            "задача «Ярмарка» не попадает в сезон: он идёт с 10 мая 2026 г. по 30 июня 2026 г."
        )
        assert KIND.advice(stored(*rows)) == ()  # of no season


def test_what_the_season_gives_is_no_part_of_what_the_team_stores() -> None:
    season = SeasonTerms(date(2026, 5, 10), date(2026, 6, 30))
    value = KIND.in_season(stored(MODEL), season)
    assert KIND.sheet(value).season == season
    assert KIND.in_season(value, None) == stored(MODEL)
    assert KIND.typed(Form(value=value)) == stored(MODEL)  # a page that sends a whole value back
    assert KIND.changes(stored(MODEL), value) == []
