"""What somebody has open while an organiser corrects a decision, changes the season or merges projects: nothing is lost, nobody is stuck."""

from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import now
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.gates.correct_decision import Correction, correct_decision
from incubator.gates.facts import blockers_of
from incubator.gates.merge_projects import merge_projects
from incubator.gates.submit import leave, reopen, submit, take_back
from incubator.mail.tables import Message
from incubator.programme.changes import remove
from incubator.programme.seasons import section_at
from incubator.programme.stages import Stage
from incubator.programme.tables import Season, Section, StageRule
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.comments import comment
from incubator.projects.deadlines import binding_deadline
from incubator.projects.lifecycle import State
from incubator.projects.start import start
from incubator.projects.tables import Comment, Project
from incubator.projects.team import join
from incubator.projects.transition import put
from incubator.publication.withdrawals import remove_member
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.candidates import candidate_for
from incubator.reviews.reviewing.remarks import address_remark, open_remarks, remarks_on
from incubator.reviews.reviewing.threads import answer_remark
from incubator.reviews.tables import Answered
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, in_days, rewrite, submitted
from tests.gates.test_corrections import ADVANCE, RETURN, STOP, released
from tests.mail.sent import tell

WORDS = "Сто пасек за один год, честное слово"


async def section_of(cast: Cast, key: str) -> Section:
    found = await section_at(cast.season.id, "idea", key)
    assert found
    return found


async def duplicate_of(cast: Cast) -> Project:
    return await start("Двойник", season=cast.season, by=cast.outsider, pitch="Про пчёл")


@pytest.mark.parametrize("what", ["the decision is corrected", "the section is removed"])
async def test_what_was_typed_in_a_section_that_is_asked_no_more_is_shown(cast: Cast, what: str) -> None:
    """Sent with the whole document, as a page without scripts does."""
    team, page = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    if what == "the decision is corrected":
        decision = await released(cast, await submitted(cast), ADVANCE)
        await team.open(page)
        await correct_decision(decision, RETURN, by=cast.organiser)
        await team.send(f"{page}/answers", text__goal=WORDS, text__problem="А это есть")
    else:
        await team.open(page)
        await remove(await section_of(cast, "motivation"), by=cast.organiser)
        await team.send(f"{page}/answers", text__motivation=WORDS, text__problem="А это есть")
    assert team.page.status_code == 409
    assert WORDS in team.text
    assert "в документе больше нет" in team.text
    kept = await answer_of(cast.project.id, "problem")
    assert kept
    assert kept.text == "А это есть"


async def test_a_thread_stays_with_its_remark_when_the_decision_is_corrected(cast: Cast) -> None:
    decision = await released(cast, await submitted(cast), RETURN)
    [remark] = await open_remarks(cast.project.id)
    await answer_remark(cast.project, remark.id, "А считать ли пасеки соседей?", by=cast.captain)
    await correct_decision(
        decision, Correction("return", "Доработать, пожалуйста", "Опечатка", RETURN.remarks), by=cast.organiser
    )
    team = await signed_in(cast.captain)
    for page in ("", "/answers/problem", "/submissions/1"):
        await team.open(f"/projects/{cast.project.id}{page}")
        assert "пасеки соседей" in team.text, page


async def test_a_mentor_sees_the_remarks_although_a_version_between_was_taken_back(cast: Cast) -> None:
    await released(cast, await submitted(cast), RETURN)
    [remark] = await open_remarks(cast.project.id)
    await rewrite(cast, "problem", "Двадцать")
    await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)
    await submit(await fresh_project(cast.project), by=cast.captain)
    await take_back(await fresh_project(cast.project), by=cast.captain, is_sure=True)
    third = await submit(await fresh_project(cast.project), by=cast.captain)
    assert [each.id for each in await remarks_on(third)] == [remark.id]
    asked = await assign(third, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{asked.id}")
    confirmation = f"/reviews/{asked.id}/remarks/{remark.id}/confirmation"
    await mentor.send(confirmation, not_yet="1", doubt="слово " * 500)
    assert "Сократите на" in mentor.text
    await mentor.open(f"/reviews/{asked.id}")
    await mentor.send(confirmation)
    [remark] = await open_remarks(cast.project.id)
    assert remark.confirmed_by == cast.mentor.id


async def test_a_remark_on_a_removed_section_does_not_close_the_gate(cast: Cast) -> None:
    await released(cast, await submitted(cast), Correction("return", "Доработать", "", (("motivation", "Зачем?"),)))
    assert [each.code for each in await blockers_of(await fresh_project(cast.project))] == ["remark"]
    await remove(await section_of(cast, "motivation"), by=cast.organiser)
    assert await blockers_of(await fresh_project(cast.project)) == []
    await submit(await fresh_project(cast.project), by=cast.captain)


async def test_a_comment_stays_readable_when_its_section_goes(cast: Cast) -> None:
    await comment(cast.project, "motivation", "Важный совет про мотивацию", by=cast.teacher)
    await comment(cast.project, "", "И ко всему документу", by=cast.teacher)
    await remove(await section_of(cast, "motivation"), by=cast.organiser)
    team, page = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    await team.open(page)
    assert "Важный совет про мотивацию" in team.text
    assert "И ко всему документу" in team.text
    await team.open(f"{page}/answers/motivation")
    assert team.path == page
    assert "Этого раздела в документе больше нет" in team.text
    assert (await team.open(f"{page}/answers/nothing-of-this-kind")).status_code == 404
    for row in await Comment.objects():
        await team.open(page)
        await team.send(f"{page}/comments/{row.id}/posts", post="Спасибо, учтём")
        assert team.page.status_code == 200
        await team.open(page)
        await team.send(f"{page}/comments/{row.id}/resolution")
        assert team.page.status_code == 200
    await team.open(page)
    assert 'id="unplaced"' not in team.text


async def test_no_team_has_a_date_where_the_stage_has_none(cast: Cast) -> None:
    await StageRule.update({StageRule.submit_by: None}, force=True)
    await leave(await fresh_project(cast.project), by=cast.captain)
    office = await signed_in(cast.organiser)
    await office.open(f"/projects/{cast.project.id}")
    assert "у этапа срока нет" in office.text
    await reopen(await fresh_project(cast.project), by=cast.organiser)
    assert await binding_deadline(await fresh_project(cast.project)) is None
    await tell()
    mails = await Message.select(Message.body).where(Message.to == cast.captain.email)
    assert any("Срока нет: сдать можно, когда будете готовы." in mail["body"] for mail in mails)
    await released(cast, await submitted(cast), ADVANCE)
    assert await binding_deadline(await fresh_project(cast.project)) is None


async def test_a_corrected_return_gives_the_days_that_it_names(cast: Cast) -> None:
    await StageRule.update({StageRule.submit_by: in_days(20)}, force=True)
    decision = await released(cast, await submitted(cast), RETURN)
    office, page = await signed_in(cast.organiser), f"/organiser/submissions/{decision.submission}/correction"
    await office.open(page)
    await office.send(page, why="Дали мало времени", revise_days="60")
    own = await binding_deadline(await fresh_project(cast.project))
    assert own
    assert own.until > now() + timedelta(days=59)


async def test_the_one_reply_goes_to_the_decision_that_was_read(cast: Cast) -> None:
    await Season.update({Season.may_answer: True}, force=True)
    decision = await released(cast, await submitted(cast), STOP)
    team, page = await signed_in(cast.captain), f"/projects/{cast.project.id}/submissions/1"
    await team.open(page)
    await correct_decision(decision, ADVANCE, by=cast.organiser)
    words = "Мы не согласны, что проект остановлен: мы всё переделаем"
    await team.send(f"{page}/answer", answer=words)
    assert words in team.text
    assert not await Answered.exists()
    await team.open(page)
    await team.send(f"{page}/answer", answer="Спасибо, что перечитали")
    assert await Answered.count() == 1


async def test_a_text_that_a_merge_brought_is_another_than_the_one_that_was_open(cast: Cast) -> None:
    """Both have had two versions of the section; the one that stays is empty now."""
    other, project = await duplicate_of(cast), await fresh_project(cast.project)
    await save_answer(other, "problem", "Первые слова двойника", version=0, by=cast.outsider)
    await save_answer(other, "problem", "Дорогие слова двойника", version=1, by=cast.outsider)
    await save_answer(project, "problem", "Что-то", version=0, by=cast.captain)
    await save_answer(project, "problem", "", version=1, by=cast.captain)
    team, page = await signed_in(cast.captain), f"/projects/{project.id}/answers/problem"
    await team.open(page)
    await merge_projects(other, project, reason="Дубликат", by=cast.organiser)
    await team.send(page, text="Мой новый текст")
    assert team.page.status_code == 409
    assert "Дорогие слова двойника" in team.text


async def test_who_coached_the_duplicate_does_not_review_the_project_that_stays(cast: Cast) -> None:
    other = await duplicate_of(cast)
    async with writing():
        await join(other.id, cast.idle_mentor, "coach")
    await merge_projects(other, await fresh_project(cast.project), reason="Дубликат", by=cast.organiser)
    await remove_member(cast.project, cast.idle_mentor.id, by=cast.organiser)
    await remove_member(cast.project, cast.outsider.id, by=cast.organiser)
    candidate = await candidate_for(await submitted(cast), cast.idle_mentor)
    assert candidate
    assert candidate.is_barred


async def test_a_merged_duplicate_is_not_reopened(cast: Cast) -> None:
    other = await duplicate_of(cast)
    await merge_projects(other, await fresh_project(cast.project), reason="Дубликат", by=cast.organiser)
    with pytest.raises(Refusal, match="уже объединён"):
        await reopen(await fresh_project(other), by=cast.organiser)
    assert (await fresh_project(other)).state == State.WITHDRAWN


async def test_a_link_typed_by_somebody_who_was_removed_can_be_copied(cast: Cast) -> None:
    mate, talk = await signed_in(cast.teammate), f"/projects/{cast.project.id}/talk"
    await mate.open(talk)
    await remove_member(cast.project, cast.teammate.id, by=cast.organiser)
    link = "https://disk.example.org/d/ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    token = dict(mate.form(talk))["csrf"]
    await mate.send(talk, post=link)
    assert mate.page.status_code == 404
    assert link in mate.text
    assert token not in mate.text


@pytest.mark.parametrize(("key", "cell"), [("plan", "task"), ("budget", "what"), ("canvas", "problem")])
async def test_no_cell_is_cut_in_silence(cast: Cast, key: str, cell: str) -> None:
    await put(await fresh_project(cast.project), State.DRAFT, stage=Stage.PROJECT, round=1)
    team, page = await signed_in(cast.captain), f"/projects/{cast.project.id}/answers/{key}"
    await team.open(page)
    typed: dict[str, Any] = {cell: "слово " * 1500 + "КОНЕЦ"}
    await team.send(page, **typed)
    stored = await answer_of(cast.project.id, key)
    assert "КОНЕЦ" in team.text
    assert stored is None or "КОНЕЦ" in stored.text
