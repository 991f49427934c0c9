"""Rounding half up, and how numbers and percentages are shown."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.formatting import number, percent
from incubator.core.languages import override_locale
from incubator.core.rounding import half_up, half_up_int


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (62.5, 0, "63"),
        (63.5, 0, "64"),
        (0.5, 0, "1"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.125, 2, "0.13"),
        (-62.5, 0, "-63"),
        (-0.04, 1, "0.0"),
        (100 * 0.285, 1, "28.5"),
        (62.49999999999999, 0, "63"),
        (62.4999, 0, "62"),
        (Decimal("62.49999999999999"), 0, "62"),
        (7, 0, "7"),
    ],
)
def test_a_half_goes_up(value: float | Decimal, digits: int, expected: str) -> None:
    assert str(half_up(value, digits)) == expected


@given(st.decimals(-10_000, 10_000, places=3), st.integers(0, 2))
def test_decimals_written_as_floats_round_as_written(value: Decimal, digits: int) -> None:
    by_hand = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert half_up(float(value), digits) == half_up(value, digits) == by_hand


def test_the_nearest_whole_number() -> None:
    assert [half_up_int(n + 0.5) for n in range(4)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("shown", "ru", "en"),
    [
        (lambda: percent(62.5), "63\xa0%", "63%"),
        (lambda: percent(64.5), "65\xa0%", "65%"),
        (lambda: percent(62.5, 1), "62,5\xa0%", "62.5%"),
        (lambda: percent(62.25, 1), "62,3\xa0%", "62.3%"),
        (lambda: number(62.5, 0), "63", "63"),
        (lambda: number(2.5, 0), "3", "3"),
        (lambda: number(1.125, 2), "1,13", "1.13"),
        (lambda: number(-0.04, 1), "0,0", "0.0"),
        (lambda: number(1234.5), "1\xa0234,5", "1,234.5"),
        (lambda: number(0.0625), "0,063", "0.063"),
        (lambda: number(5), "5", "5"),
        (lambda: number(100), "100", "100"),
        (lambda: number(10**20), "100\xa0000\xa0000\xa0000\xa0000\xa0000\xa0000", "100,000,000,000,000,000,000"),
    ],
)
def test_what_is_shown_is_rounded_half_up(shown: object, ru: str, en: str) -> None:
    assert callable(shown)
    with override_locale("ru"):
        assert shown() == ru
    with override_locale("en"):
        assert shown() == en
