"""How old somebody is on a day, and what is known of it. Pure.

An age is a claim until somebody responsible knows it: a teacher for whom the programme vouches, or an organiser.
"""

from datetime import date, timedelta
from enum import StrEnum

OF_AGE = 18
#: From this age on the teenager signs beside the guardian.
SIGNS_TOO = 14
#: How long before the 18th birthday a person may consent for the time from then on, and is asked to.
ASKED_BEFORE = timedelta(days=30)
#: A date of birth outside these ages is a slip of the finger.
YOUNGEST, OLDEST = 6, 110


class AgeKnown(StrEnum):
    """What somebody responsible knows of a person's age; the date of birth, where there is one, says the rest."""

    UNKNOWN = ""
    MINOR = "minor"
    ADULT = "adult"


def birthday(born_on: date, age: int) -> date:
    """Return the day on which the person turns ``age``; who was born on 29 February does so on 1 March."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def age_on(born_on: date, day: date) -> int:
    """Return the age in whole years on ``day``."""
    years = day.year - born_on.year
    return years if birthday(born_on, years) <= day else years - 1


def comes_of_age_on(born_on: date) -> date:
    """Return the 18th birthday: from this day on the person signs for themselves."""
    return birthday(born_on, OF_AGE)


def signs_beside_guardian(born_on: date | None, day: date) -> bool:
    """Return whether on ``day`` the teenager signs beside the guardian; without a date of birth nobody can say that they need not."""
    return born_on is None or age_on(born_on, day) >= SIGNS_TOO


def last_day_as_a_minor(born_on: date) -> date:
    """Return the last day on which a guardian's consent counts."""
    return comes_of_age_on(born_on) - timedelta(days=1)


def is_near_of_age(born_on: date, day: date) -> bool:
    """Return whether a minor turns 18 so soon that what they consent to may count from that day on."""
    return comes_of_age_on(born_on) - ASKED_BEFORE <= day


def is_adult(born_on: date | None, known: str, day: date) -> bool:
    """Return whether the person is 18 on ``day``; without a date of birth, only if somebody responsible says so."""
    if born_on is not None:
        return comes_of_age_on(born_on) <= day
    return known == AgeKnown.ADULT


def is_plausible(born_on: date, day: date) -> bool:
    """Return whether somebody born on that day may have an account on ``day``."""
    return born_on <= day and YOUNGEST <= age_on(born_on, day) <= OLDEST


def may_state(born_on: date, known: str, known_born_on: date | None, day: date) -> bool:
    """Return whether the person may enter or change their own date of birth to ``born_on``.

    What somebody responsible has confirmed stays. Who is known as a minor without a date does not enter one: with it they
    would choose the day on which they come of age. An adult who was appointed may, if the date agrees.
    """
    if known == AgeKnown.UNKNOWN:
        return True
    return known == AgeKnown.ADULT and known_born_on in (None, born_on) and is_adult(born_on, known, day)
