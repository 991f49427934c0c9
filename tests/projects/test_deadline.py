"""The rule of deadlines, without a database: to the second, in the region's time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from incubator.core.clock import end_of_day
from incubator.core.formatting import deadline as formatted
from incubator.core.languages import override_locale
from incubator.projects.deadline import Cause, Deadline, deadline_of, time_to_work

DAY = date(2026, 3, 15)
END = end_of_day(DAY)
OWN = Deadline(END + timedelta(days=5), Cause.EXTENDED)
EARLY = Deadline(END - timedelta(days=5), Cause.ADVANCED)


def test_a_day_lasts_to_its_last_second_in_the_region() -> None:
    assert END.astimezone(UTC) == datetime(2026, 3, 15, 20, 59, 59, tzinfo=UTC)
    deadline = Deadline(END)
    assert not deadline.is_over(END)
    assert not deadline.is_over(END + timedelta(microseconds=999_999))
    assert deadline.is_over(END + timedelta(seconds=1))


def test_it_is_shown_with_hour_and_zone() -> None:
    with override_locale("ru"):
        assert formatted(END.astimezone(UTC)) == "15 марта 2026, 23:59 (МСК)"
    with override_locale("en"):
        assert formatted(END.astimezone(UTC)) == "15 March 2026, 23:59 (Moscow time)"


@pytest.mark.parametrize(
    ("submit_by", "round", "own", "expected"),
    [
        (DAY, 1, None, Deadline(END)),
        (DAY, 2, None, None),  # the stage's date binds the first round alone
        (None, 1, None, None),
        (DAY, 1, OWN, OWN),
        (DAY, 2, OWN, OWN),
        (None, 1, OWN, OWN),
        (DAY, 1, EARLY, Deadline(END)),  # nobody has less time than everybody
        (DAY, 2, EARLY, EARLY),
    ],
)
def test_what_binds(submit_by: date | None, round: int, own: Deadline | None, expected: Deadline | None) -> None:
    assert deadline_of(submit_by, round, own) == expected


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        (datetime(2026, 3, 10, 9, tzinfo=UTC), 3, END),  # everybody's date is later
        (datetime(2026, 3, 20, 9, tzinfo=UTC), 3, end_of_day(date(2026, 3, 23))),
        (datetime(2026, 3, 20, 21, 30, tzinfo=UTC), 3, end_of_day(date(2026, 3, 24))),  # past midnight in the region
    ],
)
def test_time_to_work_is_counted_in_whole_days_of_the_region(at: datetime, days: int, expected: datetime) -> None:
    assert time_to_work(DAY, days, at) == expected


def test_close_is_the_last_day_and_after() -> None:
    assert not Deadline(END).is_close(END - timedelta(days=1))
    assert Deadline(END).is_close(END - timedelta(hours=23))
    assert Deadline(END).is_close(END + timedelta(days=9))
