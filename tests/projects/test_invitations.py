"""Joining a team: by a shared link, by mail, and when it is too late for either."""

from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import clock_at, now
from incubator.core.limits import STUDENTS
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.mail.tables import Message
from incubator.people.accounts import create_person
from incubator.people.tables import Person
from incubator.projects.access import role_of
from incubator.projects.invitations import (
    LASTS,
    InvitationGone,
    accept_into_team,
    invite_to_team,
    pending_invitations,
    revoke_invitation,
)
from incubator.projects.team import make_captain, remove_member, team_of
from tests.browser import Browser, signed_in
from tests.cast import Cast


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
    await accept_into_team(secret, by=await newcomer(1))
    with pytest.raises(InvitationGone):
        await accept_into_team(secret, by=await newcomer(2))


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
    await browser.send(f"/invitations/{secret}")
    assert browser.path == f"/projects/{cast.project.id}"


async def test_a_dead_link_says_what_to_do(database: Any) -> None:
    browser = Browser()
    await browser.open("/invitations/nothing")
    assert browser.page.status_code == 404
    assert "Попросите" in browser.text
