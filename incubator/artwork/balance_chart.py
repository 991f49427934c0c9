"""Where the lines and labels lie in the chart of a balance by months; a template draws them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from incubator.core.formatting import number
from incubator.core.rounding import half_up

#: Where the axes lie in a drawing of 640 × 330.
LEFT, RIGHT, TOP, BOTTOM = 60, 616, 30, 290
#: Labels of lines keep this far apart.
_APART = 22
#: So wide is a label at the end of a line.
_LABEL = 190
#: So far its letters reach above and below the line on which they stand.
_ASCENT, _DESCENT = 13, 4
_MOST_LINES = 5
_UNITS = (
    (Decimal(10) ** 9, "billion"),
    (Decimal(10) ** 6, "million"),
    (Decimal(10) ** 3, "thousand"),
    (Decimal(1), "one"),
)

Point = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class PartOfLine:
    """A part of the line that does not cross zero."""

    points: str
    area: str
    """What lies between it and zero."""
    is_short: bool
    """Below zero."""


@dataclass(frozen=True, slots=True)
class BalanceChart:
    """A line over the months, and another to compare with, in the coordinates of the drawing."""

    pieces: Sequence[PartOfLine]
    compared: str
    unit: str
    """In what the labels of the axis count: «thousand»."""
    rows: Sequence[tuple[Decimal, str]]
    zero: Decimal
    columns: Sequence[Decimal]
    lowest: Point
    ends: tuple[Decimal, Decimal]
    """How high the labels of both lines lie."""

    @property
    def half_a_month(self) -> Decimal:
        return half_up((self.columns[1] - self.columns[0]) / 2, 1)

    @property
    def is_early(self) -> bool:
        """Return whether there is room for words to the right of the lowest point."""
        return self.lowest[0] < (LEFT + RIGHT) / 2


def balance_chart(balances: Sequence[Decimal], compared: Sequence[Decimal]) -> BalanceChart | None:
    """Return the drawing of two or more balances; None where all are zero."""
    zero = Decimal(0)
    lowest, highest = min(zero, *balances, *compared), max(zero, *balances, *compared)
    if lowest == highest:
        return None
    step = _step((highest - lowest) / _MOST_LINES)
    floor = (lowest / step).to_integral_value(ROUND_FLOOR) * step
    ceiling = (highest / step).to_integral_value(ROUND_CEILING) * step
    size, unit = next(each for each in _UNITS if step >= each[0] or each[0] == 1)

    def up(roubles: Decimal) -> Decimal:
        return half_up(BOTTOM - (BOTTOM - TOP) * (roubles - floor) / (ceiling - floor), 1)

    columns = [half_up(LEFT + Decimal(RIGHT - LEFT) * month / (len(balances) - 1), 1) for month in range(len(balances))]
    line = [(x, up(each)) for x, each in zip(columns, balances, strict=True)]
    other = [(x, up(each)) for x, each in zip(columns, compared, strict=True)]
    rows = range(int((ceiling - floor) / step) + 1)
    return BalanceChart(
        pieces=[_piece(part, up(zero)) for part in _parted(line, up(zero))],
        compared=_points(other),
        unit=unit,
        rows=[(up(floor + step * each), number((floor + step * each) / size)) for each in rows],
        zero=up(zero),
        columns=columns,
        lowest=line[min(range(len(balances)), key=lambda month: balances[month])],
        ends=_apart(_at_label(line), _at_label(other), up(zero)),
    )


def _step(least: Decimal) -> Decimal:
    """Return 1, 2 or 5 times a power of ten, not below ``least``."""
    magnitude = Decimal(10) ** least.adjusted()
    return next(magnitude * each for each in (1, 2, 5, 10) if magnitude * each >= least)


def _parted(line: Sequence[Point], zero: Decimal) -> Iterator[list[Point]]:
    """Yield the line in parts, each on one side of zero, with the points where it crosses."""
    part = [line[0]]
    for (x, y), (next_x, next_y) in pairwise(line):
        if (y - zero) * (next_y - zero) < 0:
            crossing = (half_up(x + (next_x - x) * (zero - y) / (next_y - y), 1), zero)
            yield [*part, crossing]
            part = [crossing]
        elif y == zero and len(part) > 1:
            yield part
            part = [(x, y)]
        part.append((next_x, next_y))
    yield part


def _piece(part: Sequence[Point], zero: Decimal) -> PartOfLine:
    area = [(part[0][0], zero), *part, (part[-1][0], zero)]
    return PartOfLine(_points(part), _points(area), is_short=any(y > zero for _x, y in part))


def _points(places: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def _at_label(line: Sequence[Point]) -> Sequence[Decimal]:
    """Return how high the points of a line lie that are above or below its label."""
    return [y for x, y in line if x > RIGHT - _LABEL]


def _apart(main: Sequence[Decimal], other: Sequence[Decimal], zero: Decimal) -> tuple[Decimal, Decimal]:
    """Return how high the labels of both lines lie by how high their ends do: one above both lines, the other below; none on zero."""
    upper, lower = max(min(*main, *other) - 10, Decimal(14)), min(max(*main, *other) + 22, Decimal(BOTTOM - 4))
    upper = zero - _DESCENT - 3 if _is_struck(upper, zero) else upper
    lower = max(lower, upper + _APART)
    lower = zero + _ASCENT + 3 if _is_struck(lower, zero) else lower
    return (upper, lower) if main[-1] <= other[-1] else (lower, upper)


def _is_struck(label: Decimal, zero: Decimal) -> bool:
    """Return whether the line of zero would run through a label."""
    return label - _ASCENT < zero < label + _DESCENT
