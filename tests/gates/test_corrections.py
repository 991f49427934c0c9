"""Correcting a released decision: a new one supersedes it, the project follows, the team is told, nothing it wrote is lost."""

import asyncio
from typing import Any

import pytest

from incubator.backoffice.review_queue import Where, queued
from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.correct_decision import Correction, correct_decision
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.gates.reply import reply_to_decision
from incubator.gates.submit import leave, reopen, submit
from incubator.mail.tables import Message
from incubator.programme.tables import Season
from incubator.projects.answers import answer_of
from incubator.projects.deadlines import binding_deadline
from incubator.projects.tables import Submission
from incubator.projects.transition import StageChanged
from incubator.publication.entry import publication_of
from incubator.publication.publish import ask_publication, publish
from incubator.reviews.assignment.assign import assign
from incubator.reviews.contributions import gates_passed_by
from incubator.reviews.reviewing.remarks import address_remark, open_remarks
from incubator.reviews.reviewing.threads import answer_remark
from incubator.reviews.tables import Assignment, Decision
from tests.browser import signed_in
from tests.cast import Cast, fill_sections, fresh_project, reviewed, rewrite, submitted
from tests.mail.sent import subjects, tell

REMARKS = (("problem", "Сколько пасек вы спросили?"),)
ADVANCE = Correction("advance", "Проходит", "Ошиблись строкой")
RETURN = Correction("return", "Доработать", "Ошиблись строкой", REMARKS)
STOP = Correction("stop", "Не подходит", "Ошиблись строкой", next_step="Поговорите с педагогом")


async def released(cast: Cast, submission: Submission, to: Correction) -> Decision:
    decision = await decide(
        submission, to.outcome, reason=to.reason, remarks=to.remarks, next_step=to.next_step, override="Некому",
        by=cast.organiser,
    )  # fmt: skip
    await release(decision, by=cast.organiser)
    return decision


async def place(cast: Cast) -> tuple[str, str, int]:
    project = await fresh_project(cast.project)
    return project.stage, project.state, project.round


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (ADVANCE, RETURN, ("idea", "draft", 2)),
        (ADVANCE, STOP, ("idea", "stopped", 1)),
        (RETURN, ADVANCE, ("project", "draft", 1)),
        (RETURN, STOP, ("idea", "stopped", 1)),
        (STOP, ADVANCE, ("project", "draft", 1)),
        (STOP, RETURN, ("idea", "draft", 2)),
    ],
)
async def test_the_project_goes_where_the_new_outcome_leads(
    cast: Cast, first: Correction, second: Correction, expected: tuple[str, str, int]
) -> None:
    submission = await submitted(cast)
    decision = await released(cast, submission, first)
    new = await correct_decision(decision, second, by=cast.organiser)
    assert await place(cast) == expected
    rows = await Decision.objects().order_by(Decision.id)
    assert [(row.outcome, row.superseded_at is None) for row in rows] == [
        (first.outcome, False),
        (second.outcome, True),
    ]
    assert (new.supersedes, new.is_released) == (decision.id, True)


async def test_the_team_is_told_of_both_and_why(cast: Cast) -> None:
    submission = await submitted(cast)
    decision = await released(cast, submission, ADVANCE)
    await tell()
    await Message.delete(force=True)
    await correct_decision(decision, RETURN, by=cast.organiser)
    assert await subjects(cast.captain) == ["«Тихий улей»: решение исправлено"]
    assert await subjects(cast.teacher) == ["«Тихий улей»: решение исправлено"]
    await tell()
    mail = await Message.objects().where(Message.to == cast.captain.email).first()
    assert mail
    for words in (
        "рубеж пройден",
        "возвращено на доработку",
        "Ошиблись строкой",
        "Сколько пасек",
        "Сдать этап «Идея» можно до",
    ):
        assert words in mail.body
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/submissions/1")
    assert "Прежнее решение" in team.text
    assert "Ошиблись строкой" in team.text
    await team.open(f"/projects/{cast.project.id}")
    assert "Сколько пасек вы спросили?" in team.text
    await team.open(f"/projects/{cast.project.id}/history")
    assert "Решение исправлено" in team.text
    assert await binding_deadline(await fresh_project(cast.project))


async def test_what_was_written_for_the_next_stage_stays(cast: Cast) -> None:
    submission = await submitted(cast)
    decision = await released(cast, submission, ADVANCE)
    await rewrite(cast, "goal", "Сто пасек за год")
    back = await correct_decision(decision, RETURN, by=cast.organiser)
    goal = await answer_of(cast.project.id, "goal")
    assert goal
    assert goal.text == "Сто пасек за год"
    await correct_decision(back, ADVANCE, by=cast.organiser)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}")
    assert "Сто пасек за год" in team.text


async def test_a_submission_made_since_is_taken_off_review_and_its_mentors_are_told(cast: Cast) -> None:
    decision = await released(cast, await submitted(cast), ADVANCE)
    await fill_sections(cast)
    second = await submit(await fresh_project(cast.project), by=cast.captain)
    await assign(second, cast.mentor, by=cast.organiser)
    await correct_decision(decision, STOP, by=cast.organiser)
    assert await place(cast) == ("idea", "stopped", 1)
    row = await Submission.objects().get(Submission.id == second.id)
    assert row
    assert row.is_taken_back
    assert not await Assignment.exists().where(Assignment.open())
    assert any("больше не нужна" in subject for subject in await subjects(cast.mentor))


async def test_words_can_be_corrected_while_the_next_submission_is_in_review(cast: Cast) -> None:
    decision = await released(cast, await submitted(cast), ADVANCE)
    await fill_sections(cast)
    await submit(await fresh_project(cast.project), by=cast.captain)
    await correct_decision(decision, Correction("advance", "Молодцы", "Опечатка"), by=cast.organiser)
    assert await place(cast) == ("project", "in_review", 1)


async def test_an_outcome_below_a_later_decision_stays(cast: Cast) -> None:
    first = await released(cast, await submitted(cast), ADVANCE)
    await fill_sections(cast)
    await released(cast, await submit(await fresh_project(cast.project), by=cast.captain), RETURN)
    with pytest.raises(Refusal, match="сначала исправьте его"):
        await correct_decision(first, STOP, by=cast.organiser)
    assert await place(cast) == ("project", "draft", 2)
    await correct_decision(first, Correction("advance", "Молодцы", "Опечатка"), by=cast.organiser)
    assert [remark.text for remark in await open_remarks(cast.project.id)] == [REMARKS[0][1]]


async def test_remarks_that_stay_keep_their_marks(cast: Cast) -> None:
    decision = await released(cast, await submitted(cast), RETURN)
    [remark] = await open_remarks(cast.project.id)
    await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)
    to = Correction("return", "Доработать", "Забыли одно", (*REMARKS, ("audience", "Кто заплатит?")))
    await correct_decision(decision, to, by=cast.organiser)
    marks = [(remark.key, remark.addressed_at is not None) for remark in await open_remarks(cast.project.id)]
    assert marks == [("problem", True), ("audience", False)]


async def test_a_team_that_left_stays_away(cast: Cast) -> None:
    decision = await released(cast, await submitted(cast), ADVANCE)
    await leave(await fresh_project(cast.project), by=cast.captain)
    await correct_decision(decision, RETURN, by=cast.organiser)
    assert await place(cast) == ("idea", "withdrawn", 2)


async def test_only_the_decision_that_stands_is_evidence_and_public(cast: Cast) -> None:
    submission = await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    for stage in range(3):
        decision = await released(cast, submission, ADVANCE)
        if stage < 2:
            await fill_sections(cast)
            submission = await submit(await fresh_project(cast.project), by=cast.captain)
    assert await place(cast) == ("plan", "graduated", 1)
    assert len(await gates_passed_by(cast.captain)) == 3
    await correct_decision(decision, RETURN, by=cast.organiser)
    assert await place(cast) == ("plan", "draft", 2)
    assert len(await gates_passed_by(cast.captain)) == 2
    publication = await publication_of(cast.project.id)
    assert publication
    assert publication.graduated_at is None
    assert "graduated" not in publication.facets


async def test_two_organisers_correct_once(cast: Cast) -> None:
    decision = await released(cast, await submitted(cast), ADVANCE)
    results: list[Any] = await asyncio.gather(
        *(correct_decision(decision, to, by=cast.organiser) for to in (RETURN, STOP)), return_exceptions=True
    )
    assert [type(r) for r in results].count(StageChanged) == 1
    assert await Decision.count().where(Decision.standing()) == 1
    assert len([s for s in await subjects(cast.captain) if "исправлено" in s]) == 1


async def test_what_a_correction_refuses(cast: Cast) -> None:
    submission = await submitted(cast)
    pending = await decide(submission, "advance", reason="Да", override="Некому", by=cast.organiser)
    with pytest.raises(StageChanged):
        await correct_decision(pending, RETURN, by=cast.organiser)
    await release(pending, by=cast.organiser)
    for to, message in (
        (Correction("return", "Нет", "", REMARKS), "почему решение меняется"),
        (Correction("return", "Нет", "Ошибка"), "хотя бы одно"),
        (Correction("stop", "Нет", "Ошибка"), "что команда может сделать"),
        (Correction("advance", "", "Ошибка"), "почему решение такое"),
    ):
        with pytest.raises(Refusal, match=message):
            await correct_decision(pending, to, by=cast.organiser)
    for person in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await correct_decision(pending, RETURN, by=person)
    assert await Decision.count() == 1


async def test_an_organiser_corrects_on_a_page(cast: Cast) -> None:
    submission = await submitted(cast)
    await released(cast, submission, ADVANCE)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    path = f"/organiser/submissions/{submission.id}/correction"
    assert path in office.text
    await office.open(path)
    answer = await office.send(path, outcome="stop", reason="Не подходит")
    assert answer.status_code == 422
    assert "Не подходит" in office.text
    await office.send(path, outcome="stop", reason="Не подходит", why="Ошиблись", next_step="Поговорите")
    assert office.path == f"/organiser/submissions/{submission.id}"
    assert "Прежнее решение" in office.text
    assert await place(cast) == ("idea", "stopped", 1)


async def test_a_corrected_decision_can_be_answered_anew(cast: Cast) -> None:
    await Season.update({Season.may_answer: True}).where(Season.id == cast.season.id)
    submission = await submitted(cast)
    decision = await released(cast, submission, RETURN)
    await reply_to_decision(submission, "Мы спросили двадцать", by=cast.captain)
    with pytest.raises(Refusal, match="уже ответила"):
        await reply_to_decision(submission, "И ещё", by=cast.captain)
    await correct_decision(decision, STOP, by=cast.organiser)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/submissions/1")
    assert "Мы спросили двадцать" in team.text
    await team.send(f"/projects/{cast.project.id}/submissions/1/answer", answer="Мы не согласны")
    assert "Мы не согласны" in team.text
    assert not team.has_form(f"/projects/{cast.project.id}/submissions/1/answer")


async def test_a_correction_says_what_changed_since_the_team_was_told(cast: Cast) -> None:
    """The first correction was corrected before anybody read of it: the mail of the second tells both reasons."""
    decision = await released(cast, await submitted(cast), ADVANCE)
    await tell()
    first = await correct_decision(decision, RETURN, by=cast.organiser)
    await correct_decision(
        first, Correction("return", "Доработать цифры", "Опечатка в словах", REMARKS), by=cast.organiser
    )
    await tell()
    mails = await Message.objects().where((Message.to == cast.captain.email) & Message.subject.like("%исправлено"))
    assert len(mails) == 1
    assert "Было: рубеж пройден. Стало: возвращено на доработку." in mails[0].body
    assert mails[0].body.index("Почему: Ошиблись строкой") < mails[0].body.index("Почему: Опечатка в словах")


async def test_a_mentor_reads_what_became_of_a_submission_that_was_corrected_twice(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    decision = await released(cast, submission, ADVANCE)
    await tell()
    first = await correct_decision(decision, RETURN, by=cast.organiser)
    await correct_decision(first, Correction("return", "Доработать цифры", "Опечатка", REMARKS), by=cast.organiser)
    await tell()
    mails = await Message.objects().where((Message.to == cast.mentor.email) & Message.subject.like("%исправлено"))
    assert ["возвращено на доработку" in each.body for each in mails] == [True]


async def test_a_team_that_left_and_comes_back_has_one_version_in_review(cast: Cast) -> None:
    """A correction puts it back into the round that was decided; it goes on in the next one."""
    submission = await submitted(cast)
    decision = await released(cast, submission, RETURN)
    await leave(await fresh_project(cast.project), by=cast.captain)
    await correct_decision(decision, STOP, by=cast.organiser)
    await reopen(await fresh_project(cast.project), by=cast.organiser)
    assert await place(cast) == ("idea", "draft", 2)
    second = await submit(await fresh_project(cast.project), by=cast.captain)
    assert [(row.id, row.needs) for row in await queued(Where())] == [(second.id, "assign")]


async def test_a_return_that_was_a_stop_in_between_has_what_was_said_at_its_remarks(cast: Cast) -> None:
    decision = await released(cast, await submitted(cast), RETURN)
    [remark] = await open_remarks(cast.project.id)
    await rewrite(cast, remark.key, "Переписано заново")
    await address_remark(cast.project, remark.id, "Спросили ещё троих", by=cast.captain)
    await answer_remark(cast.project, remark.id, "А считать ли соседей?", by=cast.captain)
    stopped = await correct_decision(decision, STOP, by=cast.organiser)
    await correct_decision(stopped, RETURN, by=cast.organiser)
    [again] = await open_remarks(cast.project.id)
    assert (again.answer, again.addressed_at is not None) == ("Спросили ещё троих", True)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/answers/{again.key}")
    assert "А считать ли соседей?" in team.text
