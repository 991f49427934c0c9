"""The rule of deadlines, without a database: to the second, in the region's time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from incubator.core.clock import end_of_day, end_of_minute
from incubator.core.formatting import deadline as formatted
from incubator.core.languages import override_locale
from incubator.http.forms import Form, until_fields
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


def test_a_minute_lasts_to_its_last_second() -> None:
    until = end_of_minute(DAY, time(18, 0))
    assert until.astimezone(UTC) == datetime(2026, 3, 15, 15, 0, 59, tzinfo=UTC)
    assert end_of_minute(DAY, time(23, 59)) == END
    with override_locale("ru"):
        assert formatted(until) == "15 марта 2026, 18:00 (МСК)"


@pytest.mark.parametrize(
    ("day", "minute", "until"),
    [
        ("2026-03-15", "", END),
        ("2026-03-15", "23:59", END),
        ("2026-03-15", "18:00", end_of_minute(DAY, time(18, 0))),
        ("2026-03-15", " 9.05 ", end_of_minute(DAY, time(9, 5))),
        ("2026-03-15", "18:00:30", end_of_minute(DAY, time(18, 0))),
        ("", "", None),
    ],
)
def test_a_day_and_a_time_are_read_from_a_form_and_shown_again(day: str, minute: str, until: datetime | None) -> None:
    form = Form({"until": day, "until-time": minute}.items())
    assert form.until("until") == until
    assert not form.errors
    again = Form(until_fields("until", until).items())
    assert again.until("until") == until


@pytest.mark.parametrize(
    ("day", "minute", "wrong"),
    [
        ("2026-03-15", "24:00", "until-time"),
        ("2026-03-15", "вечером", "until-time"),
        ("", "18:00", "until"),
        ("", "x", "until-time"),
    ],
)
def test_a_time_without_a_day_is_no_date(day: str, minute: str, wrong: str) -> None:
    form = Form({"until": day, "until-time": minute}.items())
    form.until("until")
    assert [*form.errors] == [wrong]


def test_it_is_shown_with_hour_and_zone() -> None:
    with override_locale("ru"):
        assert formatted(END.astimezone(UTC)) == "15 марта 2026, 23:59 (МСК)"
    with override_locale("en"):
        assert formatted(END.astimezone(UTC)) == "15 March 2026, 23:59 (Moscow time)"


@pytest.mark.parametrize(
    ("submit_by", "round", "own", "expected"),
    [
        (END, 1, None, Deadline(END)),
        (END - timedelta(hours=5), 1, None, Deadline(END - timedelta(hours=5))),
        (END, 2, None, None),  # the stage's date binds the first round alone
        (None, 1, None, None),
        (END, 1, OWN, OWN),
        (END, 2, OWN, OWN),
        (None, 1, OWN, OWN),
        (END, 1, EARLY, Deadline(END)),  # nobody has less time than everybody
        (END, 2, EARLY, EARLY),
    ],
)
def test_what_binds(submit_by: datetime | None, round: int, own: Deadline | None, expected: Deadline | None) -> None:
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
    assert time_to_work(END, days, at) == expected


def test_close_is_the_last_day_and_after() -> None:
    assert not Deadline(END).is_close(END - timedelta(days=1))
    assert Deadline(END).is_close(END - timedelta(hours=23))
    assert Deadline(END).is_close(END + timedelta(days=9))
