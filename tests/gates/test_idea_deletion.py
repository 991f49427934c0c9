"""The captain deletes an idea that was never handed in: who learns of it, how it comes back, and what cannot be deleted."""

from datetime import timedelta

import pytest

from incubator.app import AUDIENCES
from incubator.core.clock import clock_at, now
from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.idea_deletion import delete_idea, restore_idea
from incubator.gates.planned_deletion import REVOCABLE, delete_what_is_due, keep_project, plan_deletion
from incubator.gates.submit import take_back
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.document import parts_of
from incubator.projects.start import start
from incubator.projects.tables import Project
from incubator.publication.news import NewsWording, write_news
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, rewrite, submitted
from tests.mail.sent import subjects

WEEK_LATER = REVOCABLE + timedelta(days=1)


async def test_an_idea_goes_after_a_week_and_comes_back_with_one_button_until_then(cast: Cast) -> None:
    await rewrite(cast, "problem", "Пчёлы гибнут")
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)
    here = f"/projects/{cast.project.id}"
    captain = await signed_in(cast.captain)
    await captain.open(here)
    await captain.send(f"{here}/idea/deletion")
    assert captain.path == here
    assert "Проект удалится" in captain.text
    project = await fresh_project(cast.project)
    assert (project.state, project.deletes_at is not None) == ("withdrawn", True)
    await tell_waiting(AUDIENCES)
    assert await subjects(cast.captain) == []
    for person in (cast.teammate, cast.teacher):
        assert await subjects(person) == ["«Тихий улей»: капитан удаляет идею"]
    mail = await Message.objects().where(Message.to == cast.teammate.email).first()
    assert mail
    assert "Пчёлы гибнут" in mail.body
    assert "капитан может её вернуть" in mail.body

    teammate = await signed_in(cast.teammate)
    await teammate.open(here)
    assert not teammate.has_form(f"{here}/idea/restoration")
    await captain.send(f"{here}/idea/restoration")
    assert "Идея снова с вами" in captain.text
    project = await fresh_project(cast.project)
    assert (project.state, project.stage, project.round) == ("draft", "idea", 1)
    assert project.deletes_at is None
    with clock_at(now() + WEEK_LATER):
        assert await delete_what_is_due() == 0
    answer = await answer_of(cast.project.id, "problem")
    assert answer
    assert answer.text == "Пчёлы гибнут"
    assert await subjects(cast.teacher) == ["«Тихий улей»: капитан удаляет идею", "«Тихий улей»: идея снова с вами"]

    await delete_idea(cast.project, by=cast.captain)
    with clock_at(now() + WEEK_LATER):
        assert await delete_what_is_due() == 1
    assert not await Project.exists().where(Project.id == cast.project.id)


async def test_what_nobody_else_has_seen_goes_at_once(cast: Cast) -> None:
    idea = await start("Проба", season=cast.season, by=cast.outsider, pitch="Попробуем")
    browser = await signed_in(cast.outsider)
    await browser.open(f"/projects/{idea.id}")
    await browser.send(f"/projects/{idea.id}/idea/deletion")
    assert browser.path == "/projects"
    assert "Идея удалена" in browser.text
    assert not await Project.exists().where(Project.id == idea.id)
    gone = await Event.objects().where(Event.happened == Happened.PROJECT_DELETED.value).first()
    assert gone
    assert gone.actor_id == cast.outsider.id


async def test_what_was_handed_in_once_stays(cast: Cast) -> None:
    await submitted(cast)
    browser = await signed_in(cast.captain)
    for _again in range(2):
        assert "/idea/deletion" not in (await browser.open(f"/projects/{cast.project.id}")).text
        with pytest.raises(Refusal, match="ещё не сдавали"):
            await delete_idea(cast.project, by=cast.captain)
        if (await fresh_project(cast.project)).state == "in_review":
            await take_back(await fresh_project(cast.project), by=cast.captain)
    assert (await fresh_project(cast.project)).deletes_at is None


async def test_what_an_organiser_deletes_the_captain_cannot_take_back(cast: Cast) -> None:
    await rewrite(cast, "problem", "Пчёлы гибнут")
    await rewrite(cast, "solution", "Датчик")
    await delete_idea(cast.project, by=cast.captain)
    await keep_project(cast.project, by=cast.organiser)
    assert (await fresh_project(cast.project)).state == "withdrawn"
    await plan_deletion(cast.project, typed="Тихий улей", reason="Проба", by=cast.organiser)
    browser = await signed_in(cast.captain)
    assert "/idea/restoration" not in (await browser.open(f"/projects/{cast.project.id}")).text
    with pytest.raises(Refusal, match="организатор"):
        await restore_idea(cast.project, by=cast.captain)


async def test_only_the_captain_may(cast: Cast) -> None:
    for person in (cast.teammate, cast.teacher, cast.coach, cast.outsider, cast.organiser):
        with pytest.raises(NotAllowed):
            await delete_idea(cast.project, by=person)
    await rewrite(cast, "problem", "Пчёлы гибнут")
    await delete_idea(cast.project, by=cast.captain)
    for person in (cast.teammate, cast.teacher, cast.outsider, cast.organiser):
        with pytest.raises(NotAllowed):
            await restore_idea(cast.project, by=person)


async def test_a_long_text_or_news_or_a_file_are_not_next_to_nothing(cast: Cast) -> None:
    for title, pitch, has_news in (("Длинная", "", False), ("С новостью", "Попробуем", True)):
        idea = await start(title, season=cast.season, by=cast.outsider, pitch=pitch)
        if has_news:
            await write_news(idea, NewsWording("Мы начали", "Собрали первый улей"), by=cast.outsider)
        else:
            await save_answer(idea, "problem", "Долго писали. " * 40, version=0, by=cast.outsider)
        assert await delete_idea(idea, by=cast.outsider)
        assert (await fresh_project(idea)).deletes_at is not None


async def test_an_organiser_who_deletes_after_the_captain_says_why_and_decides(cast: Cast) -> None:
    await rewrite(cast, "problem", "Слова " * 60)
    seen = await fresh_project(cast.project)
    at = await delete_idea(seen, by=cast.captain)
    assert await plan_deletion(seen, typed="Тихий улей", reason="В тексте оскорбления", by=cast.organiser) == at
    event = await Event.objects().where(Event.happened == Happened.DELETION_PLANNED.value).first()
    assert event
    assert "оскорбления" in event.data
    with pytest.raises(Refusal, match="организатор"):
        await restore_idea(await fresh_project(seen), by=cast.captain)


async def test_what_was_emptied_a_moment_ago_is_not_nothing(cast: Cast) -> None:
    """It can still be put back from the history."""
    for key in ("problem", "solution"):
        await rewrite(cast, key, "Два месяца работы. " * 60)
    for part in await parts_of(cast.project):
        await rewrite(cast, part.key, "")
    at = await plan_deletion(await fresh_project(cast.project), typed="Тихий улей", reason="Пустой", by=cast.organiser)
    assert at is not None
    assert (await fresh_project(cast.project)).deletes_at == at
