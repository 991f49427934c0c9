"""How old somebody is on a day, and what a person may say of it themselves."""

from datetime import date

import pytest

from incubator.people.ages import (
    AgeKnown,
    age_on,
    birthday,
    comes_of_age_on,
    is_adult,
    is_plausible,
    last_day_as_a_minor,
    may_state,
)

TODAY = date(2026, 3, 1)
MINOR, ADULT = date(2010, 9, 3), date(2001, 9, 3)


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2010, 3, 1), TODAY, 16),
        (date(2010, 3, 2), TODAY, 15),
        (date(2010, 2, 28), TODAY, 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (TODAY, TODAY, 0),
    ],
)
def test_the_age_on_a_day(born_on: date, day: date, age: int) -> None:
    assert age_on(born_on, day) == age


def test_one_signs_for_oneself_from_the_eighteenth_birthday_on() -> None:
    assert comes_of_age_on(date(2008, 3, 1)) == TODAY
    assert last_day_as_a_minor(date(2008, 3, 1)) == date(2026, 2, 28)
    assert comes_of_age_on(date(2008, 2, 29)) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), -12) == date(1996, 2, 29)
    assert [is_adult(date(2008, 3, d), AgeKnown.UNKNOWN, TODAY) for d in (1, 2)] == [True, False]


@pytest.mark.parametrize(
    ("born_on", "known", "expected"),
    [
        (None, AgeKnown.UNKNOWN, False),
        (None, AgeKnown.MINOR, False),
        (None, AgeKnown.ADULT, True),
        (MINOR, AgeKnown.UNKNOWN, False),
        (ADULT, AgeKnown.UNKNOWN, True),
        (ADULT, AgeKnown.MINOR, True),
        (MINOR, AgeKnown.ADULT, False),
    ],
)
def test_the_date_of_birth_counts_more_than_what_was_known_without_it(
    born_on: date | None, known: str, expected: bool
) -> None:
    assert is_adult(born_on, known, TODAY) is expected


@pytest.mark.parametrize(
    ("new", "known", "old", "allowed"),
    [
        (ADULT, AgeKnown.UNKNOWN, None, True),
        (MINOR, AgeKnown.UNKNOWN, ADULT, True),
        (ADULT, AgeKnown.UNKNOWN, MINOR, True),
        (ADULT, AgeKnown.MINOR, None, False),
        (MINOR, AgeKnown.MINOR, None, False),
        (ADULT, AgeKnown.MINOR, MINOR, False),
        (date(2009, 1, 1), AgeKnown.MINOR, MINOR, False),
        (ADULT, AgeKnown.ADULT, None, True),
        (MINOR, AgeKnown.ADULT, None, False),
        (MINOR, AgeKnown.ADULT, ADULT, False),
    ],
)
def test_what_is_known_nobody_changes_alone(new: date, known: str, old: date | None, allowed: bool) -> None:
    assert may_state(new, known, old, TODAY) is allowed


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [
        (date(2020, 3, 1), True),
        (date(2020, 3, 2), False),
        (date(2027, 1, 1), False),
        (date(1916, 1, 1), True),
        (date(1900, 1, 1), False),
        (date(26, 1, 1), False),
    ],
)
def test_a_slip_of_the_finger_is_no_date_of_birth(born_on: date, expected: bool) -> None:
    assert is_plausible(born_on, TODAY) is expected
