"""Reporting a public page: anybody may, only organisers read it, the page is hidden at once, whoever wrote gets an answer."""

from datetime import timedelta
from typing import Any

import pytest

from incubator.app import AUDIENCES, PERIODIC
from incubator.backoffice.content_report_list import PER_PAGE, page_of_reports
from incubator.core.clock import clock_at, now
from incubator.core.refusals import NotAllowed, Refusal, TooOften
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.http.keyset import After
from incubator.jobs.periodic import run_once
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import create_person
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.publication import content_reports
from incubator.publication.audiences import office_while_reported
from incubator.publication.content_report_words import Spot, Wrong
from incubator.publication.content_reports import KEPT, close_report, hide_reported, report_content
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.tables import ContentReport, Publication
from incubator.showcase.story import published
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, submitted

WORDS = "На фотографии моя дочь, тел. 8 921 000-00-00"
READER = "mother@example.com"


@pytest.fixture
async def shown(cast: Cast) -> Cast:
    """Publish the cast's project."""
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    cast.project = await fresh_project(cast.project)
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)
    return cast


async def report(cast: Cast, browser: Browser | None = None, **values: str) -> Browser:
    """Follow the link at the foot of the page, as a visitor."""
    browser = browser or Browser()
    await browser.open(f"/showcase/{cast.project.slug}")
    path = f"/showcase/{cast.project.slug}/report"
    assert f'href="{path}"' in browser.page.text
    await browser.open(path)
    typed: dict[str, Any] = {"wrong": "person", "text": WORDS, "email": READER, **values}
    await browser.send(path, **typed)
    return browser


async def only() -> ContentReport:
    (row,) = await ContentReport.objects()
    return row


async def sent_to(address: str) -> list[dict[str, Any]]:
    return await Message.select(Message.subject, Message.body).where(Message.to == address)


async def test_a_visitor_reports_and_the_office_hides_answers_and_closes(shown: Cast) -> None:
    visitor = await report(shown, Browser(language="en"), place="picture")
    assert visitor.path == f"/showcase/{shown.project.slug}"
    assert "hide the page at once" in visitor.text
    await tell_waiting(AUDIENCES)
    (told,) = await sent_to(shown.organiser.email)
    assert told["subject"] == "«Тихий улей»: сообщили о странице"
    assert "Виден человек, которого там быть не должно" in told["body"]
    assert "дочь" not in told["body"] + told["subject"]
    assert READER not in told["body"]

    office = await signed_in(shown.organiser)
    await office.open("/organiser")
    assert "Сообщили о страницах" in office.text
    here = f"/organiser/reports/{(await only()).id}"
    assert here in told["body"]
    await office.open(here)
    for said in (WORDS, READER, "На картинке", "Тихий улей"):
        assert said in office.text
    await office.send(f"{here}/hiding")
    assert "Скрыто: на витрине этого больше нет. Команда получит письмо." in office.text
    assert (await Browser().open(f"/showcase/{shown.project.slug}")).status_code == 404
    assert "не видна никому" in office.text
    assert not office.has_form(f"{here}/hiding")

    await Message.delete(force=True)
    await tell_waiting(AUDIENCES)
    for mate in (shown.captain, shown.teammate, shown.teacher):
        (mail,) = await sent_to(mate.email)
        assert "виден человек, которого там быть не должно" in mail["body"]
        assert "дочь" not in mail["body"]
        assert READER not in mail["body"]

    await office.send(f"{here}/closing", how="answer", answer="Спасибо, мы сняли фотографию.")
    assert office.path == "/organiser/reports"
    assert "отвечено" in office.text
    (answer,) = await sent_to(READER)
    assert answer["subject"] == "An answer to your report"
    assert "Спасибо, мы сняли фотографию." in answer["body"]
    row = await only()
    assert (row.hidden_by, row.closed_by, row.locale) == (shown.organiser.id, shown.organiser.id, "en")
    await office.open("/organiser")
    assert "Сообщили о страницах" not in office.text


async def test_what_was_said_is_nowhere_but_on_the_organisers_page(shown: Cast) -> None:
    await report(shown)
    assert WORDS not in str(await Event.select())
    assert READER not in str(await Event.select())
    for reader in (shown.captain, shown.teacher, shown.mentor, shown.outsider):
        browser = await signed_in(reader)
        for page in (
            f"/projects/{shown.project.id}/history",
            f"/projects/{shown.project.id}",
            f"/projects/{shown.project.id}/showcase",
        ):
            await browser.open(page)
            assert "дочь" not in browser.text
            assert "сообщил о странице" not in browser.text
        assert (await browser.open(f"/organiser/reports/{(await only()).id}")).status_code == 403
    office = await signed_in(shown.organiser)
    await office.open(f"/projects/{shown.project.id}/history")
    assert "Посетитель сообщил о странице" in office.text
    assert "дочь" not in office.text


async def test_neither_words_nor_address_are_needed_but_a_reason_is(shown: Cast) -> None:
    browser = await report(shown, wrong="", text="Слова остаются", email="")
    assert browser.page.status_code == 422
    assert "Слова остаются" in browser.text
    path = f"/showcase/{shown.project.slug}/report"
    await browser.send(path, wrong="other", text="", email="")
    assert "Заполните это поле" in browser.text
    await browser.send(path, wrong="offensive", text="", email="not an address")
    assert "Проверьте адрес" in browser.text
    assert await ContentReport.count() == 0
    await browser.send(path, wrong="offensive", text="", email="")
    office = await signed_in(shown.organiser)
    await office.open(f"/organiser/reports/{(await only()).id}")
    assert "Ничего, только причину выше" in office.text
    assert "Адреса для ответа не оставили" in office.text
    await office.send(f"/organiser/reports/{(await only()).id}/closing", how="silent")
    assert "Закрыто без ответа" in office.text
    assert await Message.count() == 0


async def test_what_is_chosen_elsewhere_is_chosen_here(shown: Cast) -> None:
    browser = Browser()
    await browser.open(f"/showcase/{shown.project.slug}/poster")
    await browser.open(f"/showcase/{shown.project.slug}/report?about=poster")
    path = f"/showcase/{shown.project.slug}/report"
    assert dict(browser.form(path))["place"] == "poster"
    await browser.open(f"{path}?about=nonsense")
    assert dict(browser.form(path)).get("place", "page") == "page"
    await browser.send(path, wrong="copied", place="nonsense")
    assert browser.page.status_code == 422


async def test_a_robot_is_thanked_and_nothing_is_kept(shown: Cast) -> None:
    browser = await report(shown, website="https://spam.example")
    assert "Спасибо" in browser.text
    assert await ContentReport.count() == 0


async def test_what_is_not_public_cannot_be_reported(shown: Cast) -> None:
    browser = Browser()
    path = f"/showcase/{shown.project.slug}/report"
    await browser.open(path)
    values = browser.form(path)
    await unpublish(shown.project, by=shown.captain)
    assert (await browser.post(path, [*values, ("wrong", "other"), ("text", "Слова")])).status_code == 404
    assert (await browser.open(path)).status_code == 404
    assert await ContentReport.count() == 0


async def publication(cast: Cast) -> Publication:
    row = await published(cast.project.slug)
    assert row
    return row


async def say(cast: Cast, text: str, address: str = "203.0.113.7") -> None:
    await report_content(
        await publication(cast), wrong=Wrong.OTHER, place=Spot.PAGE, text=text, email="", address=address
    )


async def test_the_same_words_count_once_and_one_address_not_for_ever(
    shown: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await report(shown)
    path = f"/showcase/{shown.project.slug}/report"
    await browser.open(path)
    await browser.send(path, wrong="person", text=WORDS, email=READER)
    assert "Это вы уже отправили" in browser.text
    assert await ContentReport.count() == 1
    for number in range(20):
        await say(shown, f"Слово {number}")
    with pytest.raises(TooOften):
        await say(shown, "Ещё одно")
    await say(shown, "Из другого места", "203.0.113.8")
    with clock_at(now() + timedelta(hours=1, minutes=1)):
        await say(shown, "Через час")
    monkeypatch.setattr(content_reports, "_FROM_ALL", ((1, timedelta(hours=1)),))
    with pytest.raises(TooOften):
        await say(shown, "Отовсюду", "203.0.113.9")


async def test_words_stay_in_the_form_when_there_were_too_many(shown: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_reports, "_FROM_ALL", ((1, timedelta(hours=1)),))
    await say(shown, "Первое")
    browser = await report(shown)
    assert browser.page.status_code == 429
    assert dict(browser.form(f"/showcase/{shown.project.slug}/report"))["text"] == WORDS


async def test_only_an_organiser_hides_and_answers_and_once(shown: Cast) -> None:
    await report(shown)
    row = await only()
    for person in (shown.captain, shown.teacher, shown.mentor):
        with pytest.raises(NotAllowed):
            await hide_reported(row.id, reason="", by=person)
        with pytest.raises(NotAllowed):
            await close_report(row.id, answer="", by=person)
    assert (await publication(shown)).is_public
    assert await close_report(row.id, answer="Спасибо", by=shown.organiser)
    colleague = await create_person("colleague@example.org", is_adult=True, confirmed=True)
    await grant_role(colleague, StaffRole.ORGANISER, by=shown.organiser)
    with pytest.raises(Refusal, match="уже закрыли"):
        await close_report(row.id, answer="Нет", by=colleague)
    assert len(await sent_to(READER)) == 1


async def test_an_answer_that_was_typed_stays_if_somebody_was_faster(shown: Cast) -> None:
    await report(shown)
    row = await only()
    office = await signed_in(shown.organiser)
    await office.open(f"/organiser/reports/{row.id}")
    await close_report(row.id, answer="", by=shown.organiser)
    await office.send(
        f"/organiser/reports/{row.id}/closing",
        how="answer",
        answer="Длинный ответ на сообщение, который было бы жалко потерять",
    )
    assert "Ваш текст цел" in office.text
    assert "Длинный ответ на сообщение, который было бы жалко потерять" in office.text


async def test_hiding_what_somebody_has_hidden_tells_nobody_twice(shown: Cast) -> None:
    await report(shown)
    row = await only()
    await unpublish(shown.project, by=shown.captain)
    assert not await hide_reported(row.id, reason="Разберёмся", by=shown.organiser)
    assert (await only()).hidden_at is None


async def test_words_and_address_are_erased_a_month_after_the_end(shown: Cast) -> None:
    await report(shown)
    row = await only()
    with clock_at(now() + 3 * KEPT):
        await run_once(PERIODIC)
        assert (await only()).email == READER  # open
        await close_report(row.id, answer="Спасибо", by=shown.organiser)
        ended = now()
    with clock_at(ended + KEPT - timedelta(hours=1)):
        await run_once(PERIODIC)
        assert (await only()).text == WORDS
    with clock_at(ended + KEPT + timedelta(hours=1)):
        done = await run_once(PERIODIC)
        assert done["forget_reporters"] == 1
        assert (await run_once(PERIODIC))["forget_reporters"] == 0
        row = await only()
        assert (row.email, row.text, row.answer) == ("", "", "Спасибо")
        office = await signed_in(shown.organiser)
        await office.open(f"/organiser/reports/{row.id}")
        assert "Слова и адрес стёрты" in office.text


async def test_the_list_has_the_open_ones_first_and_repeats_none(shown: Cast) -> None:
    at = now()
    await ContentReport.insert(
        *(
            ContentReport(
                project=shown.project.id, wrong="other", place="page", reported_at=at, closed_at=at if n % 3 == 0 else None
            )
            for n in range(2 * PER_PAGE + 7)
        )
    )  # fmt: skip
    seen: list[ContentReport] = []
    after: After | None = None
    while True:
        found = await page_of_reports(after, reader=shown.organiser)
        seen += found.rows
        after = found.next
        if after is None:
            break
    assert len({row.id for row in seen}) == len(seen) == 2 * PER_PAGE + 7
    keys = [(row.closed_at is not None, -row.id) for row in seen]
    assert keys == sorted(keys)
    office = await signed_in(shown.organiser)
    assert (await office.open("/organiser/reports?after=1~closed")).status_code == 200
    await office.open("/organiser/reports")
    assert office.text.count("Другое") == PER_PAGE


async def test_without_reports_the_page_says_where_they_come_from(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/reports")
    assert "Сообщений нет" in office.text


async def test_no_team_gets_what_is_reported_about_it_although_an_organiser_is_in_it(shown: Cast) -> None:
    async with writing():
        await grant_role(shown.teacher, StaffRole.ORGANISER, by=shown.organiser)
    await ContentReport(
        project=shown.project.id, wrong="other", place="page", text="Про учителя", reported_at=now()
    ).save()
    row = await ContentReport.objects().first()
    assert row
    teacher = await signed_in(shown.teacher)
    assert (await teacher.open(f"/organiser/reports/{row.id}")).status_code == 404
    await teacher.open("/organiser/reports")
    assert f"/organiser/reports/{row.id}" not in teacher.page.text
    for verb in (
        close_report(row.id, answer="", by=shown.teacher),
        hide_reported(row.id, reason="Так", by=shown.teacher),
    ):
        with pytest.raises(NotAllowed):
            await verb
    await record_report(row)
    assert shown.organiser.email in await told_of_reports()
    assert shown.teacher.email not in await told_of_reports()


async def record_report(row: ContentReport) -> None:
    async with writing():
        await record(Happened.CONTENT_REPORTED, by=None, project=row.project, report=row.id)


async def told_of_reports() -> set[str]:
    event = await Event.objects().where(Event.happened == Happened.CONTENT_REPORTED.value).first()
    assert event
    return {reader.person.email for reader in await office_while_reported(event)}
