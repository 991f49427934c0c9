"""Rounding as people do it by hand: half up. Pure; every number that is shown or exported goes through here."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

#: Binary fractions are off in the seventeenth digit. What is nearer than this to a half is meant to be one.
_NOISE = Decimal("1e-9")
_LARGE = Decimal("1e12")


def half_up(value: float | Decimal, digits: int = 0) -> Decimal:
    """Return ``value`` with ``digits`` decimal places: 62.5 becomes 63, −62.5 becomes −63, and there is no −0."""
    exact = value if isinstance(value, Decimal) else _without_noise(Decimal(repr(value)))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def _without_noise(exact: Decimal) -> Decimal:
    """Large numbers have no such digits, and would not fit."""
    return exact.quantize(_NOISE, ROUND_HALF_EVEN) if abs(exact) < _LARGE else exact


def half_up_int(value: float | Decimal) -> int:
    """Return the whole number nearest to ``value``, as ``half_up``."""
    return int(half_up(value))
