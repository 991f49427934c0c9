"""A mentor's own tools: calendar, practice, severity."""

import re
from typing import Any

from icalendar import Calendar

from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.due_dates import calendar_of
from tests.browser import Browser, signed_in
from tests.cast import Cast, reviewed, submitted


async def empty_calendar_is_valid(cast: Cast) -> None:
    """Expect a component in it although nothing is due (RFC 5545, 3.6): programmes refuse a calendar without any."""
    calendar = Calendar.from_ical(await calendar_of(cast.second_mentor))
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]


async def test_the_calendar_is_secret_and_revocable(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk/offer")
    await mentor.send("/desk/offer/calendar")
    found = re.search(r"/calendar/[\w-]+\.ics", mentor.text)
    assert found
    await empty_calendar_is_valid(cast)
    calendar = Calendar.from_ical((await Browser().open(found[0])).content)
    (event,) = calendar.walk("VEVENT")
    assert event["summary"] == "Рецензия: «Тихий улей»"
    assert event.decoded("dtstart") == assignment.due_on
    await mentor.open("/desk/offer")
    await mentor.send("/desk/offer/calendar", end="1")
    assert (await Browser().open(found[0])).status_code == 404
    assert (await Browser().open("/calendar/.ics")).status_code == 404


async def test_practice_shows_what_an_experienced_mentor_would_say(cast: Cast) -> None:
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk/practice")
    assert "«Аналогов нет» почти никогда не правда" not in mentor.text  # not before they have tried
    await mentor.send("/desk/practice", level__problem="3")
    assert "Оцените все критерии" in mentor.text
    keys = set(re.findall(r'name="level-([a-z_]+)"', mentor.page.text))
    levels: dict[str, Any] = {f"level__{key}": "3" for key in keys}
    await mentor.send("/desk/practice", **levels)
    assert "«Аналогов нет» почти никогда не правда" in mentor.text
    assert mentor.text.count("совпало") == 2


async def test_a_scale_is_for_ones_own_eyes(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk/scale")
    assert "для сравнения нужно пять" in mentor.text
    assert cast.second_mentor.family_name not in mentor.text
    office = await signed_in(cast.organiser)
    await office.open("/organiser/calibration?stage=idea")
    assert "Тихий улей" in office.text
