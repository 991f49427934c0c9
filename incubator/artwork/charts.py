"""Where the lines and labels of a chart lie; templates draw them, so that colours and words are theirs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubator.core.formatting import number
from incubator.core.rounding import half_up

#: Where a chart's axes lie in its drawing of 640 × 300.
LEFT, RIGHT, TOP, BOTTOM = 24, 616, 20, 250
#: Labels of lines keep this far apart.
_APART = 18


@dataclass(frozen=True, slots=True)
class BreakEvenChart:
    """Two lines over the number of sales, in the coordinates of the drawing."""

    income: str
    costs: str
    crossing: tuple[Decimal, Decimal] | None
    columns: Sequence[tuple[Decimal, str]]
    income_label: Decimal
    costs_label: Decimal


def break_even_chart(
    price: Decimal, variable: Decimal, fixed: Decimal, break_even: int | None, *, most: int
) -> BreakEvenChart | None:
    """Return the drawing up to ``most`` sales; None where there is nothing to compare."""
    highest = max(price * most, fixed + variable * most)
    if not highest or not most:
        return None

    def at(sales: Decimal | int, roubles: Decimal) -> tuple[Decimal, Decimal]:
        x = LEFT + (RIGHT - LEFT) * Decimal(sales) / most
        return half_up(x, 1), half_up(BOTTOM - (BOTTOM - TOP) * roubles / highest, 1)

    ends = at(most, price * most), at(most, fixed + variable * most)
    upper, lower = sorted((ends[0][1], ends[1][1]))
    lower = max(lower, upper + _APART)
    labels = (upper, lower) if ends[0][1] <= ends[1][1] else (lower, upper)
    return BreakEvenChart(
        income=_points(at(0, Decimal(0)), ends[0]),
        costs=_points(at(0, fixed), ends[1]),
        crossing=at(break_even, price * break_even) if break_even else None,
        columns=[(at(sales, Decimal(0))[0], number(sales)) for sales in _ticks(most)],
        income_label=max(labels[0] - 8, Decimal(14)),
        costs_label=max(labels[1] - 8, Decimal(14)),
    )


def _points(*places: tuple[Decimal, Decimal]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def _ticks(most: int) -> list[int]:
    """Return some four round numbers up to ``most``, from zero."""
    step = max(1, most // 4)
    magnitude = 10 ** (len(str(step)) - 1)
    step = max(1, step // magnitude * magnitude)
    return list(range(0, most + 1, step))
