"""An invitation in the bell: for the account whose confirmed address it was mailed to, without the link's secret, as long as it stands."""

from incubator.app import AUDIENCES
from incubator.mail.tables import Message
from incubator.notifications.tables import Notification
from incubator.notifications.tell import tell_waiting
from incubator.people.grants import roles_of
from incubator.people.tables import Person
from incubator.projects.access import role_of
from incubator.projects.invitations import accept_into_team, invite_to_team, revoke_invitation
from incubator.projects.staff_invitations import invite_staff
from incubator.projects.tables import Invitation
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh


async def invited(cast: Cast) -> int:
    await invite_to_team(cast.project, "student", by=cast.captain, email=cast.outsider.email)
    await tell_waiting(AUDIENCES)
    row = await Invitation.objects().order_by(Invitation.id, ascending=False).first()
    assert row
    return int(row.id)


async def bell_of(person: Person) -> Browser:
    browser = await signed_in(await fresh(person))
    await browser.open("/notifications")
    return browser


async def test_the_addressee_joins_from_the_bell(cast: Cast) -> None:
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)
    number = await invited(cast)
    assert await Message.count() == 1  # the verb's own
    browser = await bell_of(cast.outsider)
    assert "Вас зовут в команду «Тихий улей»" in browser.text
    assert "Кузнецова" not in browser.text
    row = await Notification.objects().where(Notification.person == cast.outsider.id).first()
    assert row
    await browser.send(f"/notifications/{row.id}")
    assert browser.path == f"/invitations/mine/{number}"
    assert "Тихий улей" in browser.text
    await browser.send(f"/invitations/mine/{number}")
    assert browser.path == f"/projects/{cast.project.id}"
    assert await role_of(cast.outsider, cast.project.id) == "student"
    await browser.open("/notifications")
    assert "Вас зовут" not in browser.text
    assert "Приглашение в команду" in browser.text
    answer = await browser.open(f"/invitations/mine/{number}")
    assert answer.status_code == 404


async def test_nobody_else_hears_of_it_nor_opens_its_page(cast: Cast) -> None:
    number = await invited(cast)
    for person in (cast.captain, cast.teammate, cast.teacher, cast.organiser, cast.mentor):
        assert not await Notification.exists().where(
            (Notification.person == person.id) & (Notification.mail == "invited")
        )
        browser = await signed_in(person)
        assert (await browser.open(f"/invitations/mine/{number}")).status_code == 404
        await browser.open("/notifications")
        await browser.post(f"/invitations/mine/{number}", {"csrf": browser.csrf()})
    assert await Invitation.exists().where((Invitation.id == number) & Invitation.open())


async def test_an_address_that_nobody_has_confirmed_opens_nothing(cast: Cast) -> None:
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.outsider.id)
    number = await invited(cast)
    assert not await Notification.exists().where(Notification.mail == "invited")
    browser = await bell_of(cast.outsider)
    assert (await browser.open(f"/invitations/mine/{number}")).status_code == 404
    await browser.open("/notifications")
    await browser.post(f"/invitations/mine/{number}", {"csrf": browser.csrf()})
    assert await role_of(cast.outsider, cast.project.id) == ""


async def test_a_link_that_is_passed_on_is_nobodys(cast: Cast) -> None:
    await invite_to_team(cast.project, "student", by=cast.captain)
    await tell_waiting(AUDIENCES)
    assert not await Notification.exists().where(Notification.mail == "invited")
    row = await Invitation.objects().first()
    assert row
    browser = await signed_in(cast.outsider)
    assert (await browser.open(f"/invitations/mine/{row.id}")).status_code == 404


async def test_what_was_revoked_replaced_or_accepted_by_the_link_is_over(cast: Cast) -> None:
    first = await invited(cast)
    secret = await invite_to_team(cast.project, "student", by=cast.captain, email=cast.outsider.email)
    await tell_waiting(AUDIENCES)
    browser = await bell_of(cast.outsider)
    assert browser.text.count("Вас зовут") == 1
    assert (await browser.open(f"/invitations/mine/{first}")).status_code == 404
    await accept_into_team(secret, by=cast.outsider)
    assert "Вас зовут" not in (await bell_of(cast.outsider)).text
    number = await _invite_mentor(cast)
    assert "Вас зовут" in (await bell_of(cast.mentor)).text
    await revoke_invitation(cast.project, number, by=cast.captain)
    assert "Вас зовут" not in (await bell_of(cast.mentor)).text


async def _invite_mentor(cast: Cast) -> int:
    await invite_to_team(cast.project, "teacher", by=cast.captain, email=cast.mentor.email)
    await tell_waiting(AUDIENCES)
    row = await Invitation.objects().order_by(Invitation.id, ascending=False).first()
    assert row
    return int(row.id)


async def test_an_invitation_to_work_names_the_role(cast: Cast) -> None:
    await invite_staff("mentor", email=cast.teacher.email, by=cast.organiser)
    await tell_waiting(AUDIENCES)
    browser = await bell_of(cast.teacher)
    assert "Вас приглашают в программу: наставник" in browser.text
    row = await Invitation.objects().first()
    assert row
    await browser.open(f"/invitations/mine/{row.id}")
    await browser.send(f"/invitations/mine/{row.id}")
    assert "mentor" in await roles_of(cast.teacher.id)
    assert "Вас приглашают" not in (await bell_of(cast.teacher)).text
