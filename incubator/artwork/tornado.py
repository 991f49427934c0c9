"""Where the bars lie in a tornado: how far each number moves a result to both sides; a template draws them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubator.core.rounding import half_up

#: Where the bars may lie in a drawing of 640, and how high each is with the words above it.
LEFT, RIGHT, ROW = 8, 632, 60


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """From the result with the number lower to the result with it higher, past the result as it is planned."""

    y: int
    """The top of its row."""
    worse: tuple[Decimal, Decimal]
    """Where the part below the planned result begins, and how wide it is."""
    better: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Tornado:
    bars: Sequence[TornadoBar]
    planned: Decimal
    """Where the planned result lies."""
    zero: Decimal | None
    """Where nothing is left; None where that is off the drawing."""
    height: int


def tornado(planned: Decimal, results: Sequence[tuple[Decimal, Decimal]]) -> Tornado:
    """Return the drawing of at least one pair of results that differ."""
    every = [planned, *(each for pair in results for each in pair)]
    lowest, highest = min(every), max(every)

    def across(amount: Decimal) -> Decimal:
        return half_up(LEFT + (RIGHT - LEFT) * (amount - lowest) / (highest - lowest), 1)

    bars = []
    for number, pair in enumerate(results):
        left, middle, right = across(min(*pair, planned)), across(planned), across(max(*pair, planned))
        bars.append(TornadoBar(number * ROW, (left, middle - left), (middle, right - middle)))
    zero = across(Decimal(0)) if lowest < 0 < highest else None
    return Tornado(bars, across(planned), zero, len(bars) * ROW + 4)
