"""The document of experts, mentors, teachers and organisers: by a click or on paper, asked for calmly, and taken back."""

from datetime import datetime, time, timedelta

import pytest

from incubator.app import AUDIENCES
from incubator.core.clock import REGION, clock_at
from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.facts import blockers_of
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.people.consents import Signatory
from incubator.people.tables import Consent, Person
from incubator.privacy.ending_consents import ask_for_next_consents
from incubator.privacy.scans import bring, open_scan, tray_of
from incubator.privacy.sheets import WantedSheet, batch_of, drawn_sheets, make_sheets
from incubator.projects.consents import PARTICIPATION, PUBLIC_NAME, STAFF, give_consent, valid_consents
from incubator.projects.own_consents import give_own_consent
from incubator.projects.staff_consents import colleagues, staff_consent_notice, works_in_programme
from incubator.publication.withdrawals import withdraw_own_consent
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.candidates import candidates_for
from incubator.showcase.story import public_team
from tests.browser import signed_in
from tests.cast import Cast, fresh, fresh_project, make_ready, names_seen, submitted
from tests.privacy.photographs import photographed
from tests.privacy.test_paper_consents import text_of

REMINDER = "согласия на обработку ваших данных пока нет"


async def test_a_mentor_reads_consents_and_takes_it_back(cast: Cast) -> None:
    submission = await submitted(cast)
    mentor = await signed_in(cast.mentor)
    for page in ("/desk", "/profile"):
        await mentor.open(page)
        assert REMINDER in mentor.text
    await mentor.open("/profile/consents")
    assert "Обработка данных эксперта, наставника, педагога" in mentor.text
    assert "Участие в программе" not in mentor.text  # that one is for members of teams
    await mentor.send(f"/profile/consents/{STAFF}")
    await mentor.open("/desk")
    assert REMINDER not in mentor.text
    given = (await valid_consents([cast.mentor.id]))[cast.mentor.id, STAFF]
    assert (given.signatory, given.ends_on, given.awaits_age) == ("person", given.term, False)
    office = await signed_in(cast.organiser)
    await office.open("/organiser/consents?q=Орлова")
    assert "данные эксперта, наставника, педагога" in office.text

    with clock_at(datetime.combine(given.ends_on - timedelta(days=9), time(12), REGION)):
        await ask_for_next_consents()
        await tell_waiting(AUDIENCES)
    mails = await Message.select(Message.subject).where(Message.to == cast.mentor.email).order_by(Message.id)
    assert mails[-1]["subject"].startswith("«Работа в программе»: согласие закончится")

    await mentor.open("/profile/consents")
    await mentor.post(f"/profile/consents/{STAFF}", {"csrf": mentor.csrf(), "withdraw": "1"})
    await tell_waiting(AUDIENCES)
    mails = await Message.select(Message.to, Message.subject).where(Message.subject.like("%обработку данных отозвано%"))
    assert {mail["to"] for mail in mails} == {cast.organiser.email}
    with pytest.raises(Refusal, match="новых рецензий назначать нельзя"):
        await assign(submission, cast.mentor, by=cast.organiser)
    by_person = {each.person.id: each for each in await candidates_for(submission)}
    assert not by_person[cast.mentor.id].is_free
    assert by_person[cast.second_mentor.id].could_be_asked  # who has not given it yet is not hindered
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "согласие на обработку данных отозвано" in office.text
    await mentor.open("/desk")
    assert "новых рецензий вам не назначат" in mentor.text
    await give_own_consent(cast.mentor, STAFF)
    await assign(submission, cast.mentor, by=cast.organiser)


async def test_on_paper_by_an_organisers_scan(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/people")
    assert "нет согласия на обработку данных" in office.text
    await office.open("/consents?staff=1")
    assert "Согласия пока нет: 6" in office.text  # the teacher, the coach, three mentors, the organiser
    await office.send("/consents/sheets?staff=1", child=f"0-{cast.teacher.id}")
    assert "Бланки готовы: 1" in office.text
    mine = await signed_in(cast.second_mentor)
    await mine.open("/profile/consents")
    await mine.send("/consents/own", follow=False)
    own = await mine.http.get(mine.page.headers["location"])
    assert own.headers["content-type"] == "application/pdf"
    plain = " ".join(text_of(own.content)[0].split())
    assert "Обработка данных эксперта, наставника, педагога" in plain
    assert "Я, Волков Борис" in plain
    assert "представляю интересы" not in plain

    photo = photographed(own.content)[0]
    for somebody in (cast.second_mentor, cast.teacher, cast.coach):  # nobody records their own, nor a colleague's
        await bring(photo, name="IMG_1.jpg", by=somebody)
        assert [each.sheet for each in await tray_of(somebody)] == [None]
    files = [("files", ("IMG_1.jpg", photo, "image/jpeg"))]
    await office.open("/consents?staff=1")
    office.page = await office.http.post(
        "/consents/scans?staff=1", data={"csrf": office.csrf()}, files=files, follow_redirects=True
    )
    assert "Борис Волков: данные эксперта" in office.text
    await office.send("/consents/scans/filing?staff=1")
    assert "Записано согласий: 1" in office.text
    consent = (await valid_consents([cast.second_mentor.id]))[cast.second_mentor.id, STAFF]
    assert (consent.signatory, consent.recorded_by.id) == (Signatory.OWN_PAPER, cast.organiser.id)
    await open_scan(consent.id, by=cast.organiser)
    for somebody in (cast.teacher, cast.second_mentor):
        with pytest.raises(NotAllowed):
            await open_scan(consent.id, by=somebody)
    for page in ("/consents?staff=1", "/consents/sheets?staff=1"):
        teacher = await signed_in(cast.teacher)
        assert (await teacher.open(page)).status_code in {404, 405}


async def test_it_is_for_adults_who_work_in_the_programme(cast: Cast) -> None:
    for person in (cast.captain, cast.outsider):
        assert not await works_in_programme(person.id)
        assert await staff_consent_notice(person) is None
        with pytest.raises(Refusal, match="Этот документ для тех"):
            await give_own_consent(person, STAFF)
    with pytest.raises(Refusal, match="не работает в программе"):
        await make_sheets([WantedSheet(cast.captain.id, None, STAFF)], locale="ru", by=cast.organiser)
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.coach.id)
    with pytest.raises(Refusal, match="подтвердите почту"):
        await give_own_consent(cast.coach, STAFF)
    batch = await make_sheets([WantedSheet(cast.coach.id, None, STAFF)], locale="en", by=cast.organiser)
    assert "an expert, mentor or teacher" in " ".join(text_of(await drawn_sheets(batch))[0].split())
    assert await batch_of(batch.id, cast.coach) is None
    with pytest.raises(NotAllowed):
        await make_sheets([WantedSheet(cast.mentor.id, None, STAFF)], locale="ru", by=cast.teacher)
    assert {each.person.id for each in await colleagues() if each.is_missing} == {
        person.id for person in (cast.teacher, cast.coach, cast.mentor, cast.second_mentor, cast.idle_mentor, cast.organiser)
    }  # fmt: skip


async def test_one_document_lets_a_teacher_accompany_every_team(cast: Cast) -> None:
    await make_ready(cast)
    await withdraw_own_consent(cast.teacher, PARTICIPATION)
    project = await fresh_project(cast.project)
    assert [each.code for each in await blockers_of(project)] == ["consent"]
    await give_own_consent(await fresh(cast.teacher), STAFF)
    assert await blockers_of(project) == []
    teacher = await signed_in(cast.teacher)
    await teacher.open(f"/projects/{project.id}/team")
    assert "Согласие: данные эксперта, наставника, педагога" in teacher.text

    await names_seen(cast)

    async def public() -> set[str]:
        return {mate.name for mate in await public_team(project.id)}

    assert not {name for name in await public() if "Ольга" in name}  # as the document says: not without the other one
    await give_consent(project, cast.teacher, PUBLIC_NAME, by=cast.teacher)
    assert "Ольга Петровна" in await public()
    await withdraw_own_consent(cast.teacher, STAFF)
    assert not {name for name in await public() if "Ольга" in name}
    assert [each.code for each in await blockers_of(project)] == ["consent"]
    assert await Consent.count().where((Consent.person == cast.teacher.id) & (Consent.purpose == STAFF)) == 1
