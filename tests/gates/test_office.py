"""What an organiser does on a team's behalf: with a reason, recorded, told to the team, and never losing a word."""

from typing import Any

import pytest

from incubator.app import AUDIENCES
from incubator.core.clock import now
from incubator.core.refusals import NotAllowed, Refusal, Stale
from incubator.gates.correct_typo import correct_typo
from incubator.gates.decide import decide
from incubator.gates.delete_project import delete_project, hanging_on
from incubator.gates.merge_projects import merge_projects
from incubator.gates.release import release
from incubator.gates.submit import leave, submit
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.people.tables import Person
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.comments import comment, comments_on
from incubator.projects.document import frozen_texts
from incubator.projects.errata import TITLE
from incubator.projects.start import start
from incubator.projects.tables import Member, Project, Submission
from incubator.projects.team import team_of
from incubator.publication.entry import publication_of
from incubator.publication.publish import ask_publication, publish
from incubator.publication.versions import offered_versions, public_versions_of
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.declared_conflicts import conflicts_on, declare_conflict
from tests.browser import Browser, signed_in
from tests.cast import Cast, fill_sections, fresh_project, reviewed, rewrite, submitted
from tests.mail.sent import subjects, tell


async def graduated(cast: Cast) -> Submission:
    """Lead the project through all gates; return its last version."""
    submission = await submitted(cast)
    for stage in range(3):
        decision = await decide(submission, "advance", reason="Да", override="Некому", by=cast.organiser)
        await release(decision, by=cast.organiser)
        if stage < 2:
            await fill_sections(cast)
            submission = await submit(await fresh_project(cast.project), by=cast.captain)
    return submission


async def twin(cast: Cast, by: Person, title: str = "Тихий улей 2") -> Project:
    return await start(title, season=cast.season, by=by, pitch="Датчики для пасеки")


async def office(cast: Cast, project: Project) -> Browser:
    browser = await signed_in(cast.organiser)
    await browser.open(f"/projects/{project.id}/office")
    return browser


# --- publication and withdrawal --------------------------------------------


async def test_an_organiser_asks_for_publication_in_the_teams_name(cast: Cast) -> None:
    await submitted(cast)
    browser = await office(cast, cast.project)
    path = f"/projects/{cast.project.id}/office/publication"
    answer = await browser.send(path)
    assert answer.status_code == 422
    assert not await offered_versions(cast.project.id)
    await browser.send(path, offer_reason="Команда согласна, у капитана сломан телефон")
    assert (await offered_versions(cast.project.id))[1].is_waiting
    await tell()
    mail = await Message.objects().where(Message.to == cast.captain.email).order_by(Message.id, ascending=False).first()
    assert mail
    assert mail.subject == "«Тихий улей»: организатор предлагает показать проект"
    assert "сломан телефон" in mail.body


async def test_without_a_reason_nothing_is_done_for_a_team(cast: Cast) -> None:
    submission = await submitted(cast)
    for act in (
        lambda: ask_publication(cast.project, by=cast.organiser),
        lambda: leave(cast.project, by=cast.organiser, reason=" "),
        lambda: delete_project(cast.project, typed="Тихий улей", reason="", by=cast.organiser),
        lambda: correct_typo(submission, {TITLE: "Улей"}, reason="", version=0, by=cast.organiser),
    ):
        with pytest.raises(Refusal, match="Напишите почему"):
            await act()
    assert (await fresh_project(cast.project)).state == "in_review"


async def test_an_organiser_withdraws_a_team_and_can_bring_it_back(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    browser = await office(cast, cast.project)
    await browser.send(f"/projects/{cast.project.id}/office/withdrawal", leave_reason="Просили в школе")
    assert (await fresh_project(cast.project)).state == "withdrawn"
    assert "«Тихий улей»: команда снята с программы" in await subjects(cast.teacher)
    assert any("больше не нужна" in subject for subject in await subjects(cast.mentor))
    await browser.open(f"/projects/{cast.project.id}/history")
    assert "Просили в школе" in browser.text
    await browser.open(f"/projects/{cast.project.id}")
    await browser.send(f"/projects/{cast.project.id}/reopening")
    assert (await fresh_project(cast.project)).state == "draft"


# --- deletion ---------------------------------------------------------------


async def test_an_empty_project_is_deleted_by_typing_its_title(cast: Cast) -> None:
    project = await twin(cast, cast.captain, "Проба")
    browser = await office(cast, project)
    path = f"/projects/{project.id}/office/deletion"
    answer = await browser.send(path, delete_reason="Проба", typed="проба пера")
    assert answer.status_code == 422
    assert "Название не совпало" in browser.text
    await browser.send(path, delete_reason="Проба", typed="Проба")
    assert not await Project.exists().where(Project.id == project.id)
    assert await Person.exists().where(Person.id == cast.captain.id)
    assert "«Проба»: проект удалён" in await subjects(cast.captain)
    event = await Event.objects().where(Event.happened == Happened.PROJECT_DELETED.value).first()
    assert event
    assert '"Проба"' in event.data
    assert (await browser.open(f"/projects/{project.id}")).status_code == 404


async def test_the_team_of_a_deleted_project_gets_everything_that_it_wrote(cast: Cast) -> None:
    await rewrite(cast, "problem", "Пчёлы гибнут зимой.\n\nПочему, **не знает** никто.")
    await Person.update({Person.locale: "en"}).where(Person.id == cast.teammate.id)
    await subjects(cast.captain)
    await Message.delete(force=True)
    await delete_project(await fresh_project(cast.project), typed="Тихий улей", reason="Проба", by=cast.organiser)
    (mail,) = await Message.objects().where(Message.to == cast.captain.email)
    assert "Проба\n\nЧтобы ваши слова не пропали" in mail.body
    assert "Проблема\nПчёлы гибнут зимой.\n\nПочему, **не знает** никто." in mail.body
    assert mail.body.count("Датчики для пасеки") == 1
    (mail,) = await Message.objects().where(Message.to == cast.teammate.email)
    assert "The problem\nПчёлы гибнут зимой." in mail.body


async def test_a_judged_project_is_deleted_only_with_a_second_confirmation(cast: Cast) -> None:
    submission = await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await reviewed(cast, submission)
    await release(await decide(submission, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    hanging = await hanging_on(cast.project.id)
    assert (hanging.reviews, hanging.decisions, hanging.versions, hanging.is_public) == (2, 1, 1, True)
    words: Any = {"typed": "Тихий улей", "reason": "Проба", "by": cast.organiser}
    with pytest.raises(Refusal, match="рецензии или решения"):
        await delete_project(cast.project, **words)
    slug = (await fresh_project(cast.project)).slug
    visitor = Browser()
    assert (await visitor.open(f"/showcase/{slug}")).status_code == 200
    await delete_project(cast.project, **words, with_reviews=True)
    assert not await Submission.exists()
    assert (await visitor.open(f"/showcase/{slug}")).status_code == 404
    await visitor.open("/showcase?q=улей")
    assert "Тихий улей" not in visitor.text


async def test_only_an_organiser_outside_the_team_manages(cast: Cast) -> None:
    project = await twin(cast, cast.captain)
    for person in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await delete_project(cast.project, typed="Тихий улей", reason="Да", by=person)
        with pytest.raises(NotAllowed):
            await merge_projects(project, cast.project, reason="Да", by=person)
    await Member(project=cast.project.id, person=cast.organiser.id, role="coach", joined_at=now()).save()
    with pytest.raises(NotAllowed):
        await delete_project(cast.project, typed="Тихий улей", reason="Да", by=cast.organiser)


# --- merging ----------------------------------------------------------------


async def test_a_duplicate_is_merged_and_no_word_is_lost(cast: Cast) -> None:
    other = await twin(cast, cast.outsider)
    await rewrite(cast, "problem", "Пчёлы гибнут зимой")
    await save_answer(other, "problem", "Пчёлы гибнут весной", version=0, by=cast.outsider)
    await save_answer(other, "audience", "Пасечники", version=0, by=cast.outsider)
    await Member(project=other.id, person=cast.coach.id, role="coach", joined_at=now()).save()
    await comment(other, "audience", "А сколько их?", by=cast.coach)
    browser = await office(cast, other)
    path = f"/projects/{other.id}/office/merger"
    await browser.send(path, into=f"/projects/{cast.project.id}", merge_reason="Одна команда")
    assert "Лев Чужой" in browser.text
    assert (await fresh_project(other)).merged_into is None
    await browser.send(path)
    assert browser.path == f"/projects/{cast.project.id}"
    roles = {mate.person.id: mate.role for mate in await team_of(cast.project.id)}
    assert roles[cast.outsider.id] == "student"
    audience = await answer_of(cast.project.id, "audience")
    assert audience
    assert audience.text == "Пасечники"
    problem = await answer_of(cast.project.id, "problem")
    assert problem
    assert problem.text == "Пчёлы гибнут зимой"
    said = await comments_on(cast.project.id)
    assert any("Пчёлы гибнут весной" in row.text for row in said["problem"])
    assert any("А сколько их?" in row.text for row in said["audience"])
    assert any("два проекта стали одним" in subject for subject in await subjects(cast.outsider))


async def test_a_merged_team_has_a_captain_and_keeps_who_was_vouched_for(cast: Cast) -> None:
    empty = await twin(cast, cast.outsider)
    await Member.delete().where(Member.project == empty.id)
    await Member.update({Member.vouched_by: cast.organiser.id, Member.vouched_at: now()}).where(
        (Member.project == cast.project.id) & (Member.person == cast.coach.id)
    )
    before = {mate.person.id: (mate.role, mate.member.vouched_by) for mate in await team_of(cast.project.id)}
    await merge_projects(cast.project, empty, reason="Одна команда", by=cast.organiser)
    assert {mate.person.id: (mate.role, mate.member.vouched_by) for mate in await team_of(empty.id)} == before
    assert before[cast.coach.id] == ("coach", cast.organiser.id)
    assert before[cast.captain.id][0] == "captain"


async def test_the_address_of_a_duplicate_leads_to_the_project_that_stays(cast: Cast) -> None:
    other = await twin(cast, cast.outsider)
    await merge_projects(other, cast.project, reason="Одна команда", by=cast.organiser)
    for person in (cast.outsider, cast.captain, cast.organiser):
        browser = await signed_in(person)
        await browser.open(f"/projects/{other.id}")
        assert browser.path == f"/projects/{cast.project.id}"
    stranger = await signed_in(cast.mentor)
    assert (await stranger.open(f"/projects/{other.id}")).status_code == 404
    mine = await signed_in(cast.outsider)
    await mine.open("/projects")
    assert "Тихий улей 2" not in mine.text
    history = await signed_in(cast.organiser)
    await history.open(f"/projects/{cast.project.id}/history")
    assert history.text.count("Идея начата") == 2
    assert "Одна команда" in history.text
    await history.open("/organiser/projects")
    assert "Тихий улей 2" not in history.text


async def test_a_public_address_of_a_duplicate_redirects(cast: Cast) -> None:
    submission = await submitted(cast)
    for number in range(2):
        await ask_publication(cast.project, by=cast.captain)
        await publish(cast.project, by=cast.organiser)
        if number == 0:
            break
    other = await twin(cast, cast.outsider)
    former = (await fresh_project(cast.project)).slug
    other_slug = (await fresh_project(other)).slug
    await merge_projects(other, cast.project, reason="Одна команда", by=cast.organiser)
    visitor = Browser()
    await visitor.open(f"/showcase/{other_slug}")
    assert visitor.path == f"/showcase/{former}"
    assert submission.number == 1


async def test_what_merging_refuses(cast: Cast) -> None:
    other = await twin(cast, cast.captain)
    words: Any = {"reason": "Да", "by": cast.organiser}
    with pytest.raises(Refusal, match="один и тот же"):
        await merge_projects(other, other, **words)
    await merge_projects(other, cast.project, **words)
    with pytest.raises(Refusal, match="уже объединён"):
        await merge_projects(await fresh_project(other), cast.project, **words)
    third = await twin(cast, cast.captain, "Третий")
    with pytest.raises(Refusal, match="уже объединён"):
        await merge_projects(third, await fresh_project(other), **words)
    browser = await office(cast, third)
    answer = await browser.send(f"/projects/{third.id}/office/merger", into="нет такого", merge_reason="Да")
    assert answer.status_code == 422
    assert "Такого проекта нет" in browser.text


# --- typos ------------------------------------------------------------------


async def test_a_typo_in_a_graduated_and_public_project_is_corrected(cast: Cast) -> None:
    await rewrite(cast, "problem", "Пчолы гибнут")
    submission = await graduated(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    project = await fresh_project(cast.project)
    visitor = Browser()
    await visitor.open(f"/showcase/{project.slug}")
    assert "Пчолы" in visitor.text
    browser = await office(cast, project)
    path = f"/projects/{project.id}/office/correction"
    await browser.open(path)
    await browser.send(path, text__problem="Пчёлы гибнут", reason="Опечатка в слове")
    assert browser.path == f"/projects/{project.id}/submissions/{submission.number}"
    assert "Исправлено после сдачи" in browser.text
    await visitor.open(f"/showcase/{project.slug}")
    assert "Пчёлы гибнут" in visitor.text
    assert "Пчолы" not in visitor.text
    frozen = await Submission.objects().get(Submission.id == submission.id)
    assert frozen_texts(frozen)["problem"] == "Пчолы гибнут"
    answer = await answer_of(project.id, "problem")
    assert answer
    assert answer.text == "Пчёлы гибнут"
    assert "«Тихий улей»: организатор исправил опечатку" in await subjects(cast.captain)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{project.id}/history")
    assert "Организатор исправил опечатку" in team.text
    assert "Опечатка в слове" in team.text


async def test_a_corrected_title_moves_the_page_and_the_old_address_redirects(cast: Cast) -> None:
    submission = await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    before = (await fresh_project(cast.project)).slug
    await correct_typo(submission, {TITLE: "Громкий улей"}, reason="Опечатка", version=0, by=cast.organiser)
    project = await fresh_project(cast.project)
    assert (project.title, project.slug) == ("Громкий улей", "gromkiy-uley")
    publication = await publication_of(project.id)
    assert publication
    assert publication.title == "Громкий улей"
    office = await signed_in(cast.organiser)
    await office.open("/organiser/projects?q=громкий")
    assert f'"/projects/{project.id}"' in office.page.text
    visitor = Browser()
    await visitor.open(f"/showcase/{before}")
    assert visitor.path == f"/showcase/{project.slug}"


async def test_a_version_approved_later_is_public_as_corrected(cast: Cast) -> None:
    submission = await submitted(cast)
    await correct_typo(submission, {"problem": "Пчёлы"}, reason="Опечатка", version=0, by=cast.organiser)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    [row] = await public_versions_of(cast.project.id)
    assert '"Пчёлы"' in row.content


async def test_what_a_correction_of_a_typo_refuses(cast: Cast) -> None:
    submission = await submitted(cast)
    words: Any = {"reason": "Опечатка", "by": cast.organiser}
    with pytest.raises(Refusal, match="ничего не изменили"):
        await correct_typo(submission, {TITLE: "Тихий улей"}, version=0, **words)
    with pytest.raises(Refusal, match="не значит стереть"):
        await correct_typo(submission, {"problem": " "}, version=0, **words)
    await correct_typo(submission, {TITLE: "Улей"}, version=0, **words)
    with pytest.raises(Stale):
        await correct_typo(submission, {TITLE: "Улья"}, version=0, **words)
    for person in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await correct_typo(submission, {TITLE: "Улья"}, reason="Да", version=1, by=person)


async def test_events_of_a_deleted_project_concern_nobody(cast: Cast) -> None:
    await comment(cast.project, "problem", "А сколько их?", by=cast.teacher)
    await submitted(cast)
    await delete_project(cast.project, typed="Тихий улей", reason="Проба", by=cast.organiser)
    await tell_waiting(AUDIENCES)
    assert not await Event.exists().where(Event.told_at.is_null())


async def test_a_conflict_declared_on_both_is_kept_once(cast: Cast) -> None:
    other = await twin(cast, cast.captain)
    words: Any = {"is_hard": True, "reason": "Сосед", "kind": "other", "by": cast.organiser}
    for project_id in (cast.project.id, other.id):
        await declare_conflict(project_id, cast.mentor, **words)
    await declare_conflict(other.id, cast.second_mentor, **words)
    await merge_projects(other, cast.project, reason="Дубликат", by=cast.organiser)
    assert sorted(row.mentor.id for row in await conflicts_on(cast.project.id)) == [
        cast.mentor.id, cast.second_mentor.id,
    ]  # fmt: skip
