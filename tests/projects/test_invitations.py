"""Joining a team: by a shared link, by mail, and when it is too late for either."""

from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import clock_at, now
from incubator.core.limits import STUDENTS
from incubator.core.refusals import NotAllowed, Refusal, TooOften
from incubator.db import writing
from incubator.mail.tables import Message
from incubator.people.accounts import create_person
from incubator.people.tables import Person
from incubator.projects.access import role_of
from incubator.projects.invitations import (
    LASTS,
    InvitationGone,
    NotInvited,
    accept_into_team,
    invite_to_team,
    pending_invitations,
    revoke_invitation,
)
from incubator.projects.staff_invitations import invite_staff
from incubator.projects.start import start
from incubator.projects.tables import Invitation, Project
from incubator.projects.team import make_captain, team_of
from incubator.publication.withdrawals import remove_member
from tests.browser import Browser, signed_in
from tests.cast import BORN_ON, Cast, fresh, fresh_project
from tests.stories.test_the_long_way import last_link


async def newcomer(n: int, *, is_adult: bool = False) -> Person:
    async with writing():
        return await create_person(f"new{n}@example.org", given_name=f"Новичок {n}", is_adult=is_adult, confirmed=True)


async def test_a_link_lets_in_until_the_team_is_full(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    for n in range(STUDENTS - 2):  # captain and team mate are members already
        await accept_into_team(secret, by=await newcomer(n))
    with pytest.raises(Refusal, match="шесть"):
        await accept_into_team(secret, by=await newcomer(9))
    assert sum(mate.is_student for mate in await team_of(cast.project.id)) == STUDENTS


async def test_a_mailed_invitation_is_used_up(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain, email="lena@example.org")
    mail = await Message.objects().where(Message.to == "lena@example.org").first()
    assert mail
    assert f"/invitations/{secret}" in mail.body
    async with writing():
        lena = await create_person("lena@example.org", given_name="Лена", confirmed=True)
    await accept_into_team(secret, by=lena)
    await remove_member(cast.project, lena.id, by=lena)
    with pytest.raises(InvitationGone):
        await accept_into_team(secret, by=lena)


async def test_a_mailed_invitation_is_for_its_confirmed_address_alone(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain, email="lena@example.org")
    with pytest.raises(NotInvited, match=r"l…@example\.org"):
        await accept_into_team(secret, by=await newcomer(1))
    async with writing():
        stranger = await create_person("lena@example.org", given_name="Не Лена")
    with pytest.raises(NotInvited, match="подтвердите"):
        await accept_into_team(secret, by=stranger)
    assert await role_of(stranger, cast.project.id) == ""
    assert [i.email for i in await pending_invitations(cast.project.id)] == ["lena@example.org"]


async def test_an_open_link_wants_a_confirmed_address(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    async with writing():
        person = await create_person("lena@example.org", given_name="Лена")
    with pytest.raises(NotInvited, match="подтвердите"):
        await accept_into_team(secret, by=person)


async def test_whoever_is_removed_comes_back_by_no_link(cast: Cast) -> None:
    """Neither by a link of any role, nor by what was mailed to them, nor by what they had mailed to others."""
    links = [await invite_to_team(cast.project, role, by=cast.captain) for role in ("student", "teacher")]
    mailed = await invite_to_team(cast.project, "student", by=cast.captain, email=cast.teammate.email)
    await make_captain(cast.project, cast.teammate.id, by=cast.teacher)
    sent = await invite_to_team(cast.project, "student", by=cast.teammate, email="new1@example.org")
    await make_captain(cast.project, cast.captain.id, by=cast.teacher)
    kept = await invite_to_team(cast.project, "student", by=cast.captain, email="new2@example.org")
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    accomplice, other = await newcomer(1), await newcomer(2)
    for secret in (*links, mailed):
        with pytest.raises(InvitationGone):
            await accept_into_team(secret, by=cast.teammate)
    for secret in (*links, sent):
        with pytest.raises(InvitationGone):
            await accept_into_team(secret, by=accomplice)
    assert await role_of(cast.teammate, cast.project.id) == ""
    await accept_into_team(kept, by=other)


async def test_whoever_was_removed_needs_an_invitation_that_is_younger(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    await Invitation.update({Invitation.revoked_at: None}).where(Invitation.project == cast.project.id)
    with pytest.raises(NotInvited, match="убрали"):
        await accept_into_team(secret, by=cast.teammate)
    with clock_at(now() + timedelta(minutes=1)):
        await accept_into_team(await invite_to_team(cast.project, "student", by=cast.captain), by=cast.teammate)
    assert await role_of(cast.teammate, cast.project.id) == "student"


async def test_whoever_left_by_themselves_may_come_back(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    await remove_member(cast.project, cast.teammate.id, by=cast.teammate)
    await accept_into_team(secret, by=cast.teammate)
    assert await role_of(cast.teammate, cast.project.id) == "student"


async def test_a_mail_to_a_stranger_carries_no_words_of_the_sender_in_its_subject(cast: Cast) -> None:
    await Project.update({Project.title: "Вы выиграли! https://evil.example/x " + "a" * 100}).where(
        Project.id == cast.project.id
    )
    project = await fresh_project(cast.project)
    await invite_to_team(project, "student", by=cast.captain, email="lena@example.org")
    (mail,) = await Message.objects().where(Message.to == "lena@example.org")
    assert mail.subject == "Вас зовут в команду проекта"
    assert "evil.example" not in mail.body
    assert "«Вы выиграли! https:// evil. example/ x…»" in mail.body


async def test_nobody_floods_a_mailbox_with_invitations(cast: Cast) -> None:
    for _time in range(3):
        await invite_to_team(cast.project, "student", by=cast.captain, email="lena@example.org")
    other = await start("Другой", season=cast.season, by=cast.outsider)
    with pytest.raises(TooOften, match="через 1 час"):
        await invite_to_team(cast.project, "student", by=cast.captain, email="lena@example.org")
    with pytest.raises(TooOften, match="через 10 минут"):
        await invite_to_team(other, "student", by=cast.outsider, email="lena@example.org")
    with pytest.raises(TooOften):  # the same mailbox
        await invite_to_team(other, "student", by=cast.outsider, email="lena+2@example.org")
    assert await Message.count().where(Message.to == "lena@example.org") == 3
    assert len(await pending_invitations(cast.project.id)) == 1  # each replaced the one before
    with clock_at(now() + timedelta(hours=2)):
        await invite_to_team(cast.project, "student", by=cast.captain, email="lena@example.org")
    with clock_at(now() + timedelta(hours=9)):
        await invite_to_team(cast.project, "student", by=cast.captain, email="lena@example.org")
    with clock_at(now() + timedelta(hours=12)), pytest.raises(TooOften, match="через 12 часов"):
        await invite_to_team(cast.project, "student", by=cast.captain, email="lena@example.org")


async def test_nobody_uses_up_the_invitations_of_another_team_or_of_the_office(cast: Cast) -> None:
    at = now()
    other = await start("Другой", season=cast.season, by=cast.outsider)
    sent = 0
    for minutes in range(0, 24 * 60, 5):
        with clock_at(at + timedelta(minutes=minutes)):
            try:
                await invite_to_team(other, "student", by=cast.outsider, email="lena@example.org")
                sent += 1
            except TooOften:
                continue
    assert sent == 5
    with clock_at(at + timedelta(hours=23)):
        await invite_to_team(cast.project, "student", by=cast.captain, email="lena@example.org")
        await invite_staff("mentor", email="lena@example.org", by=cast.organiser)


async def test_an_invitation_too_many_keeps_what_was_typed(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    team = f"/projects/{cast.project.id}/team"
    for _time in range(4):
        await browser.open(team)
        await browser.send(f"{team}/invitations", way="email", email="lena@example.org", role="student")
    assert browser.page.status_code == 422
    assert "больше пока не отправляем" in browser.text
    assert 'value="lena@example.org"' in browser.page.text


async def test_nobody_mails_many_strangers_or_before_their_own_address_is_confirmed(cast: Cast) -> None:
    for n in range(20):
        await invite_to_team(cast.project, "student", by=cast.captain, email=f"friend{n}@example.org")
    with pytest.raises(TooOften):
        await invite_to_team(cast.project, "student", by=cast.captain, email="friend99@example.org")
    await invite_to_team(cast.project, "student", by=cast.captain)  # a link is no mail
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.teacher.id)
    with pytest.raises(Refusal, match="подтвердите свой адрес"):
        await invite_to_team(cast.project, "student", by=await fresh(cast.teacher), email="friend99@example.org")


async def test_revoked_expired_and_replaced_links_are_gone(cast: Cast) -> None:
    person = await newcomer(1)
    first = await invite_to_team(cast.project, "student", by=cast.captain)
    second = await invite_to_team(cast.project, "student", by=cast.captain)
    with pytest.raises(InvitationGone):
        await accept_into_team(first, by=person)
    with clock_at(now() + LASTS + timedelta(minutes=1)), pytest.raises(InvitationGone):
        await accept_into_team(second, by=person)
    for invitation in await pending_invitations(cast.project.id):
        await revoke_invitation(cast.project, invitation.id, by=cast.captain)
    with pytest.raises(InvitationGone):
        await accept_into_team(second, by=person)
    assert await role_of(person, cast.project.id) == ""


async def test_revoking_on_an_old_page_ends_the_link_that_replaced_it(cast: Cast) -> None:
    await invite_to_team(cast.project, "student", by=cast.captain)
    (on_the_page,) = await pending_invitations(cast.project.id)
    second = await invite_to_team(cast.project, "student", by=cast.teacher)
    mailed = await invite_to_team(cast.project, "student", by=cast.captain, email="guest@example.org")
    await revoke_invitation(cast.project, on_the_page.id, by=cast.captain)
    with pytest.raises(InvitationGone):
        await accept_into_team(second, by=await newcomer(1))
    async with writing():
        guest = await create_person("guest@example.org", given_name="Гость", born_on=BORN_ON, confirmed=True)
    await accept_into_team(mailed, by=guest)
    row = await Invitation.objects().where(Invitation.email == "guest@example.org").first()
    assert row is not None
    with pytest.raises(Refusal, match="уже приняли"):
        await revoke_invitation(cast.project, row.id, by=cast.captain)


async def test_a_teacher_is_one_adult(cast: Cast) -> None:
    await remove_member(cast.project, cast.teacher.id, by=cast.captain)
    secret = await invite_to_team(cast.project, "teacher", by=cast.captain)
    with pytest.raises(Refusal):
        await accept_into_team(secret, by=await newcomer(1))
    await accept_into_team(secret, by=await newcomer(2, is_adult=True))
    with pytest.raises(Refusal, match="уже есть педагог"):
        await accept_into_team(secret, by=await newcomer(3, is_adult=True))


async def test_only_who_leads_invites(cast: Cast) -> None:
    for person in (cast.teammate, cast.coach, cast.outsider, cast.mentor):
        with pytest.raises(NotAllowed):
            await invite_to_team(cast.project, "student", by=person)


async def test_the_captain_hands_over_before_leaving(cast: Cast) -> None:
    with pytest.raises(Refusal):
        await remove_member(cast.project, cast.captain.id, by=cast.captain)
    with pytest.raises(Refusal, match="только участник"):
        await make_captain(cast.project, cast.teacher.id, by=cast.captain)
    assert await role_of(cast.captain, cast.project.id) == "captain"
    await make_captain(cast.project, cast.teammate.id, by=cast.captain)
    await remove_member(cast.project, cast.captain.id, by=cast.captain)
    assert await role_of(cast.teammate, cast.project.id) == "captain"
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{cast.project.id}")
    assert browser.page.status_code == 404


async def test_somebody_new_comes_from_the_link_to_the_document(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    browser = Browser()
    await browser.open(f"/invitations/{secret}")
    assert "Тихий улей" in browser.text
    await browser.open(f"/sign-up?next=/invitations/{secret}")
    await browser.send("/sign-up", email="lena@example.org", password="жираф рисует облако", given_name="Лена")
    assert browser.path == f"/invitations/{secret}"
    assert "Сначала подтвердите свой адрес: мы отправили письмо на lena@example.org" in browser.text
    link = await last_link("lena@example.org")
    await browser.open(f"{link}?next=/invitations/{secret}")
    await browser.send(link)
    assert browser.path == f"/invitations/{secret}"
    await browser.send(f"/invitations/{secret}")
    assert browser.path == f"/projects/{cast.project.id}"


async def test_a_dead_link_says_what_to_do(database: Any) -> None:
    browser = Browser()
    await browser.open("/invitations/nothing")
    assert browser.page.status_code == 404
    assert "Попросите" in browser.text
