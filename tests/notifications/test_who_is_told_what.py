"""Mails about reviews and decisions: to nobody whom they could betray, not twice, not late, and nothing that is untrue."""

from datetime import timedelta

from incubator.app import AUDIENCES, send_digests
from incubator.core.clock import clock_at, now
from incubator.gates.correct_decision import Correction, correct_decision
from incubator.gates.decide import decide
from incubator.gates.delete_project import delete_project
from incubator.gates.merge_projects import merge_projects
from incubator.gates.release import release
from incubator.gates.reply import reply_to_decision
from incubator.gates.submit import leave
from incubator.mail.tables import Message
from incubator.notifications.preferences import change_choices
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import create_person
from incubator.people.grants import grant_role, take_role
from incubator.people.permissions import StaffRole
from incubator.people.tables import Person
from incubator.programme.tables import Season
from incubator.projects.comments import comment
from incubator.projects.start import start
from incubator.projects.tables import Submission
from incubator.projects.team import join, remove_member
from incubator.projects.vouching import vouch
from incubator.publication.publish import ask_publication
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.dismissal import dismiss
from incubator.reviews.assignment.reconsider import reconsider
from incubator.reviews.assignment.reminders import remind
from incubator.reviews.reviewing.review import Opinion, save_review
from incubator.reviews.tables import Assignment, Decision
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, send, submitted
from tests.db.writing_in import in_writing
from tests.mail.sent import subjects


async def forget() -> None:
    """Begin afresh: everything that happened so far is told and read."""
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)


async def bodies(person: Person) -> list[str]:
    await tell_waiting(AUDIENCES)
    rows = await Message.select(Message.body).where(Message.to == person.email).order_by(Message.id)
    return [row["body"] for row in rows]


async def digest_of(person: Person) -> str:
    """Return the digest of the next morning; empty if none came."""
    await tell_waiting(AUDIENCES)
    before = len(await subjects(person))
    with clock_at(now() + timedelta(days=1)):
        await send_digests()
    rows = await Message.select(Message.body, Message.subject).where(Message.to == person.email).order_by(Message.id)
    return next((row["body"] for row in rows if row["subject"].startswith("Новости за день")), "") if before else ""


async def released(submission: Submission, outcome: str, by: Person) -> Decision:
    decision = await decide(
        submission, outcome, reason="Так решили", next_step="Попробуйте ещё",
        remarks=[("problem", "Уточните")] if outcome == "return" else [], override="Некому", by=by,
    )  # fmt: skip
    await release(decision, by=by)
    row = await Decision.objects().get(Decision.id == decision.id)
    assert row
    return row


async def test_an_organiser_in_the_team_learns_nothing_about_its_mentors(cast: Cast) -> None:
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    await forget()
    submission = await submitted(cast)
    declined = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await decline(declined, reason="Мы соседи", is_conflict=False, by=cast.mentor)
    await dismiss(cast.second_mentor, StaffRole.MENTOR, by=cast.organiser)
    await assign(submission, cast.idle_mentor, by=cast.organiser)
    await ask_publication(await fresh_project(cast.project), by=cast.captain)
    with clock_at(now() + timedelta(days=30)):
        await remind()
        await tell_waiting(AUDIENCES)
    # A mail about somebody's role is not about the team.
    mine = "\n".join(body for body in await bodies(cast.teacher) if "Роль:" not in body)
    for name in ("Орлова", "Волков", "Тихая", "соседи", "рецензи", "наставник"):
        assert name not in mine
    others = "\n".join(await bodies(cast.organiser))
    assert all(name in others for name in ("Орлова", "Тихая"))


async def test_somebody_asked_again_finds_one_review_in_the_digest(cast: Cast) -> None:
    submission = await submitted(cast)
    await change_choices(cast.mentor, {"assignments": "daily"})
    await forget()
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await tell_waiting(AUDIENCES)
    await cancel_assignment(first, by=cast.organiser)
    await tell_waiting(AUDIENCES)
    again = await assign(submission, cast.mentor, by=cast.organiser)
    digest = await digest_of(cast.mentor)
    assert digest.count("Вас ждёт рецензия") == 1
    assert f"/reviews/{again.id}" in digest
    assert f"/reviews/{first.id}\n" not in digest
    assert "больше не нужна" not in digest


async def test_what_changes_about_a_review_never_waits_for_the_digest(cast: Cast) -> None:
    submission = await submitted(cast)
    await forget()
    for _time in range(2):
        assignment = await assign(submission, cast.mentor, by=cast.organiser)
        await tell_waiting(AUDIENCES)
        await cancel_assignment(assignment, by=cast.organiser)
        await tell_waiting(AUDIENCES)
    rows = await Message.select(Message.subject, Message.is_bundled).where(Message.to == cast.mentor.email)
    assert len(rows) == 4
    assert not any(row["is_bundled"] for row in rows)


async def test_mentors_read_why_a_submission_left_review(cast: Cast) -> None:
    submission = await submitted(cast)
    sent = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(sent, submission, cast.mentor)
    await forget()
    await leave(await fresh_project(cast.project), by=cast.captain)
    done, waiting = await bodies(cast.mentor), await bodies(cast.second_mentor)
    assert len(done) == len(waiting) == 1
    for body in (*done, *waiting):
        assert "команда ушла из программы" in body
        assert "сдаст её снова" not in body
        assert "забрала заявку" not in body
    assert "сохранена" in done[0]


async def test_mentors_of_a_withdrawn_team_are_not_told_that_it_comes_back(cast: Cast) -> None:
    submission = await submitted(cast)
    sent = await assign(submission, cast.mentor, by=cast.organiser)
    await send(sent, submission, cast.mentor)
    await forget()
    await leave(await fresh_project(cast.project), by=cast.organiser, reason="Правила")
    (body,) = await bodies(cast.mentor)
    assert "команда снята с программы" in body
    assert "сдаст её снова" not in body
    assert "Правила" not in body
    mentor, office = await signed_in(cast.mentor), await signed_in(cast.organiser)
    await mentor.open(f"/reviews/{sent.id}")
    assert "команда снята с программы" in mentor.text
    await office.open(f"/organiser/submissions/{submission.id}")
    for page in (mentor, office):
        assert "абрала эту заявку" not in page.text


async def test_a_corrected_decision_is_told_to_mentors_as_such(cast: Cast) -> None:
    submission = await submitted(cast)
    await send(await assign(submission, cast.mentor, by=cast.organiser), submission, cast.mentor)
    await change_choices(cast.mentor, {"assignments": "daily"})
    await forget()
    read = await released(submission, "advance", cast.organiser)
    await tell_waiting(AUDIENCES)
    words = await correct_decision(read, Correction("advance", "Другие слова", "Опечатка"), by=cast.organiser)
    assert await subjects(cast.mentor) == ["«Тихий улей»: решение объявлено"]
    team = (await bodies(cast.captain))[-1]
    assert "Само решение прежнее" in team
    assert "Было:" not in team
    await correct_decision(words, Correction("stop", "Нет", "Ошибка", (), "Ищите"), by=cast.organiser)
    assert (await subjects(cast.mentor))[1:] == ["«Тихий улей»: решение исправлено"]
    digest = await digest_of(cast.mentor)
    assert "решение исправлено" in digest
    assert "решение объявлено" not in digest


async def test_a_refusal_that_was_taken_back_is_over(cast: Cast) -> None:
    submission = await submitted(cast)
    await change_choices(cast.organiser, {"organising": "daily"})
    declined = await assign(submission, cast.mentor, by=cast.organiser)
    await forget()
    await decline(declined, reason="Уезжаю", is_conflict=False, by=cast.mentor)
    await tell_waiting(AUDIENCES)
    await reconsider(declined, by=cast.mentor)
    digest = await digest_of(cast.organiser)
    assert "всё-таки напишет" in digest
    assert "отказался" not in digest


async def test_whoever_is_left_out_of_a_merged_team_is_told(cast: Cast) -> None:
    other = await start("Тихий улей 2", season=cast.season, by=cast.outsider, pitch="Датчики")
    left_out = await in_writing(
        create_person("zoya@example.org", given_name="Зоя", family_name="Лишняя", is_adult=True, confirmed=True)
    )
    await in_writing(join(other.id, left_out, "teacher"))
    await vouch(other, left_out.id, by=cast.organiser)
    await forget()
    await merge_projects(other, await fresh_project(cast.project), reason="Одно и то же", by=cast.organiser)
    assert await subjects(left_out) == ["«Тихий улей 2»: вы больше не в команде"]
    assert await subjects(cast.outsider) == ["«Тихий улей»: два проекта стали одним"]


async def test_a_digest_has_the_comment_that_moved_with_a_merged_duplicate(cast: Cast) -> None:
    stays = await start("Тихий улей 2", season=cast.season, by=cast.outsider, pitch="Датчики")
    await change_choices(cast.captain, {"comments": "daily"})
    await forget()
    await comment(cast.project, "problem", "Где цифры?", by=cast.teacher)
    await tell_waiting(AUDIENCES)
    await merge_projects(await fresh_project(cast.project), stays, reason="Одно и то же", by=cast.organiser)
    digest = await digest_of(cast.captain)
    assert "пишет о разделе «Проблема»" in digest


async def test_an_answer_reaches_the_office_when_whoever_decided_left_it(cast: Cast) -> None:
    second = cast.coach
    await take_role(second, StaffRole.MENTOR, by=None)
    await remove_member(cast.project, second.id, by=cast.captain)
    await grant_role(second, StaffRole.ORGANISER, by=cast.organiser)
    submission = await submitted(cast)
    await released(submission, "return", second)
    await take_role(second, StaffRole.ORGANISER, by=cast.organiser)
    await Season.update({Season.may_answer: True}).where(Season.id == cast.season.id)
    await forget()
    await reply_to_decision(submission, "Спасибо", by=cast.captain)
    assert await subjects(second) == []
    assert await subjects(cast.organiser) == ["Команда «Тихий улей» ответила на решение"]


async def test_a_digest_leaves_out_what_its_reader_has_refused_since(cast: Cast) -> None:
    submission = await submitted(cast)
    await change_choices(cast.mentor, {"reminders": "daily"})
    await assign(submission, cast.mentor, by=cast.organiser)
    await forget()
    with clock_at(now() + timedelta(days=30)):
        await remind()
        await tell_waiting(AUDIENCES)
        await change_choices(cast.mentor, {"reminders": "never"})
        assert await digest_of(cast.mentor) == ""


async def test_a_dismissed_mentor_gets_no_link_that_leads_nowhere(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await save_review(assignment, Opinion({}, "Черновик совета", "", ""), version=0, by=cast.mentor)
    await forget()
    await dismiss(cast.mentor, StaffRole.MENTOR, by=cast.organiser)
    body = next(body for body in await bodies(cast.mentor) if "роль наставника снята" in body)
    browser = await signed_in(cast.mentor)
    if "/reviews/" in body:
        assert (await browser.open(f"/reviews/{assignment.id}")).status_code == 200


async def test_a_deletion_takes_nobody_the_mail_about_what_happened_just_before(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await forget()
    await assign(submission, cast.idle_mentor, by=cast.organiser)
    await cancel_assignment(first, by=cast.organiser)
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    await delete_project(await fresh_project(cast.project), typed="Тихий улей", reason="Проба", by=cast.organiser)
    needless = "Рецензия на «Тихий улей» больше не нужна"
    for mentor in (cast.mentor, cast.second_mentor, cast.idle_mentor):
        assert await subjects(mentor) == [needless]
    assert await subjects(cast.teammate) == ["«Тихий улей»: вы больше не в команде"]
    assert "«Тихий улей»: проект удалён" in await subjects(cast.captain)


async def test_mentors_of_a_deleted_project_are_told_once_and_without_its_names(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    await forget()
    await delete_project(await fresh_project(cast.project), typed="Тихий улей", reason="Проба", by=cast.organiser)
    assert await subjects(cast.mentor) == ["Рецензия на «Тихий улей» больше не нужна"]
    assert not await Assignment.exists().where(Assignment.submission == submission.id)
