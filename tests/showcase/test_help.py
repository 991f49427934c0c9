"""Offers of help reach an adult, contain the typed text, and are limited in number."""

from typing import Any

import pytest

from incubator.mail.tables import Message
from incubator.people.accounts import create_person
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.people.tables import Session
from incubator.projects.details import Details, change_details
from incubator.publication.publish import ask_publication, publish
from incubator.publication.withdrawals import remove_member
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, submitted
from tests.stories.test_no_form_loses_words import press


@pytest.fixture
async def wanting(cast: Cast) -> Cast:
    """Publish the cast's project, looking for help."""
    await submitted(cast)
    project = await fresh_project(cast.project)
    assert project.cluster is not None
    details = Details("Тихий улей", "", "Пасека для испытаний", project.cluster, project.municipality, "Школа № 1", ())
    await change_details(project, details, version=project.details_version, by=cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    return cast


async def offer(cast: Cast, **values: Any) -> Browser:
    browser = Browser()
    path = f"/showcase/{cast.project.slug}/help"
    await browser.open(path)
    typed = {"name": "Пётр, пасечник", "email": "petr@example.com", "text": "Приезжайте <b>летом</b>", **values}
    await browser.send(path, **typed)
    return browser


async def mails() -> list[dict[str, Any]]:
    return await Message.select(Message.to, Message.body).where(Message.subject.like("%помощь%"))


async def test_the_teacher_gets_it_and_no_minor_does(wanting: Cast) -> None:
    browser = await offer(wanting)
    assert browser.path == f"/showcase/{wanting.project.slug}"
    assert "Ваше письмо получит взрослый" in browser.text
    sent = await mails()
    assert [m["to"] for m in sent] == ["teacher@example.org"]
    for said in ("petr@example.com", "Приезжайте <b>летом</b>", "Пасека для испытаний", "Пётр, пасечник"):
        assert said in sent[0]["body"]


async def test_without_a_teacher_the_organisers_get_it(wanting: Cast) -> None:
    await remove_member(wanting.project, wanting.teacher.id, by=wanting.captain)
    mistyped = await create_person("mistyped@example.org", is_adult=True)
    await grant_role(mistyped, StaffRole.ORGANISER, by=wanting.organiser)
    await offer(wanting)
    assert [m["to"] for m in await mails()] == ["organiser@example.org"]


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(wanting: Cast) -> None:
    browser = await offer(wanting, email="не адрес", text="")
    assert browser.page.status_code == 422
    for said in ("имя@почта.рф", "Заполните это поле", "Пётр, пасечник", "не адрес"):
        assert said in browser.text
    assert await mails() == []


async def test_robots_are_thanked_and_nothing_is_sent(wanting: Cast) -> None:
    browser = await offer(wanting, website="http://spam.example")
    assert "Ваше письмо получит взрослый" in browser.text
    assert await mails() == []


async def test_nobody_pours_them_out(wanting: Cast) -> None:
    for n in range(5):
        await offer(wanting, text=f"Есть {n} ульев")
    browser = await offer(wanting, text="Есть доски")
    assert "Таких писем было уже много" in browser.text
    assert len(await mails()) == 5


async def test_the_same_offer_once_more_is_one(wanting: Cast) -> None:
    """Whoever goes back in the browser finds their words in the form, and a token of its own."""
    for said in ("Ваше письмо получит взрослый", "Это вы уже отправили"):
        browser = await offer(wanting)
        assert said in browser.text
        assert browser.path == f"/showcase/{wanting.project.slug}"
    assert len(await mails()) == 1
    await offer(wanting, text="Есть и доски")
    assert len(await mails()) == 2


async def test_who_wants_no_help_gets_none(cast: Cast) -> None:
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    browser = Browser()
    assert (await browser.open(f"/showcase/{cast.project.slug}/help")).status_code == 404
    assert (await browser.open(f"/showcase/{cast.project.slug}")).status_code == 200
    assert f"{browser.path}/help" not in browser.text


@pytest.mark.parametrize("pressed", [True, False], ids=["button", "Enter"])
@pytest.mark.parametrize("is_over", [False, True], ids=["signed in", "session over"])
async def test_whoever_is_signed_in_offers_help_too(wanting: Cast, pressed: bool, is_over: bool) -> None:
    """Their pages are sent as a whole; and a session may end meanwhile."""
    browser, path = await signed_in(wanting.outsider), f"/showcase/{wanting.project.slug}/help"
    await browser.open(path)
    if is_over:
        await Session.delete(force=True)
    await press(
        browser, path if pressed else "", {path: {"name": "Пётр", "email": "petr@example.com", "text": "Доски"}}
    )
    assert browser.path == f"/showcase/{wanting.project.slug}"
    assert len(await mails()) == 1
