"""Dates and times read as Babel writes them, though most are not written anew."""

from datetime import date, timedelta
from random import Random

import pytest
from babel.dates import format_date, format_timedelta

from incubator.core.clock import clock_at, day_of, now
from incubator.core.formatting import ago, day, days, short_day, short_month
from incubator.core.languages import override_locale


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_how_long_ago_is_what_babel_says(locale: str) -> None:
    random = Random(1)
    at = now()
    with clock_at(at), override_locale(locale):
        for _n in range(5000):
            delta = timedelta(seconds=random.choice([1, 60, 3600, 86400, 1e6, 1e7, 1e8]) * random.uniform(-3, 3))
            assert ago(at + delta) == format_timedelta(delta, add_direction=True, locale=locale, threshold=1.2)


@pytest.mark.parametrize(("locale", "long", "short"), [("ru", "long", "short"), ("en", "d MMMM y", "d MMM y")])
def test_days_are_those_of_the_region(locale: str, long: str, short: str) -> None:
    at = now()
    with override_locale(locale):
        for n in range(500):
            moment = at + timedelta(hours=5 * n)
            assert day(moment) == day(day_of(moment)) == format_date(day_of(moment), long, locale=locale)
            assert day(moment, "short") == format_date(day_of(moment), short, locale=locale)
            assert short_day(moment) == format_date(day_of(moment), "d MMM", locale=locale)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("ru", ["20 мая", "5–20 мая", "5 мая – 2 июн.", "20 мая – 20 мая", "сент."]),
        ("en", ["20 May", "5–20 May", "5 May – 2 Jun", "20 May – 20 May", "Sep"]),
    ],
)
def test_a_span_of_days_says_its_month_once(locale: str, said: list[str]) -> None:
    early, late, june = date(2026, 5, 5), date(2026, 5, 20), date(2026, 6, 2)
    with override_locale(locale):
        spans = [days(late, late), days(early, late), days(early, june), days(late, date(2027, 5, 20))]
        assert [*spans, short_month(date(2026, 9, 1))] == said
