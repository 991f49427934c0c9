"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.typed_numbers import LARGEST, NotANumber, plain_number, typed_number

TYPED = {
    "0": "0",
    "1200": "1200",
    "1 200,50": "1200.5",
    "1 200,50 ₽": "1200.5",
    "1\N{NARROW NO-BREAK SPACE}200.5 руб.": "1200.5",
    "1.200,50": "1200.5",
    "1,200.50": "1200.5",
    "1.234.567,89": "1234567.89",
    "1,234,567": "1234567",
    "1.200": "1200",
    "1,200": "1200",
    "0.120": "0.12",
    "12 тыс.": "12000",
    "1,5 млн": "1500000",
    "1.250 тыс": "1250",
    "2т": "2000",
    "3к": "3000",
    "−5": "-5",
    "-5,5": "-5.5",
    ",5": "0.5",
    "7.": "7",
    "15 %": "15",
    "1'000": "1000",
    "100р": "100",
    "1 млрд": "1000000000",
}


@pytest.mark.parametrize(("text", "number"), TYPED.items())
def test_numbers_are_read_as_they_are_meant(text: str, number: str) -> None:
    assert typed_number(text) == Decimal(number)
    assert plain_number(typed_number(text)) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "двести", "1.2.3", "12,34,567", "1,2.3,4", "1.200,50,1", "1e5", "NaN", "inf", "٣", "--5", "5-", "10 000 000 000 001",
     "0,001", "1" * 50, ".", ",", "5 тыс млн", "½", "0x10"],
)  # fmt: skip
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(NotANumber):
        typed_number(text)


def test_three_decimal_places_are_a_fraction_where_they_are_asked_for() -> None:
    assert typed_number("1,250", places=3) == Decimal("1.25")
    assert typed_number("1.250,5", places=3) == Decimal("1250.5")
    assert typed_number("12", places=0) == 12
    with pytest.raises(NotANumber):
        typed_number("1,5", places=0)


@given(st.decimals(min_value=-LARGEST, max_value=LARGEST, places=2))
def test_what_is_stored_is_read_as_itself(number: Decimal) -> None:
    assert typed_number(plain_number(number)) == number


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    try:
        number = typed_number(text)
    except NotANumber:
        return
    assert abs(number) <= LARGEST
    assert number == round(number, 2)
