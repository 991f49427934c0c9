"""Reading, discussing and deciding, over HTTP: from the check of a review to the team's reply."""

import re
from typing import Any

from incubator.gates.decide import decide, mark_of
from incubator.gates.release import release
from incubator.gates.submit import submit
from incubator.mail.tables import Message
from incubator.programme.tables import Season
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.remarks import address_remark, open_remarks
from incubator.reviews.tables import Decision, Post, Review, SectionNote
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, reviewed, rewrite, send, submitted
from tests.mail.sent import subjects, tell


async def test_a_review_is_checked_gently_and_kept(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    page = f"/reviews/{assignment.id}"
    await mentor.open(page)
    keys = sorted(set(re.findall(r'name="(level-[a-z_]+)"', mentor.page.text)))
    levels = dict.fromkeys(keys, "2") | {"level-audience": "0"}
    whole = {
        **levels,
        "advice": "Молодцы, так держать!",
        "recommendation": "advance",
        "confidence": "1",
        "note-problem": "Кто считал?",
    }
    typed: dict[str, Any] = {k.replace("-", "__"): v for k, v in whole.items()}
    await mentor.send(page, send="1", **typed)
    assert "Похвала греет" in mentor.text
    assert "Аудитория" in mentor.text
    kept = await Review.objects().first()
    assert kept
    assert kept.advice == "Молодцы, так держать!"  # the draft
    assert not kept.sent_at
    assert kept.confidence == 1
    note = await SectionNote.objects().first()
    assert note
    assert (note.key, note.text) == ("problem", "Кто считал?")
    await mentor.send(page, send="1", advice="Спросите трёх пасечников, для какой аудитории датчик важнее.")
    assert mentor.path == "/desk"
    sent = await Review.objects().first()
    assert sent
    assert sent.sent_at


async def test_reviewers_talk_after_their_own_review(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    second = await assign(submission, cast.second_mentor, by=cast.organiser)
    mentor, other = await signed_in(cast.mentor), await signed_in(cast.second_mentor)
    await mentor.open(f"/reviews/{first.id}")
    assert not mentor.has_form(f"/reviews/{first.id}/posts")
    await send(first, submission, cast.mentor, level=3)
    await send(second, submission, cast.second_mentor, level=0, recommendation="stop")
    await mentor.open(f"/reviews/{first.id}")
    await mentor.send(f"/reviews/{first.id}/posts", post="@Волков, почему ноль? <script>alert(1)</script>")
    assert "почему ноль" in mentor.text
    assert "<script>alert" not in mentor.page.text
    assert (await subjects(cast.second_mentor))[-1] == "Анна Орлова пишет вам о проекте «Тихий улей»"
    await other.open(f"/reviews/{second.id}")
    await other.send(f"/reviews/{second.id}/posts", post="Не нашёл чисел")
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    assert "мнения разошлись" in office.text
    assert "Не нашёл чисел" in office.text
    post = await Post.objects().first()
    assert post
    await office.send(f"/posts/{post.id}/removal")
    await office.open(page)
    assert "почему ноль" not in office.text
    assert "Сообщение убрано" in office.text
    removed = await Post.objects().get(Post.id == post.id)
    assert removed
    assert removed.text.startswith("@Волков")  # nothing is lost, it is only hidden


async def test_the_team_talks_with_its_coach_and_not_with_reviewers(cast: Cast) -> None:
    coach = await signed_in(cast.coach)
    talk = f"/projects/{cast.project.id}/talk"
    await coach.open(talk)
    await coach.send(talk, post="@Кузнецова, давайте созвонимся")
    assert (await subjects(cast.captain))[-1].startswith("Пётр Консультантов пишет вам")
    student = await signed_in(cast.captain)
    await student.open(talk)
    assert "созвонимся" in student.text
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    assert (await (await signed_in(cast.mentor)).open(talk)).status_code == 404


async def test_a_stop_needs_advice_and_the_team_answers_once(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    await Season.update({Season.may_answer: True}).where(Season.id == cast.season.id)
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    await office.send(f"{page}/decision", outcome="stop", reason="Здесь не заработает")
    assert "Остановка без совета обидит" in office.text
    await office.send(f"{page}/decision", outcome="stop", reason="Здесь не заработает", next_step="Посчитайте солнце")
    team = await signed_in(cast.captain)
    version = f"/projects/{cast.project.id}/submissions/1"
    await team.open(version)
    assert "Посчитайте солнце" not in team.text
    await office.open("/organiser/decisions/release")
    assert "Посчитайте солнце" in office.text
    assert "никто из наставников не советовал остановить" in office.text
    assert not [v for n, v in office.form("/organiser/decisions/release") if n == "decision"]  # not selected by default
    decision = await Decision.objects().first()
    assert decision
    await office.send("/organiser/decisions/release", decision=mark_of(decision))
    await tell()
    mail = await Message.objects().where(Message.to == cast.captain.email).order_by(Message.id, ascending=False).first()
    assert mail
    assert "Что дальше: Посчитайте солнце" in mail.body
    await team.open(version)
    await team.send(f"{version}/answer", answer="Мы согласны, но солнце уже считали")
    assert "солнце уже считали" in team.text
    await team.post(f"{version}/answer", [("csrf", team.csrf()), ("answer", "Ещё")])
    assert "Ответ может быть один" in team.text
    await office.open(page)
    assert "солнце уже считали" in office.text
    assert "Команда «Тихий улей» ответила на решение" in await subjects(cast.organiser)


async def test_deciding_on_the_page_of_the_gate(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    office, other = await signed_in(cast.organiser), await signed_in(cast.organiser)
    for browser in (office, other):
        await browser.open("/organiser/decisions?stage=idea&need=decide")
    await office.send(f"/organiser/submissions/{submission.id}/decision", outcome="advance", reason="Хорошо")
    assert office.path == "/organiser/decisions"
    await other.send(
        f"/organiser/submissions/{submission.id}/decision", outcome="stop", reason="Нет", next_step="Пусть"
    )
    assert "кто-то успел раньше" in other.text
    (decision,) = await Decision.objects()
    assert decision.outcome == "advance"
    await office.open("/organiser/decisions?need=release")
    assert "Тихий улей" in office.text
    await office.open("/organiser/decisions?need=wait&q=%00&sort=x&page=-1&stage=zzz")
    assert office.page.status_code == 200


async def test_the_second_round_shows_what_changed_and_not_yet(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission, recommendation="return")
    decision = await decide(submission, "return", reason="Почти", remarks=[("problem", "Сколько?")], by=cast.organiser)
    await release(decision, by=cast.organiser)
    team = await signed_in(cast.captain)
    await rewrite(cast, "problem", "Сорок пасек из ста")
    remark = (await open_remarks(cast.project.id))[0]
    await address_remark(await fresh_project(cast.project), remark.id, "Переписали", by=cast.captain)
    again = await submit(await fresh_project(cast.project), by=cast.captain)
    assignment = await assign(again, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk")
    assert "изменён 1 раздел с вашей прошлой рецензии" in mentor.text
    page = f"/reviews/{assignment.id}"
    await mentor.open(page)
    await mentor.send(f"{page}/remarks/{remark.id}/confirmation", not_yet="1", doubt="Откуда число?")
    await team.open(f"/projects/{cast.project.id}/submissions/1")
    assert "Откуда число?" in team.text
    await mentor.open(page)
    await mentor.send(f"{page}/remarks/{remark.id}/confirmation")
    await team.open(f"/projects/{cast.project.id}/submissions/1")
    assert "Откуда число?" not in team.text
    assert "подтверждено" in team.text
