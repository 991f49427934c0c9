"""Another number of days for reviews moves the dates that were given already only where the organiser wants it."""

from datetime import date, timedelta

import pytest

from incubator.app import send_digests
from incubator.core.clock import clock_at, now, today
from incubator.core.formatting import day
from incubator.db import counting
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.notifications.preferences import change_choices
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of
from incubator.projects.start import start
from incubator.projects.tables import Project, Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.reminders import remind
from incubator.reviews.assignment.season_due_dates import moved_day, reviews_under_way
from incubator.reviews.tables import Assignment, QueuedSubmission
from tests.browser import Browser, signed_in
from tests.cast import Cast, in_days, send, submitted
from tests.mail.sent import subjects, tell

MOVED = "Сроки ваших рецензий изменились"
GIVEN = date(2026, 5, 1)


async def due(assignment: Assignment) -> date:
    row = await Assignment.objects().get(Assignment.id == assignment.id)
    assert row
    return row.due_on


async def season_page(cast: Cast) -> tuple[Browser, str]:
    office = await signed_in(cast.organiser)
    page = f"/organiser/seasons/{cast.season.id}"
    await office.open(page)
    return office, page


async def another_like(first: Submission, cast: Cast) -> Submission:
    """Return a version of another team, in review, with the same texts."""
    other = await start("Второй", season=cast.season, by=cast.outsider)
    await Project.update({Project.state: "in_review"}).where(Project.id == other.id)
    submission = Submission(
        project=other.id, stage="idea", round=1, number=1, title="Второй", folded="второй", submitted_at=now(),
        submitted_by=cast.outsider.id, content=first.content,
    )  # fmt: skip
    await submission.save()
    return submission


@pytest.mark.parametrize(
    ("days", "was", "on", "moved"),
    [
        (20, 11, 5, 21),  # more days, from the day it was given
        (5, 11, 2, 6),  # fewer
        (5, 11, 8, 11),  # fewer, and all of them over: what was said stands, as it is so close
        (5, 30, 8, 11),  # … or three days are left
        (5, 11, 12, 11),  # late already, and no later than before
        (12, 11, 20, 13),  # late by less, which is true
    ],
)
def test_nobody_becomes_late_because_reviews_get_fewer_days(days: int, was: int, on: int, moved: int) -> None:
    assert moved_day(GIVEN, days, GIVEN.replace(day=was), GIVEN.replace(day=on)) == GIVEN.replace(day=moved)


async def test_days_that_were_given_stay_unless_the_organiser_moves_them(cast: Cast) -> None:
    assignment = await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    await tell()
    before = await due(assignment)
    office, page = await season_page(cast)
    await office.send(page, review_days__idea="40")
    assert (await rules_of(cast.season.id))["idea"].review_days == 40
    assert await due(assignment) == before
    assert MOVED not in await subjects(cast.mentor)
    await office.open(page)
    await office.send(page, move_due__idea="1")  # later, on second thoughts
    assert await due(assignment) == in_days(40)
    assert "Новый срок рецензий узнает 1 наставник" in office.text
    assert (await subjects(cast.mentor)).count(MOVED) == 1


async def test_each_mentor_reads_once_by_when_which_review_is_awaited(cast: Cast) -> None:
    first = await submitted(cast)
    second = await another_like(first, cast)
    for submission in (first, second):
        await assign(submission, cast.mentor, by=cast.organiser)
    sent = await assign(first, cast.second_mentor, by=cast.organiser)
    await send(sent, first, cast.second_mentor)
    office, page = await season_page(cast)
    assert "Сейчас пишут 2 рецензии" in office.text
    await office.send(page, review_days__idea="40", move_due__idea="1")
    assert "Новый срок рецензий узнает 1 наставник" in office.text
    assert (await subjects(cast.mentor)).count(MOVED) == 1
    assert MOVED not in await subjects(cast.second_mentor)
    (mail,) = await Message.objects().where((Message.to == cast.mentor.email) & (Message.subject == MOVED))
    for title in ("Тихий улей", "Второй"):
        assert f"«{title}» – до {day(in_days(40))}" in mail.body
    assert await due(sent) != in_days(40)
    desk = await signed_in(cast.mentor)
    await desk.open("/desk")
    assert day(in_days(40)) in desk.text
    entry = await QueuedSubmission.objects().get(QueuedSubmission.submission == first.id)
    assert entry
    assert entry.due_on == in_days(40)


async def test_a_mentor_without_a_confirmed_address_is_not_said_to_be_told(cast: Cast) -> None:
    assignment = await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.mentor.id)
    office, page = await season_page(cast)
    await office.send(page, review_days__idea="40", move_due__idea="1")
    assert await due(assignment) == in_days(40)
    assert "Сохранено" in office.text
    assert "Новый срок рецензий" not in office.text


async def test_the_page_of_a_season_counts_reviews_in_one_query(cast: Cast) -> None:
    submission = await submitted(cast)
    seen = []
    for mentor in (cast.mentor, cast.second_mentor, cast.idle_mentor):
        await assign(submission, mentor, by=cast.organiser)
        with counting() as queries:
            assert (await reviews_under_way(cast.season.id, ["idea", "plan"]))["plan"] == 0
        seen.append(len(queries))
    assert seen == [1, 1, 1]
    assert await reviews_under_way(cast.season.id, ["idea"]) == {"idea": 3}


async def test_other_stages_keep_their_days_and_offer_nothing_where_nobody_reviews(cast: Cast) -> None:
    assignment = await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    before = await due(assignment)
    office, page = await season_page(cast)
    assert "move_due-idea" in office.text
    assert "move_due-plan" not in office.text
    await office.send(page, review_days__project="40", review_days__idea="41")
    assert await due(assignment) == before


async def test_days_moved_twice_at_once_are_told_as_they_stand(cast: Cast) -> None:
    await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    office, page = await season_page(cast)
    for days in ("40", "50"):
        await office.open(page)
        await office.send(page, review_days__idea=days, move_due__idea="1")
    assert await Event.count().where(Event.happened == Happened.DUE_DATES_MOVED.value) == 2
    assert (await subjects(cast.mentor)).count(MOVED) == 1
    (mail,) = await Message.objects().where((Message.to == cast.mentor.email) & (Message.subject == MOVED))
    assert day(in_days(50)) in mail.body


async def test_who_likes_a_digest_better_reads_it_there_while_the_review_is_awaited(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await tell()
    await Message.delete(force=True)
    await change_choices(cast.mentor, {"assignments": "daily"})
    office, page = await season_page(cast)
    await office.send(page, review_days__idea="40", move_due__idea="1")
    await tell()
    await send(assignment, submission, cast.mentor)
    with clock_at(now() + timedelta(days=2)):
        await send_digests()
    assert not await Message.exists().where(Message.to == cast.mentor.email)


async def test_reminders_follow_the_day_that_counts_now(cast: Cast) -> None:
    assignment = await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    last = await due(assignment)
    office, page = await season_page(cast)
    with clock_at(now() + (last - today())):
        assert await remind() == 1
        await office.open(page)
        await office.send(page, review_days__idea="60", move_due__idea="1")
        assert await remind() == 0
    with clock_at(now() + timedelta(days=58)):
        assert await remind() == 1
    (reminder,) = [s for s in await subjects(cast.mentor) if s.startswith("Рецензию на")]
    assert reminder == f"Рецензию на «Тихий улей» ждут до {day(in_days(60))}".replace("\u202f", " ")
