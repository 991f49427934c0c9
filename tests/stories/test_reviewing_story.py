"""Reviewing from the proposal to the team's answer, over HTTP: each page as somebody would use it."""

import io
import re
from datetime import timedelta
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from icalendar import Calendar
from openpyxl import Workbook

from incubator.interchange.assignments import COLUMNS, rows_of
from incubator.interchange.sources import UnknownFormat
from incubator.journey.decide import decide, mark_of, release
from incubator.journey.submit import submit
from incubator.journey.upkeep import keep_up
from incubator.mail.tables import Message
from incubator.people.tables import Person
from incubator.programme.tables import Season
from incubator.projects.invitations import invite_to_team
from incubator.projects.tables import Submission
from incubator.reviews.assign import assign
from incubator.reviews.declared import declare_conflict
from incubator.reviews.mentors import go_away
from incubator.reviews.remarks import mark_addressed, open_remarks
from incubator.reviews.reminders import due_reminder
from incubator.reviews.tables import Assignment, Conflict, Decision, Post, Proposed, Review, SectionNote
from incubator.web.dates import clock_at, now, today
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, reviewed, rewrite, send, submitted


async def subjects(person: Person) -> list[str]:
    return [
        m["subject"]
        for m in await Message.select(Message.subject).where(Message.to == person.email).order_by(Message.id)
    ]


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

    # By hand: the keen one is refused, somebody else kept; solving again leaves both alone.
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
    assert "Назначено: 2" in office.text
    assert {a.mentor for a in await Assignment.objects()} == {cast.mentor.id, cast.second_mentor.id}
    assert await subjects(cast.mentor) == ["Вас ждёт рецензия: «Тихий улей»"]
    assert "Все заявки с наставниками" not in office.text  # the refused pair is still shown
    await office.post("/organiser/proposal/application", [("csrf", office.csrf())])  # a second click
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


async def test_a_conflict_that_comes_up_later_withdraws_the_assignment(cast: Cast) -> None:
    """A mentor's colleague joins the team; a school changes; the team tells."""
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
    told = (
        await Message.objects()
        .where(Message.to == cast.idle_mentor.email)
        .order_by(Message.id, ascending=False)
        .first()
    )
    assert told
    assert "больше не нужна" in told.subject
    assert "тётя" not in told.body  # nor does the team learn who told it

    secret = await invite_to_team(cast.project, "coach", by=cast.organiser)
    colleague = await signed_in(cast.second_mentor)  # the same enterprise as the first mentor
    await colleague.open(f"/invitations/{secret}")
    await colleague.send(f"/invitations/{secret}")
    taken = await Assignment.objects().get(Assignment.id == first.id)
    assert taken
    assert taken.cancelled_at
    assert "организация" in taken.cancel_reason
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "снято: та же организация" in office.text


async def test_a_pinned_conflict_is_lifted_by_the_office_alone(cast: Cast) -> None:
    submission = await submitted(cast)
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    await office.send(f"{page}/conflicts", conflict_mentor=cast.mentor.id, kind="family")
    assert "Заполните это поле" in office.text
    await office.open(page)
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
            await keep_up()
    expected = ["Рецензию на «Тихий улей» ждут до", "Сегодня последний день"]
    got = [s for s in await subjects(cast.mentor) if "ждёт рецензия" not in s]
    assert len(got) == 2
    assert all(real.startswith(start) for real, start in zip(got, expected, strict=True))
    assert len(await subjects(cast.second_mentor)) == 1  # the assignment itself
    with clock_at(now() + timedelta(days=(first.due_on - today()).days + 4)):
        await keep_up()
        office = await signed_in(cast.organiser)
        await office.open("/organiser")
        assert "Рецензии опаздывают" in office.text
    assert len(await subjects(cast.second_mentor)) == 2  # back home: the one that is right today


async def test_assignments_as_a_table(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    office = await signed_in(cast.organiser)
    table = (await office.open("/organiser/assignments/table.csv")).content.decode("utf-8-sig")
    assert table.splitlines()[0] == ",".join(COLUMNS)
    assert cast.mentor.email in table
    workbook = await office.open("/organiser/assignments/table.xlsx")
    assert workbook.content[:2] == b"PK"

    await office.open("/organiser/assignments")
    rows = [
        "submission,mentor", f"{submission.id},{cast.second_mentor.email}", f"{submission.id},{cast.mentor.email}",
        f"{submission.id},{cast.coach.email}", f"{submission.id},nobody@example.org", "77777,x@example.org",
        f"{submission.id},",
    ]  # fmt: skip
    office.page = await office.http.post(
        "/organiser/assignments/check", data={"csrf": office.csrf()},
        files={"file": ("table.csv", "\n".join(rows).encode(), "text/csv")},
    )  # fmt: skip
    assert "Новых назначений: 1. Уже есть: 1. С ошибками: 3." in office.text
    assert await Assignment.count() == 1  # nothing happened yet
    await office.send("/organiser/assignments")
    assert "Назначено: 1" in office.text
    assert await Assignment.count() == 2
    await office.open("/organiser/assignments")
    office.page = await office.http.post(
        "/organiser/assignments/check",
        data={"csrf": office.csrf()},
        files={"file": ("x.pdf", b"%PDF", "application/pdf")},
    )
    assert office.page.status_code == 422
    assert "Нужна таблица CSV или XLSX" in office.text


def _bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to fifty megabytes."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    return out.getvalue()


def _gap() -> bytes:
    """A sheet with a cell in its last line but one, and nothing between."""
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet["A1"], sheet["A1048000"] = "submission", "1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_uploaded_table_is_read_no_further_than_it_may_be_long() -> None:
    assert len(rows_of("gap.xlsx", _gap())) <= 5001
    many = b"submission,mentor\n" + b"1,a@example.org\n" * 6000
    assert len(rows_of("long.csv", many)) == 5001
    with pytest.raises(UnknownFormat):
        rows_of("wide.csv", ",".join(f"c{n}" for n in range(40_000)).encode() + b"\n1" * 4000)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv\0.csv", b"submission,mentor\n1,\n"),
        ("x\0", b""),
        ("x.xlsx", b"PK not a zip"),
        ("bomb.xlsx", _bomb()),
        ("x.csv", b"\xff\xfe\0\0,\n" * 20),
        ("x.csv", b"submission,mentor\n" + b"9" * 5000 + b",a@b.ru\n"),
    ],
)
async def test_a_table_of_anything_is_answered(cast: Cast, name: str, content: bytes) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/assignments")
    office.page = await office.http.post(
        "/organiser/assignments/check", data={"csrf": office.csrf()}, files={"file": (name, content, "text/csv")}
    )
    assert office.page.status_code in {200, 422}
    await office.post(
        "/organiser/assignments", [("csrf", office.csrf()), ("pair", "9" * 5000 + " a@b.ru"), ("pair", "x")]
    )
    assert office.page.status_code == 200


async def test_a_cell_is_never_a_formula(cast: Cast) -> None:
    submission = await submitted(cast)
    await Submission.update({Submission.title: "=HYPERLINK(1)"}).where(Submission.id == submission.id)
    office = await signed_in(cast.organiser)
    table = (await office.open("/organiser/assignments/table.csv")).content.decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in table


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
    assert (await subjects(cast.second_mentor))[-1] == "Анна Орлова пишет вам об «Тихий улей»"
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
    assert removed.text.startswith("@Волков")  # nothing is lost, it is only not shown


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


async def test_mail_is_refused_at_its_own_link_and_bundled_by_choice(cast: Cast) -> None:
    submission = await submitted(cast)
    mentor = await signed_in(cast.mentor)
    await mentor.open("/profile")
    await mentor.send("/profile/mail", assignments="daily", reminders="never")
    await assign(submission, cast.mentor, by=cast.organiser)
    held = await Message.objects().where(Message.to == cast.mentor.email).first()
    assert held
    assert held.is_bundled
    assert held.next_attempt_at is None
    with clock_at(now() + timedelta(days=1)):
        assert (await keep_up())["send_digests"] == 1
        assert (await keep_up())["send_digests"] == 0
    digest = await Message.objects().where((Message.to == cast.mentor.email) & Message.is_bundled.eq(False)).first()
    assert digest
    assert digest.subject == "Новости за день: 1"
    assert "Вас ждёт рецензия: «Тихий улей»" in digest.body
    # The other mentor's program presses the button of RFC 8058, without a session and twice.
    await assign(submission, cast.second_mentor, by=cast.organiser)
    sent = await Message.objects().where(Message.to == cast.second_mentor.email).first()
    assert sent
    nobody = Browser()
    assert "раз в день" in (await nobody.open(sent.unsubscribe)).text
    for _time in range(2):
        answer = await nobody.post(sent.unsubscribe, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    other = await signed_in(cast.second_mentor)
    await other.open("/profile")
    assert dict(other.form("/profile/mail"))["assignments"] == "daily"
    assert (await nobody.open("/mail/assignments/off/wrong")).status_code == 404


async def test_an_organiser_says_it_in_their_own_words(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    page = "/organiser/mails/assignment"
    await office.open(page)
    await office.send(page, preview="1", subject_ru="Ждём вас: {title}")
    assert "Ждём вас: Тихий улей" in office.text  # filled with an example
    await office.send(page, subject_ru="Ждём вас: {name}")
    assert "Такого поля в этом письме нет: {name}" in office.text
    await office.send(page, subject_ru="Ждём вас: {title}", body_ru="До {day}, пожалуйста")
    assert "Сохранено" in office.text
    await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    assert await subjects(cast.mentor) == ["Ждём вас: Тихий улей"]
    stale = await signed_in(cast.organiser)
    await stale.open(page)
    await office.open(page)
    await office.send(page, subject_ru="Первый")
    await stale.send(page, subject_ru="Второй")
    assert stale.page.status_code == 422
    assert "Второй" in stale.text  # what was typed stays


async def test_the_calendar_is_secret_and_revocable(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk/offer")
    await mentor.send("/desk/offer/calendar")
    found = re.search(r"/calendar/[\w-]+\.ics", mentor.text)
    assert found
    calendar = Calendar.from_ical((await Browser().open(found[0])).content)
    (event,) = calendar.walk("VEVENT")
    assert event["summary"] == "Рецензия: «Тихий улей»"
    assert event.decoded("dtstart") == assignment.due_on
    await mentor.open("/desk/offer")
    await mentor.send("/desk/offer/calendar", end="1")
    assert (await Browser().open(found[0])).status_code == 404
    assert (await Browser().open("/calendar/.ics")).status_code == 404


async def test_practice_shows_what_an_experienced_mentor_would_say(cast: Cast) -> None:
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk/practice")
    assert "«Аналогов нет» почти никогда не правда" not in mentor.text  # not before they tried
    await mentor.send("/desk/practice", level__problem="3")
    assert "Оцените все критерии" in mentor.text
    keys = set(re.findall(r'name="level-([a-z_]+)"', mentor.page.text))
    levels: dict[str, Any] = {f"level__{key}": "3" for key in keys}
    await mentor.send("/desk/practice", **levels)
    assert "«Аналогов нет» почти никогда не правда" in mentor.text
    assert mentor.text.count("совпало") == 2


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
    assert not [v for n, v in office.form("/organiser/decisions/release") if n == "decision"]  # not ticked by itself
    decision = await Decision.objects().first()
    assert decision
    await office.send("/organiser/decisions/release", decision=mark_of(decision))
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


async def test_a_scale_is_for_ones_own_eyes(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk/scale")
    assert "для сравнения нужно пять" in mentor.text
    assert cast.second_mentor.family_name not in mentor.text
    office = await signed_in(cast.organiser)
    await office.open("/organiser/calibration?stage=idea")
    assert "Тихий улей" in office.text


async def test_the_second_round_shows_what_changed_and_not_yet(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission, recommendation="return")
    decision = await decide(submission, "return", reason="Почти", remarks=[("problem", "Сколько?")], by=cast.organiser)
    await release(decision, by=cast.organiser)
    team = await signed_in(cast.captain)
    await rewrite(cast, "problem", "Сорок пасек из ста")
    remark = (await open_remarks(cast.project.id))[0]
    await mark_addressed(await fresh_project(cast.project), remark.id, is_addressed=True, by=cast.captain)
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
    assert "Мнения разошлись" in office.text
    await office.open("/organiser/proposal")
    assert "назначено 2 из 3" in office.text
