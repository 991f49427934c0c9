"""The duration of a review, estimated from its saves."""

from datetime import UTC, datetime, timedelta

import pytest

from incubator.reviews.reviewing.review_duration import minutes_spent, usual_minutes

START = datetime(2026, 3, 5, 12, tzinfo=UTC)


def saves(*minutes: float) -> list[datetime]:
    return [START + timedelta(minutes=m) for m in minutes]


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (saves(0), 5),  # reading before the first save
        (saves(0, 4, 9), 14),
        (saves(0, 4, 604), 19),  # a whole night counts as ten minutes
    ],
)
def test_pauses_are_no_work(moments: list[datetime], expected: float) -> None:
    assert minutes_spent(moments) == expected


def test_the_median_in_steps_of_five() -> None:
    assert usual_minutes([saves(0, 7), saves(0, 9, 18), saves(0, 9, 18, 27, 36)]) == 25


def test_too_few_or_written_elsewhere_tell_nothing() -> None:
    assert usual_minutes([saves(0, 9), saves(0, 9)]) is None
    assert usual_minutes([saves(0, 0)] * 9) is None
    assert usual_minutes([saves(0, 0)] * 9 + [saves(0, 9)] * 3) == 15
