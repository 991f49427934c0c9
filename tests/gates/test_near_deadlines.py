"""A date that is near: told once a week before and once on the last day, to the team alone, and only while it can still hand in."""

from datetime import timedelta

import pytest

from incubator.core.clock import clock_at, end_of_day, now
from incubator.gates.extend import extend, mark_of
from incubator.gates.near_deadlines import due_reminder, remind_of_deadlines
from incubator.gates.submit import submit
from incubator.projects.deadline import Deadline
from incubator.projects.deadlines import binding_deadline
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, in_days, make_ready
from tests.notifications.test_tell import forget, told
from tests.privacy.reminders import close_gate_in

NEAR = "«Тихий улей»: сдать можно до "


@pytest.mark.parametrize(
    ("before", "due"),
    [
        (timedelta(days=8), None),
        (timedelta(days=7, seconds=1), None),
        (timedelta(days=7), 7),
        (timedelta(days=6, hours=1), 7),
        (timedelta(days=6), None),  # a date given now stands in its own mail
        (timedelta(days=1), 1),
        (timedelta(minutes=1), 1),
        (timedelta(0), None),
        (-timedelta(hours=1), None),
    ],
)
def test_a_reminder_is_due_for_a_day(before: timedelta, due: int | None) -> None:
    until = end_of_day(in_days(30))
    assert due_reminder(Deadline(until), until - before) == due
    assert due_reminder(None, until) is None


async def test_the_team_hears_once_a_week_before_and_once_on_the_last_day(cast: Cast) -> None:
    await close_gate_in(cast.project, days=30)
    deadline = await binding_deadline(await fresh_project(cast.project))
    assert deadline
    await forget()
    assert await remind_of_deadlines() == 0
    for days, mails in ((7, 1), (1, 2)):
        with clock_at(deadline.until - timedelta(days=days) + timedelta(hours=1)):
            assert await remind_of_deadlines() == 1
            assert await remind_of_deadlines() == 0
            for mate in (cast.captain, cast.teammate, cast.teacher, cast.coach):
                subjects = await told(mate)
                assert len(subjects) == mails
                assert all(subject.startswith(NEAR) for subject in subjects)
            for other in (cast.outsider, cast.mentor, cast.organiser):
                assert await told(other) == []
            browser = await signed_in(cast.captain)
            await browser.open("/notifications")
            assert "Срок близко: сдать «Тихий улей» можно до" in browser.text
    with clock_at(deadline.until + timedelta(hours=1)):
        assert await remind_of_deadlines() == 0
        browser = await signed_in(cast.captain)
        await browser.open("/notifications")
        assert "можно до" not in browser.text
        assert "Срок сдачи близко" in browser.text  # what kind of thing it was


async def test_who_has_handed_in_hears_nothing_more(cast: Cast) -> None:
    await close_gate_in(cast.project, days=7)
    await forget()
    assert await remind_of_deadlines() == 1
    await make_ready(cast)
    await submit(await fresh_project(cast.project), by=cast.captain)
    assert not any(subject.startswith(NEAR) for subject in await told(cast.captain))
    with clock_at(now() + timedelta(days=6, hours=1)):
        assert await remind_of_deadlines() == 0


async def test_a_later_date_takes_the_old_reminder_away_and_gets_its_own(cast: Cast) -> None:
    await close_gate_in(cast.project, days=7)
    await forget()
    assert await remind_of_deadlines() == 1
    project = await fresh_project(cast.project)
    read = mark_of(await binding_deadline(project))
    await extend(project, end_of_day(in_days(40)), read=read, by=cast.organiser)
    assert not any(subject.startswith(NEAR) for subject in await told(cast.captain))
    assert await remind_of_deadlines() == 0
    with clock_at(end_of_day(in_days(40)) - timedelta(hours=3)):
        assert await remind_of_deadlines() == 1
