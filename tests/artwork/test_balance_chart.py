"""The chart of a balance: whatever the numbers, its lines lie inside the drawing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from incubator.artwork.balance_chart import BOTTOM, LEFT, RIGHT, TOP, balance_chart

balances = st.lists(st.decimals(min_value=-(10**13), max_value=10**13, places=2), min_size=13, max_size=13)


def places(points: str) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(x), Decimal(y)) for x, y in (each.split(",") for each in points.split())]


@given(balances, balances)
def test_lines_lie_inside_and_change_their_colour_at_zero(main: list[Decimal], compared: list[Decimal]) -> None:
    chart = balance_chart(main, compared)
    if chart is None:
        assert not any(main + compared)
        return
    lines = [places(piece.points) for piece in chart.pieces]
    for x, y in [*places(chart.compared), *(point for line in lines for point in line), chart.lowest]:
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM
    assert [line[-1] for line in lines[:-1]] == [line[0] for line in lines[1:]]  # no gap
    for piece, line in zip(chart.pieces, lines, strict=True):
        assert all(y >= chart.zero if piece.is_short else y <= chart.zero for _x, y in line)
    assert chart.lowest[0] == chart.columns[main.index(min(main))]
    assert 2 <= len(chart.rows) <= 8
    assert chart.zero in [y for y, _text in chart.rows]
    assert len({text for _y, text in chart.rows}) == len(chart.rows)
    assert abs(chart.ends[0] - chart.ends[1]) >= 20
    assert not any(label - 13 < chart.zero < label + 4 for label in chart.ends)  # no line runs through the words


def test_nothing_to_draw() -> None:
    assert balance_chart([Decimal(0)] * 13, [Decimal(0)] * 13) is None


def test_the_axis_counts_in_what_people_say() -> None:
    def axis(most: int) -> tuple[str, list[str]]:
        chart = balance_chart([Decimal(0), Decimal(most)], [Decimal(0), Decimal(0)])
        assert chart
        return chart.unit, [text for _y, text in chart.rows]

    assert axis(400) == ("one", ["0", "100", "200", "300", "400"])
    assert axis(45_000) == ("thousand", ["0", "10", "20", "30", "40", "50"])
    assert axis(9_000_000) == ("million", ["0", "2", "4", "6", "8", "10"])
