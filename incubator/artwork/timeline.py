"""Where months and bars lie on a line of time; templates draw them. Pure.

Places are hundredths of the drawing's width, so that one drawing fits a desk and a phone and its letters keep their size.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from incubator.core.formatting import short_month
from incubator.core.rounding import half_up

#: Names of months that fit over a drawing on a desk, and on a phone.
_MOST_NAMES, _MOST_ON_A_PHONE = 12, 6
#: Months between two names.
_STEPS = (1, 2, 3, 6)
#: A bar is never shorter: a day of a year would not be seen.
_SHORTEST = Decimal(2)


@dataclass(frozen=True, slots=True)
class Tick:
    """The beginning of a month."""

    x: Decimal
    label: str
    year: str
    """Where a year begins, and at the first; else empty."""
    is_for_wide: bool
    """Too much for a phone."""


@dataclass(frozen=True, slots=True)
class Bar:
    x: Decimal
    width: Decimal

    @property
    def end(self) -> Decimal:
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Timeline:
    """Whole months, from the one of ``first`` to that of ``last``."""

    first: date
    last: date

    def bar(self, first: date, last: date) -> Bar:
        """Return where the days from ``first`` to ``last`` lie, both included."""
        x, end = self._x(first.toordinal()), self._x(last.toordinal() + 1)
        width = max(end - x, _SHORTEST)
        return Bar(min(x, 100 - width), width)

    def x(self, day: date) -> Decimal:
        """Return the middle of a day."""
        return half_up((self._x(day.toordinal()) + self._x(day.toordinal() + 1)) / 2, 2)

    def ticks(self) -> Sequence[Tick]:
        months = list(self._months())
        is_dense = len(months) > _MOST_ON_A_PHONE
        return [
            Tick(
                self._x(each.toordinal()), short_month(each),
                str(each.year) if not number or each.year != months[number - 1].year else "",
                is_for_wide=is_dense and number % 2 == 1,
            )
            for number, each in enumerate(months)
        ]  # fmt: skip

    def _x(self, ordinal: int) -> Decimal:
        start = self.first.replace(day=1).toordinal()
        end = self.last.replace(day=monthrange(self.last.year, self.last.month)[1]).toordinal() + 1
        return half_up(Decimal(100) * (ordinal - start) / (end - start), 2)

    def _months(self) -> Iterator[date]:
        """Yield the beginnings of those months that get a name."""
        first = self.first.year * 12 + self.first.month - 1
        last = self.last.year * 12 + self.last.month - 1
        years = max(1, -(-(last - first + 1) // (12 * _MOST_NAMES)))
        step = next((each for each in _STEPS if (last - first) // each < _MOST_NAMES), 12 * years)
        for month in range(first, last + 1, step):
            yield date(month // 12, month % 12 + 1, 1)
