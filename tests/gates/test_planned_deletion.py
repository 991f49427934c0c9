"""A deletion that can be stopped for a week: what the team, its mentors and the public see meanwhile, and what ends it."""

from datetime import timedelta

import pytest

from incubator.app import AUDIENCES, PERIODIC
from incubator.core.clock import clock_at, now
from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.correct_decision import correct_decision
from incubator.gates.merge_projects import merge_projects
from incubator.gates.planned_deletion import REVOCABLE, delete_what_is_due, keep_project, plan_deletion
from incubator.gates.submit import reopen
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.jobs.periodic import run_once
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.projects.answers import answer_of
from incubator.projects.start import start
from incubator.projects.tables import Project
from incubator.publication.publish import ask_publication, publish
from incubator.reviews.assignment.assign import assign
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, rewrite, submitted
from tests.gates.test_corrections import ADVANCE, STOP, released
from tests.mail.sent import subjects

WEEK_LATER = REVOCABLE + timedelta(days=1)


async def planned(cast: Cast) -> Browser:
    """Let the organiser delete the project on its page; return their browser."""
    office = await signed_in(cast.organiser)
    page = f"/projects/{cast.project.id}/office"
    await office.open(page)
    await office.send(f"{page}/deletion", delete_reason="Проба", typed="Тихий улей")
    return office


async def test_what_was_written_is_deleted_a_week_later_and_can_be_kept_until_then(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    slug = (await fresh_project(cast.project)).slug
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)

    office = await planned(cast)
    assert office.path == f"/projects/{cast.project.id}/office"
    assert "Проект удалится" in office.text
    assert not office.has_form(f"/projects/{cast.project.id}/office/deletion")
    project = await fresh_project(cast.project)
    assert (project.state, project.deletes_at is not None) == ("withdrawn", True)
    assert (await Browser().open(f"/showcase/{slug}")).status_code == 404
    assert "«Тихий улей»: проект скоро удалят" in await subjects(cast.captain)
    assert await subjects(cast.mentor) == ["Рецензия на «Тихий улей» больше не нужна"]
    mail = await Message.objects().where(Message.to == cast.captain.email).first()
    assert mail
    assert "Проект удалится" in mail.body
    assert "Ответ: problem" in mail.body

    captain = await signed_in(cast.captain)
    await captain.open(f"/projects/{cast.project.id}")
    assert "скажите капитану или организатору" in captain.text
    assert "Ответ: problem" in captain.text
    assert not captain.has_form(f"/projects/{cast.project.id}/office/keeping")
    with clock_at(now() + REVOCABLE):  # the last day itself
        assert await delete_what_is_due() == 0
    await office.send(f"/projects/{cast.project.id}/office/keeping")
    assert "Проект остаётся" in office.text
    with clock_at(now() + WEEK_LATER):
        assert (await run_once(PERIODIC))["delete_what_is_due"] == 0
    assert "«Тихий улей»: проект остаётся" in await subjects(cast.captain)
    await office.send(f"/projects/{cast.project.id}/reopening")
    assert (await fresh_project(cast.project)).state == "draft"

    await planned(cast)
    with clock_at(now() + WEEK_LATER):
        assert (await run_once(PERIODIC))["delete_what_is_due"] == 1
        assert await delete_what_is_due() == 0
    assert not await Project.exists().where(Project.id == cast.project.id)
    gone = await Event.objects().where(Event.happened == Happened.PROJECT_DELETED.value).first()
    assert gone
    assert '"Тихий улей"' in gone.data


async def test_a_team_that_goes_on_is_not_deleted(cast: Cast) -> None:
    await rewrite(cast, "problem", "Пчёлы гибнут")
    await rewrite(cast, "solution", "Датчик")
    at = await plan_deletion(cast.project, typed="Тихий улей", reason="Проба", by=cast.organiser)
    assert at
    assert await plan_deletion(cast.project, typed="", reason="", by=cast.organiser) == at  # pressed twice
    for person in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await keep_project(cast.project, by=person)
    other = await start("Дубликат", season=cast.season, by=cast.captain)
    with pytest.raises(Refusal, match="скоро удалят"):
        await merge_projects(other, cast.project, reason="Дубликат", by=cast.organiser)
    await reopen(await fresh_project(cast.project), by=cast.organiser)
    with clock_at(now() + WEEK_LATER):
        assert await delete_what_is_due() == 0
    kept = await answer_of(cast.project.id, "problem")
    assert kept
    assert kept.text == "Пчёлы гибнут"
    assert "«Тихий улей»: проект скоро удалят" not in await subjects(cast.captain)  # it was over before it was told


async def test_what_will_be_deleted_does_not_come_back_to_the_showcase(cast: Cast) -> None:
    """A version that was decided stays submitted; it is not offered to the public meanwhile."""
    await submitted(cast)
    await Project.update({Project.deletes_at: now() + REVOCABLE}).where(Project.id == cast.project.id)
    for person in (cast.captain, cast.organiser):
        with pytest.raises(Refusal, match="скоро удалится"):
            await ask_publication(cast.project, reason="Просили", by=person)
    await keep_project(cast.project, by=cast.organiser)
    await ask_publication(cast.project, by=cast.captain)


async def test_a_project_whose_decision_is_corrected_is_not_deleted(cast: Cast) -> None:
    await Project.update({Project.stage: "plan"}).where(Project.id == cast.project.id)
    decision = await released(cast, await submitted(cast), STOP)
    project = await fresh_project(cast.project)
    await plan_deletion(project, typed=project.title, reason="Пустой", with_reviews=True, by=cast.organiser)
    await correct_decision(decision, ADVANCE, by=cast.organiser)
    assert (await fresh_project(cast.project)).state == "graduated"
    with clock_at(now() + WEEK_LATER):
        assert await delete_what_is_due() == 0
