"""Assigning reviewers: the proposal from preference to mail, conflicts early and late, reminders."""

import re
from datetime import timedelta
from typing import Any

import pytest

from incubator.app import PERIODIC
from incubator.core.clock import clock_at, now, today
from incubator.jobs.periodic import run_once
from incubator.mail.tables import Message
from incubator.projects.invitations import invite_to_team
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.declared_conflicts import declare_conflict
from incubator.reviews.assignment.mentors import go_away
from incubator.reviews.assignment.reminders import due_reminder
from incubator.reviews.tables import Assignment, Conflict, Proposed
from tests.browser import signed_in
from tests.cast import Cast, send, submitted
from tests.mail.sent import subjects, tell


async def test_a_proposal_from_wish_to_mail(cast: Cast) -> None:
    submission = await submitted(cast)
    reader = await signed_in(cast.idle_mentor)
    await reader.open("/desk/bids")
    assert "Тихий улей" in reader.text
    wishes: dict[str, Any] = {f"wish-{cast.project.id}": "gladly"}
    await reader.send("/desk/bids", **wishes)
    await reader.open("/desk/offer")
    await reader.send("/desk/offer", languages=["ru", "en"], capacity="3")

    office = await signed_in(cast.organiser)
    await office.open("/organiser/proposal")
    await office.send("/organiser/proposal")
    assert "Предложено 2 назначения" in office.text
    assert "с радостью" in office.text  # why this mentor
    assert {p.mentor for p in await Proposed.objects()} > {cast.idle_mentor.id}
    assert not await Assignment.exists()
    assert not await subjects(cast.idle_mentor)

    # By hand: the keen one is refused, somebody else kept; solving again keeps both choices.
    await office.post(
        "/organiser/proposal/pairs",
        [("csrf", office.csrf()), ("submission", submission.id), ("mentor", cast.idle_mentor.id), ("state", "refused")],
    )
    await office.post(
        "/organiser/proposal/pairs",
        [("csrf", office.csrf()), ("submission", submission.id), ("mentor", cast.second_mentor.id), ("state", "kept")],
    )
    await office.send("/organiser/proposal")
    rows = {p.mentor: p.state for p in await Proposed.objects()}
    assert rows == {cast.idle_mentor.id: "refused", cast.second_mentor.id: "kept", cast.mentor.id: "solved"}

    await office.send("/organiser/proposal/application")
    assert "Назначены 2 наставника" in office.text
    assert {a.mentor for a in await Assignment.objects()} == {cast.mentor.id, cast.second_mentor.id}
    assert await subjects(cast.mentor) == ["Вас ждёт рецензия: «Тихий улей»"]
    assert "Все заявки с наставниками" not in office.text  # the refused pair is still shown
    await office.post("/organiser/proposal/application", [("csrf", office.csrf())])  # a repeated click
    assert await Assignment.count() == 2
    assert len(await subjects(cast.mentor)) == 1


async def test_who_declines_is_replaced(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    await mentor.send(f"/reviews/{assignment.id}/decline", reason="Отпуск")
    proposed = await Proposed.objects().first()
    assert proposed
    assert (proposed.submission, proposed.mentor) == (submission.id, cast.idle_mentor.id)
    office = await signed_in(cast.organiser)
    await office.open("/organiser/proposal")
    assert cast.idle_mentor.name in office.text


async def test_nothing_can_be_filled_and_the_page_says_why(cast: Cast) -> None:
    await submitted(cast)
    for mentor in (cast.mentor, cast.second_mentor, cast.idle_mentor):
        await declare_conflict(cast.project.id, mentor, is_hard=True, reason="Сосед", kind="other", by=cast.organiser)
    office = await signed_in(cast.organiser)
    await office.open("/organiser/proposal")
    await office.send("/organiser/proposal")
    assert "Не хватает 2 наставников" in office.text
    assert "С конфликтом интересов: 4" in office.text  # the coach is one
    assert "пригласить ещё одного наставника" in office.text


async def test_two_who_disagree_ask_for_a_third(cast: Cast) -> None:
    submission = await submitted(cast)
    await send(await assign(submission, cast.mentor, by=cast.organiser), submission, cast.mentor, level=3)
    assignment = await assign(submission, cast.second_mentor, by=cast.organiser)
    other = await signed_in(cast.second_mentor)
    page = f"/reviews/{assignment.id}"
    await other.open(page)
    keys = set(re.findall(r'name="(level-[a-z_]+)"', other.page.text))
    low: dict[str, Any] = {key.replace("-", "__"): "1" for key in keys}
    await other.send(page, send="1", sure="1", advice="Не верю, что это нужно.", recommendation="stop", **low)
    assert other.path == "/desk"
    proposed = await Proposed.objects().first()
    assert proposed
    assert proposed.mentor == cast.idle_mentor.id
    office = await signed_in(cast.organiser)
    await office.open("/organiser")
    assert "Нужна ещё одна рецензия" in office.text
    await office.open("/organiser/proposal")
    assert "назначено 2 из 3" in office.text


async def test_a_conflict_that_comes_up_later_withdraws_the_assignment(cast: Cast) -> None:
    """A mentor's colleague joins the team; a school changes; the team declares a conflict."""
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    second = await assign(submission, cast.idle_mentor, by=cast.organiser)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/talk")
    await team.send(f"/projects/{cast.project.id}/conflicts", mentor_name="вера ТИХАЯ", reason="Моя тётя")
    assert "Записали" in team.text
    await team.open(f"/projects/{cast.project.id}/talk")
    await team.send(f"/projects/{cast.project.id}/conflicts", mentor_name="Кто-то Другой", reason="Моя тётя")
    assert "Такого наставника у нас нет" in team.text
    assert "Моя тётя" in team.text  # what was typed stays
    gone = await Assignment.objects().get(Assignment.id == second.id)
    assert gone
    assert gone.cancelled_at
    assert "Моя тётя" in gone.cancel_reason  # for the office
    await tell()
    told = (
        await Message.objects()
        .where(Message.to == cast.idle_mentor.email)
        .order_by(Message.id, ascending=False)
        .first()
    )
    assert told
    assert "больше не нужна" in told.subject
    assert "тётя" not in told.body  # nor does the team learn who declared it

    secret = await invite_to_team(cast.project, "coach", by=cast.organiser)
    colleague = await signed_in(cast.second_mentor)  # the same enterprise as the first mentor
    await colleague.open(f"/invitations/{secret}")
    await colleague.send(f"/invitations/{secret}")
    taken = await Assignment.objects().get(Assignment.id == first.id)
    assert taken
    assert taken.cancelled_at
    assert taken.cancel_code == "organisation"
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "снято: та же организация" in office.text


async def test_a_pinned_conflict_is_lifted_by_the_office_alone(cast: Cast) -> None:
    submission = await submitted(cast)
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    assert 'name="conflict_mentor"' not in office.text  # all mentors' names are read when somebody asks for them
    await office.open(f"{page}?conflict=1")
    await office.send(f"{page}/conflicts", conflict_mentor=cast.mentor.id, kind="family")
    assert "Заполните это поле" in office.text
    await office.send(f"{page}/conflicts", conflict_mentor=cast.mentor.id, kind="family", conflict_reason="Дядя")
    conflict = await Conflict.objects().first()
    assert conflict
    assert conflict.is_pinned
    assert conflict.is_hard
    await office.send(f"{page}/conflicts/{conflict.id}/lifting")
    assert "Конфликт снят" in office.text
    lifted = await Conflict.objects().get(Conflict.id == conflict.id)
    assert lifted
    assert lifted.lifted_at  # it stays on record


@pytest.mark.parametrize(("days", "expected"), [(-9, 0), (-4, 0), (-3, 1), (-1, 1), (0, 2), (2, 2), (3, 3), (30, 3)])
def test_when_a_reminder_is_due(days: int, expected: int) -> None:
    assert due_reminder(today(), today() + timedelta(days=days)) == expected


async def test_reminders_pause_for_days_away_and_reach_the_office(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    assert first.due_on
    await go_away(cast.second_mentor, first.due_on - timedelta(days=4), first.due_on + timedelta(days=1))
    for day in (-2, -2, 0, 0):
        with clock_at(now() + timedelta(days=(first.due_on - today()).days + day)):
            await run_once(PERIODIC)
    expected = ["Рецензию на «Тихий улей» ждут до", "Сегодня последний день"]
    got = [s for s in await subjects(cast.mentor) if "ждёт рецензия" not in s]
    assert len(got) == 2
    assert all(real.startswith(start) for real, start in zip(got, expected, strict=True))
    assert len(await subjects(cast.second_mentor)) == 1  # the assignment itself
    with clock_at(now() + timedelta(days=(first.due_on - today()).days + 4)):
        await run_once(PERIODIC)
        office = await signed_in(cast.organiser)
        await office.open("/organiser")
        assert "Рецензии опаздывают" in office.text
    assert len(await subjects(cast.second_mentor)) == 2  # back home: only the reminder that is right today
