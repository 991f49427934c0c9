"""Deciding at the gate: enough reviews or a recorded reason, reversible until released, released once."""

import asyncio
from typing import Any

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.decide import ReviewsMissing, decide, undo_decision
from incubator.gates.facts import blockers_of
from incubator.gates.release import release
from incubator.gates.submit import submit, take_back
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.projects.transition import StageChanged
from incubator.reviews.reviewing.remarks import address_remark, open_remarks
from incubator.reviews.tables import Decision, Remark
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, reviewed, rewrite, submitted
from tests.mail.sent import tell

REMARK = [("problem", "Сколько пасек вы спросили?")]


async def test_without_reviews_only_with_a_reason_that_is_kept(cast: Cast) -> None:
    submission = await submitted(cast)
    with pytest.raises(ReviewsMissing):
        await decide(submission, "advance", reason="Да", by=cast.organiser)
    await decide(submission, "advance", reason="Да", override="Наставник заболел", by=cast.organiser)
    event = await Event.objects().where(Event.happened == Happened.DECIDED.value).first()
    assert event
    assert "Наставник заболел" in event.data


@pytest.mark.parametrize(
    ("outcome", "reason", "remarks", "message"),
    [
        ("", "Да", [], "Выберите решение"),
        ("maybe", "Да", [], "Выберите решение"),
        ("advance", "", [], "почему решение такое"),
        ("return", "Нет", [], "хотя бы одно"),
        ("return", "Нет", [("nothing", "…")], "раздел и текст"),
        ("return", "Нет", [("problem", "")], "раздел и текст"),
    ],
)
async def test_what_a_decision_needs(
    cast: Cast, outcome: str, reason: str, remarks: list[tuple[str, str]], message: str
) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    with pytest.raises(Refusal, match=message):
        await decide(submission, outcome, reason=reason, remarks=remarks, by=cast.organiser)
    assert not await Decision.exists()


async def test_only_organisers_decide(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    for person in (cast.mentor, cast.teacher, cast.captain):
        with pytest.raises(NotAllowed):
            await decide(submission, "advance", reason="Да", by=person)


async def test_undone_before_the_release_it_leaves_nothing_behind(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    decision = await decide(submission, "return", reason="Нет", remarks=REMARK, by=cast.organiser)
    await undo_decision(decision, by=cast.organiser)
    assert not await Decision.exists()
    assert not await Remark.exists()
    await decide(submission, "advance", reason="Всё-таки да", by=cast.organiser)


async def test_two_clicks_release_once_and_mail_everybody_once(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    decision = await decide(submission, "advance", reason="Да", by=cast.organiser)
    await tell()
    await Message.delete(force=True)
    results: list[Any] = await asyncio.gather(
        *(release(decision, by=cast.organiser) for _click in range(4)), return_exceptions=True
    )
    assert [type(r) for r in results].count(StageChanged) == 3
    assert (await fresh_project(cast.project)).stage == "project"
    await tell()
    to = [m["to"] for m in await Message.select(Message.to).where(Message.subject.like("%рубеж пройден"))]
    assert sorted(to) == sorted({p.email for p in (cast.captain, cast.teammate, cast.teacher, cast.coach)})
    with pytest.raises(StageChanged):
        await undo_decision(decision, by=cast.organiser)


async def test_a_submission_that_was_taken_back_cannot_be_decided(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    await take_back(await fresh_project(cast.project), by=cast.captain)
    with pytest.raises(StageChanged):
        await decide(submission, "advance", reason="Да", by=cast.organiser)


async def test_remarks_stand_at_their_sections_and_close_the_gate_until_addressed(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission, recommendation="return")
    decision = await decide(submission, "return", reason="Почти", remarks=REMARK, by=cast.organiser)
    await release(decision, by=cast.organiser)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}")
    section = team.text.split('id="s-problem"')[1].split("</section>")[0]
    assert "Сколько пасек вы спросили?" in section
    await rewrite(cast, "problem", "Мы спросили двенадцать пасек.")
    assert await blockers_of(await fresh_project(cast.project))
    for remark in await open_remarks(cast.project.id):
        await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)
    second = await submit(await fresh_project(cast.project), by=cast.captain)
    assert (second.number, second.round) == (2, 2)


async def test_the_next_stage_begins_with_what_was_written(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    await release(await decide(submission, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}")
    assert "Ответ: problem" in team.text
    assert 'id="s-goal"' in team.page.text
