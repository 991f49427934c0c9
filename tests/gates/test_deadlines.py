"""Deadlines of teams: a round of one's own date, extensions, and what taking back after the date means."""

import asyncio
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from incubator.app import send_digests
from incubator.core.clock import clock_at, day_of, end_of_day, end_of_minute, now
from incubator.core.formatting import deadline as formatted
from incubator.core.refusals import NotAllowed, Refusal, Stale
from incubator.gates.correct_decision import Correction, correct_decision
from incubator.gates.decide import decide
from incubator.gates.extend import extend, mark_of
from incubator.gates.facts import GateClosed, blockers_of
from incubator.gates.merge_projects import merge_projects
from incubator.gates.release import release
from incubator.gates.submit import TooLateToReturn, leave, reopen, submit, take_back
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.notifications.preferences import change_choices
from incubator.people.tables import Person
from incubator.projects.contributions import deadlines_of
from incubator.projects.deadline import Cause
from incubator.projects.deadlines import binding_deadline, deadline_if_reopened
from incubator.projects.season_changes import change_season_of_teams
from incubator.projects.start import start
from incubator.projects.tables import Member, Project, RoundDeadline, Submission
from incubator.projects.transition import StageChanged
from incubator.reviews.reviewing.remarks import address_remark, open_remarks
from incubator.reviews.tables import Decision
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, in_days, make_ready, reviewed, submitted
from tests.mail.sent import subjects, tell

REMARK = [("problem", "Сколько пасек вы спросили?")]


async def end_of_stage(cast: Cast) -> datetime:
    found = await binding_deadline(await fresh_project(cast.project))
    assert found
    return found.until


async def returned(cast: Cast, submission: Submission, **words: Any) -> Project:
    decision = await decide(
        submission, "return", reason="Почти", remarks=REMARK, override="Некому", by=cast.organiser, **words
    )
    return await release(decision, by=cast.organiser)


async def address_remarks(cast: Cast) -> None:
    for remark in await open_remarks(cast.project.id):
        await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)


async def mails_to(cast: Cast) -> list[str]:
    await tell()
    rows = await Message.select(Message.body).where(Message.to == cast.captain.email).order_by(Message.id)
    return [row["body"] for row in rows]


async def test_the_gate_and_the_page_agree_to_the_second(cast: Cast) -> None:
    await make_ready(cast)
    end = await end_of_stage(cast)
    shown = formatted(end)
    assert shown.endswith("23:59 (МСК)")
    with clock_at(end):
        team = await signed_in(cast.captain)
        await team.open(f"/projects/{cast.project.id}")
        assert shown in team.text
        assert "Срок подачи прошёл" not in team.text
        assert await blockers_of(await fresh_project(cast.project)) == []
    with clock_at(end + timedelta(seconds=1)):
        await team.open(f"/projects/{cast.project.id}")
        assert f"Срок подачи прошёл: {shown}" in team.text
        with pytest.raises(GateClosed):
            await submit(await fresh_project(cast.project), by=cast.captain)
    with clock_at(end):
        await submit(await fresh_project(cast.project), by=cast.captain)


async def test_a_team_returned_after_the_date_has_time_of_its_own(cast: Cast) -> None:
    submission = await submitted(cast)
    late = await end_of_stage(cast) + timedelta(days=20)
    with clock_at(late):
        project = await returned(cast, submission)
        own = await binding_deadline(project)
        assert own
        assert (own.until, own.cause) == (end_of_day(day_of(late) + timedelta(days=14)), Cause.RETURNED)
        assert f"можно до {formatted(own.until)}" in (await mails_to(cast))[-1]
        team = await signed_in(cast.captain)
        await team.open(f"/projects/{cast.project.id}")
        assert formatted(own.until) in team.text
        assert "отдельный срок на доработку" in team.text
        await address_remarks(cast)
    with clock_at(own.until):
        assert (await submit(await fresh_project(cast.project), by=cast.captain)).round == 2


async def test_a_team_returned_early_keeps_everybodys_date(cast: Cast) -> None:
    submission, end = await submitted(cast), await end_of_stage(cast)
    own = await binding_deadline(await returned(cast, submission, revise_days=3))
    assert own
    assert own.until == end


async def test_the_days_count_from_the_release_not_from_the_decision(cast: Cast) -> None:
    submission = await submitted(cast)
    end = await end_of_stage(cast)
    with clock_at(end + timedelta(days=1)):
        decision = await decide(
            submission, "return", reason="Почти", remarks=REMARK, override="Некому", revise_days=7, by=cast.organiser
        )
    with clock_at(end + timedelta(days=30)):
        office = await signed_in(cast.organiser)
        await office.open("/organiser/decisions/release")
        promised = formatted(end_of_day(day_of(end) + timedelta(days=37)))
        assert promised in office.text
        await office.open(f"/organiser/submissions/{submission.id}")
        assert promised in office.text
        own = await binding_deadline(await release(decision, by=cast.organiser))
        assert own
        assert formatted(own.until) == promised


async def test_a_gate_passed_late_leaves_time_for_the_next_stage(cast: Cast) -> None:
    submission = await submitted(cast)
    late = end_of_day(cast.season.closes_on) - timedelta(days=2)
    with clock_at(late):
        decision = await decide(submission, "advance", reason="Да", override="Некому", by=cast.organiser)
        project = await release(decision, by=cast.organiser)
        own = await binding_deadline(project)
        assert own
        assert (own.until, own.cause) == (end_of_day(day_of(late) + timedelta(days=14)), Cause.ADVANCED)
        assert formatted(own.until) in (await mails_to(cast))[-1]


async def test_a_gate_passed_in_time_leaves_the_stages_date(cast: Cast) -> None:
    submission = await submitted(cast)
    decision = await decide(submission, "advance", reason="Да", override="Некому", by=cast.organiser)
    own = await binding_deadline(await release(decision, by=cast.organiser))
    assert own
    assert own.cause is Cause.STAGE
    assert not await RoundDeadline.exists()
    assert formatted(own.until) in (await mails_to(cast))[-1]


@pytest.mark.parametrize("chosen", [0, 30])
async def test_a_reopened_team_gets_a_date_and_a_mail(cast: Cast, chosen: int) -> None:
    await make_ready(cast)
    late = await end_of_stage(cast) + timedelta(days=20)
    await leave(await fresh_project(cast.project), by=cast.captain)
    with clock_at(late):
        office = await signed_in(cast.organiser)
        await office.open(f"/projects/{cast.project.id}")
        day = day_of(late) + timedelta(days=chosen or 14)
        if not chosen:
            assert formatted(end_of_day(day)) in office.text
        await office.send(f"/projects/{cast.project.id}/reopening", until=day.isoformat() if chosen else "")
        own = await binding_deadline(await fresh_project(cast.project))
        assert own
        assert own.until == end_of_day(day)
        assert formatted(own.until) in (await mails_to(cast))[-1]
        assert await submit(await fresh_project(cast.project), by=cast.captain)


async def test_a_stopped_team_that_is_reopened_gets_a_date(cast: Cast) -> None:
    submission = await submitted(cast)
    late = await end_of_stage(cast) + timedelta(days=20)
    with clock_at(late):
        words: Any = {"reason": "Нет", "next_step": "Поговорите", "override": "Некому"}
        await release(await decide(submission, "stop", by=cast.organiser, **words), by=cast.organiser)
        await reopen(await fresh_project(cast.project), by=cast.organiser)
        assert (await submit(await fresh_project(cast.project), by=cast.captain)).round == 2


async def test_a_date_that_is_over_reopens_nothing(cast: Cast) -> None:
    await leave(cast.project, by=cast.captain)
    with pytest.raises(Refusal, match="уже прошёл"):
        await reopen(await fresh_project(cast.project), by=cast.organiser, until=end_of_day(in_days(-1)))
    assert (await fresh_project(cast.project)).state == "withdrawn"


async def test_a_date_that_would_not_bind_reopens_nothing(cast: Cast) -> None:
    """Everybody has longer: the team would be told a date that is not the one, or nothing at all."""
    await leave(cast.project, by=cast.captain)
    with pytest.raises(Refusal, match="Для всех команд срок позже"):
        await reopen(await fresh_project(cast.project), by=cast.organiser, until=end_of_day(in_days(1)))
    assert (await fresh_project(cast.project)).state == "withdrawn"


async def test_a_team_that_handed_in_its_duplicate_has_time_to_hand_in_what_stays(cast: Cast) -> None:
    await submitted(cast)
    stays = await start("Двойник", season=cast.season, by=cast.outsider)
    late = await end_of_stage(cast) + timedelta(days=20)
    with clock_at(late):
        await merge_projects(await fresh_project(cast.project), stays, reason="Дубль", by=cast.organiser)
        own = await binding_deadline(await fresh_project(stays))
        assert own
        assert own.until == end_of_day(day_of(late) + timedelta(days=14))
        assert formatted(own.until) in (await mails_to(cast))[-1]


async def test_merging_keeps_the_later_date_of_both(cast: Cast) -> None:
    until = end_of_day(in_days(200))
    twins = [await start(title, season=cast.season, by=cast.outsider) for title in ("Двойник", "Тройник")]
    read = mark_of(await binding_deadline(twins[0]))
    await extend(twins[0], until, read=read, by=cast.organiser)
    for twin in twins:  # the second one has everybody's date, which takes nothing away
        await merge_projects(
            await fresh_project(twin), await fresh_project(cast.project), reason="Да", by=cast.organiser
        )
        own = await binding_deadline(await fresh_project(cast.project))
        assert own
        assert own.until == until


async def test_an_organiser_extends_one_teams_date(cast: Cast) -> None:
    await make_ready(cast)
    late = await end_of_stage(cast) + timedelta(days=1)
    with clock_at(late):
        office = await signed_in(cast.organiser)
        await office.open(f"/projects/{cast.project.id}/extension")
        until = day_of(late) + timedelta(days=5)
        await office.send(office.path, until=until.isoformat(), reason="Болел весь класс")
        assert f"до {formatted(end_of_day(until))}" in office.text
        assert (await subjects(cast.captain))[-1] == "«Тихий улей»: новый срок сдачи"
        mail = (await mails_to(cast))[-1]
        assert formatted(end_of_day(until)) in mail
        assert "Болел весь класс" in mail
        event = await Event.objects().where(Event.happened == Happened.EXTENDED.value).first()
        assert event
        assert "Болел весь класс" in event.data
        team = await signed_in(cast.captain)
        await team.open(f"/projects/{cast.project.id}")
        assert "Болел весь класс" in team.text
        await team.open(f"/projects/{cast.project.id}/history")
        assert "Срок сдачи продлён" in team.text
        assert await submit(await fresh_project(cast.project), by=cast.captain)


async def move_idea_to(cast: Cast, until: datetime | None, *, version: int = 1) -> int:
    season = cast.season
    return await change_season_of_teams(
        season, version=version, title_ru=season.title_ru, title_en=season.title_en, opens_on=season.opens_on,
        closes_on=season.closes_on, visibility=season.visibility, may_answer=False, confidence="shown", electronic_consent=False,
        stages={"idea": {"submit_by": until}}, by=cast.organiser,
    )  # fmt: skip


async def test_teams_at_a_stage_are_told_once_when_its_date_moves(cast: Cast) -> None:
    before, after = await end_of_stage(cast), end_of_minute(in_days(50), time(18, 0))
    other = await start("Другой", season=cast.season, by=cast.outsider)
    await extend(other, end_of_day(in_days(200)), read=mark_of(await binding_deadline(other)), by=cast.organiser)
    assert await move_idea_to(cast, after) == 1
    assert await move_idea_to(cast, after, version=2) == 0
    assert await end_of_stage(cast) == after
    for person in (cast.captain, cast.teammate, cast.teacher, cast.coach):
        assert (await subjects(person)).count("«Тихий улей»: срок сдачи изменился") == 1
    assert not any("изменился" in subject for subject in await subjects(cast.outsider))
    (mail,) = [mail for mail in await mails_to(cast) if "перенесли" in mail]
    assert f"Сдать этап «Идея» можно до {formatted(after)}." in mail
    assert ", 18:00 (МСК)" in mail
    assert f"Раньше срок был до {formatted(before)}." in mail
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/history")
    assert "Организатор перенёс срок этапа" in team.text
    assert f"· до {formatted(after)}" in team.text
    await team.open(f"/projects/{cast.project.id}")
    assert formatted(after) in team.text


async def test_nobody_is_said_to_be_told_who_has_no_mailbox(cast: Cast) -> None:
    """A team of which nobody has confirmed an address, and an imported one without people."""
    empty = await start("Пустая", season=cast.season, by=cast.outsider)
    await Member.delete().where(Member.project == empty.id)
    await Person.update({Person.email_confirmed_at: None}).where(Person.id != cast.organiser.id)
    assert await move_idea_to(cast, end_of_day(in_days(50))) == 0
    moved = await Event.select(Event.project_id).where(Event.happened == Happened.DATE_MOVED.value)
    assert {row["project_id"] for row in moved} == {cast.project.id, empty.id}
    await Person.update({Person.email_confirmed_at: now()}).where(Person.id == cast.teacher.id)
    assert await move_idea_to(cast, end_of_day(in_days(60)), version=2) == 1


async def test_a_date_that_moves_twice_at_once_is_told_as_it_stands(cast: Cast) -> None:
    await move_idea_to(cast, end_of_day(in_days(50)))
    await move_idea_to(cast, None, version=2)
    moved = [mail for mail in await mails_to(cast) if "перенесли" in mail]
    assert len(moved) == 1
    assert "Срока теперь нет" in moved[0]
    assert f"Раньше срок был до {formatted(end_of_day(in_days(50)))}." in moved[0]


async def test_a_moved_date_comes_with_the_digest_for_whoever_likes_that_better(cast: Cast) -> None:
    await tell()
    await Message.delete(force=True)
    await change_choices(cast.teammate, {"dates": "daily"})
    await move_idea_to(cast, end_of_day(in_days(50)))
    await tell()
    (mail,) = await Message.objects().where(Message.to == cast.teammate.email)
    assert mail.is_bundled
    with clock_at(now() + timedelta(days=1)):
        last = end_of_day(in_days(60))
        await move_idea_to(cast, last, version=2)
        await tell()
    with clock_at(now() + timedelta(days=3)):
        assert await send_digests() == 1
    (digest,) = await Message.objects().where((Message.to == cast.teammate.email) & Message.is_bundled.eq(False))
    assert digest.body.count("срок сдачи изменился") == 1  # the first one is over
    assert formatted(last) in digest.body


@pytest.mark.parametrize("round", [1, 2])
async def test_no_team_becomes_late_because_a_date_is_moved_into_the_past(cast: Cast, round: int) -> None:
    await Project.update({Project.round: round}).where(Project.id == cast.project.id)
    if round == 1:
        with pytest.raises(Refusal, match="уже прошёл"):
            await move_idea_to(cast, end_of_day(in_days(-1)))
    else:
        assert await move_idea_to(cast, end_of_day(in_days(-1))) == 0  # it binds nobody


async def test_an_hour_can_be_chosen_wherever_a_date_is(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    at_six = end_of_minute(in_days(200), time(18, 0))
    for page in (f"/projects/{cast.project.id}/extension", "/organiser/deadlines?when=all"):
        await office.open(page)
        action = page.partition("?")[0] + ("/extensions?when=all" if "organiser" in page else "")
        await office.send(action, until=in_days(200).isoformat(), until__time="18:00", all="1")
        assert await end_of_stage(cast) == at_six
        await RoundDeadline.delete(force=True)
    season = f"/organiser/seasons/{cast.season.id}"
    await office.open(season)
    await office.send(season, submit_by__idea=in_days(200), submit_by__idea__time="18:00")
    assert "Новый срок узнает 1 команда" in office.text
    assert await end_of_stage(cast) == at_six
    assert ("submit_by-idea-time", "18:00") in office.form(season)
    await leave(cast.project, by=cast.captain)
    await office.open(f"/projects/{cast.project.id}")
    await office.send(f"/projects/{cast.project.id}/reopening", until=in_days(210).isoformat(), until__time="09:30")
    assert await end_of_stage(cast) == end_of_minute(in_days(210), time(9, 30))


async def test_another_date_replaces_an_extension(cast: Cast) -> None:
    end = await end_of_stage(cast)
    first = end_of_day(in_days(200))
    assert await extend(cast.project, first, read=mark_of(await binding_deadline(cast.project)), by=cast.organiser)
    assert not await extend(cast.project, first, read="", by=cast.organiser)
    await extend(cast.project, end, read=mark_of(await binding_deadline(cast.project)), by=cast.organiser)
    assert await end_of_stage(cast) == end


async def test_two_organisers_do_not_overwrite_each_others_extension(cast: Cast) -> None:
    read = mark_of(await binding_deadline(cast.project))
    results: list[Any] = await asyncio.gather(
        *(extend(cast.project, end_of_day(in_days(200 + n)), read=read, by=cast.organiser) for n in range(2)),
        return_exceptions=True,
    )
    assert [type(r) for r in results].count(Stale) == 1
    assert await RoundDeadline.count() == 1
    assert len([s for s in await subjects(cast.captain) if "новый срок" in s]) == 1


async def test_what_an_extension_refuses(cast: Cast) -> None:
    read = mark_of(await binding_deadline(cast.project))
    with pytest.raises(Refusal, match="уже прошёл"):
        await extend(cast.project, end_of_day(in_days(-1)), read=read, by=cast.organiser)
    with pytest.raises(Refusal, match="Для всех команд срок позже"):
        await extend(cast.project, end_of_day(in_days(1)), read=read, by=cast.organiser)
    for person in (cast.captain, cast.teacher, cast.coach, cast.mentor):
        with pytest.raises(NotAllowed):
            await extend(cast.project, end_of_day(in_days(200)), read=read, by=person)
    await leave(cast.project, by=cast.captain)
    with pytest.raises(StageChanged):
        await extend(cast.project, end_of_day(in_days(200)), read=read, by=cast.organiser)
    assert not await RoundDeadline.exists()


async def test_a_date_that_is_refused_keeps_what_was_typed(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await office.open(f"/projects/{cast.project.id}/extension")
    for typed, message in (("", "Укажите дату"), ("завтра", "Укажите дату"), (in_days(-3).isoformat(), "уже прошёл")):
        answer = await office.send(office.path, until=typed, reason="Экзамены")
        assert answer.status_code == 422
        assert message in office.text
        assert "Экзамены" in office.text


async def test_taking_back_after_the_date_says_first_what_it_means(cast: Cast) -> None:
    await submitted(cast)
    end = await end_of_stage(cast)
    with clock_at(end + timedelta(days=1)):
        with pytest.raises(TooLateToReturn):
            await take_back(await fresh_project(cast.project), by=cast.captain)
        team = await signed_in(cast.captain)
        await team.open(f"/projects/{cast.project.id}")
        assert not team.has_form(f"/projects/{cast.project.id}/submission/withdrawal")
        await team.open(f"/projects/{cast.project.id}/submission/withdrawal")
        assert f"Срок прошёл: {formatted(end)}" in team.text
        assert "если организатор продлит срок" in team.text
        assert (await fresh_project(cast.project)).state == "in_review"
        await team.send(team.path)
        assert (await fresh_project(cast.project)).state == "draft"
        assert "если организатор его продлит" in team.text


async def test_well_before_the_date_the_page_does_not_warn(cast: Cast) -> None:
    await submitted(cast)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/submission/withdrawal")
    assert f"сдать снова можно до {formatted(await end_of_stage(cast))}" in team.text
    assert "совсем скоро" not in team.text


async def test_a_page_from_before_the_date_takes_nothing_back_after_it(cast: Cast) -> None:
    await submitted(cast)
    end = await end_of_stage(cast)
    with clock_at(end - timedelta(days=2)):
        team = await signed_in(cast.captain)
        await team.open(f"/projects/{cast.project.id}")
    with clock_at(end - timedelta(hours=2)):
        answer = await team.send(f"/projects/{cast.project.id}/submission/withdrawal")
        assert answer.status_code == 409
        assert "Сдать снова можно только до" in team.text
        assert (await fresh_project(cast.project)).state == "in_review"


async def test_the_calendar_and_the_list_of_projects_show_what_binds(cast: Cast) -> None:
    until = end_of_day(in_days(250))
    await extend(cast.project, until, read=mark_of(await binding_deadline(cast.project)), by=cast.organiser)
    [entry] = await deadlines_of(cast.captain)
    assert entry.on == day_of(until)
    assert formatted(until) in entry.note
    team = await signed_in(cast.captain)
    await team.open("/projects")
    assert formatted(until) in team.text


async def test_several_teams_get_one_later_date(cast: Cast) -> None:
    end = await end_of_stage(cast)
    with clock_at(end + timedelta(days=2)):
        office = await signed_in(cast.organiser)
        await office.open("/organiser/deadlines")
        assert "Тихий улей" in office.text
        answer = await office.send("/organiser/deadlines/extensions", until=in_days(20).isoformat())
        assert answer.status_code == 422
        assert "Отметьте хотя бы одну команду" in office.text
        until = day_of(now()) + timedelta(days=9)
        choice = f"{cast.project.id} {mark_of(await binding_deadline(cast.project))}"
        await office.send("/organiser/deadlines/extensions", team=choice, until=until.isoformat(), reason="Каникулы")
        assert "Новый срок получила 1 команда" in office.text
        assert await end_of_stage(cast) == end_of_day(until)
        await office.open("/organiser/deadlines?when=own")
        assert "Каникулы" in office.text
        assert "Тихий улей" in office.text


async def test_a_decision_takes_days_for_revising(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission, recommendation="return")
    office = await signed_in(cast.organiser)
    path = f"/organiser/submissions/{submission.id}"
    await office.open(path)
    words: Any = {"outcome": "return", "reason": "Почти", "remark_key": "problem", "remark_text": "Сколько?"}
    answer = await office.send(f"{path}/decision", revise_days="тысяча", **words)
    assert answer.status_code == 422
    assert "Нужно число от 1 до 90" in office.text
    await office.send(f"{path}/decision", revise_days="21", **words)
    decision = await Decision.objects().first()
    assert decision
    assert decision.revise_days == 21


async def test_whoever_starts_after_the_date_knows_it_before_writing(cast: Cast) -> None:
    end = await end_of_stage(cast)
    browser = await signed_in(cast.outsider)
    await browser.open("/projects/new")
    assert f"Сдать идею можно до {formatted(end)}" in browser.text
    with clock_at(end + timedelta(seconds=1)):
        browser = await signed_in(cast.outsider)
        await browser.open("/projects/new")
        assert f"Срок сдачи идей прошёл: {formatted(end)}" in browser.text


async def test_everybody_in_a_list_gets_one_later_date(cast: Cast) -> None:
    other = await start("Второй", season=cast.season, by=cast.outsider)
    end = await end_of_stage(cast)
    with clock_at(end + timedelta(days=2)):
        office = await signed_in(cast.organiser)
        await office.open("/organiser/deadlines")
        until = day_of(now()) + timedelta(days=9)
        await office.send("/organiser/deadlines/extensions", all="1", until=until.isoformat())
        for project in (cast.project, other):
            given = await binding_deadline(await fresh_project(project))
            assert given
            assert given.until == end_of_day(until)


async def test_a_season_that_closed_meanwhile_says_so(cast: Cast) -> None:
    with clock_at(end_of_day(cast.season.closes_on) - timedelta(seconds=1)):
        browser = await signed_in(cast.outsider)
        await browser.open("/projects/new")
    with clock_at(end_of_day(cast.season.closes_on) + timedelta(seconds=1)):
        answer = await browser.send("/projects/new", title="Опоздавшая идея")
        assert answer.status_code == 200
        assert "Сезон уже закрыт" in browser.text
    assert not await Project.exists().where(Project.title == "Опоздавшая идея")


async def test_an_extension_ends_where_the_date_is_taken_from_everybody(cast: Cast) -> None:
    await extend(
        cast.project, end_of_day(in_days(200)), read=mark_of(await binding_deadline(cast.project)), by=cast.organiser
    )
    await move_idea_to(cast, None)
    assert await binding_deadline(await fresh_project(cast.project)) is None


async def _extended_for_long(cast: Cast) -> datetime:
    until = end_of_day(in_days(150))
    project = await fresh_project(cast.project)
    await extend(project, until, reason="Болели", read=mark_of(await binding_deadline(project)), by=cast.organiser)
    return until


async def _as_stored(decision: Decision) -> Decision:
    stored = await Decision.objects().get(Decision.id == decision.id)
    assert stored is not None
    return stored


@pytest.mark.parametrize("other", ["stop", "advance"])
async def test_a_correction_there_and_back_leaves_an_extension(cast: Cast, other: str) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission, recommendation="return")
    remarks = [("problem", "Цифры?")]
    first = await decide(submission, "return", reason="Доработайте", remarks=remarks, by=cast.organiser)
    await release(first, by=cast.organiser)
    until = await _extended_for_long(cast)
    there = await correct_decision(
        await _as_stored(first), Correction(other, "Так", "Ошибка", (), "Попробуйте ещё"), by=cast.organiser
    )
    await correct_decision(
        await _as_stored(there), Correction("return", "Доработайте", "Опять ошибка", remarks), by=cast.organiser
    )
    back = await binding_deadline(await fresh_project(cast.project))
    assert back is not None
    assert (back.until, back.reason) == (until, "Болели")


async def test_a_team_that_left_and_is_reopened_keeps_its_extension(cast: Cast) -> None:
    until = await _extended_for_long(cast)
    await leave(await fresh_project(cast.project), by=cast.captain)
    promised = await deadline_if_reopened(await fresh_project(cast.project))
    await reopen(await fresh_project(cast.project), by=cast.organiser)
    back = await binding_deadline(await fresh_project(cast.project))
    assert back is not None
    assert promised == back
    assert back.until == until
