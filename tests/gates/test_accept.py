"""Accepting invitations over the pages: a role goes to the mailbox that was invited, and to nobody else."""

from typing import Any

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.accept import Newcomer, accept, claim
from incubator.people.accounts import AddressTaken, authenticate, sign_up
from incubator.people.address_change import change_address_for
from incubator.people.former_names import names_ever_of
from incubator.people.grants import grant_role, roles_of
from incubator.people.permissions import StaffRole
from incubator.people.sessions import begin_session, visit_of
from incubator.people.tables import Grant, Person
from incubator.projects.access import role_of
from incubator.projects.invitations import InvitationGone, NotInvited, invite_to_team
from incubator.projects.staff_invitations import invite_staff, resend_staff_invitation, revoke_staff_invitation
from incubator.projects.start import start
from incubator.projects.tables import Invitation
from incubator.publication.hiding import MASK
from tests.browser import Browser, signed_in
from tests.cast import Cast
from tests.publication.test_names_in_texts import published, shown

ADULT: dict[str, Any] = {"born_day": 3, "born_month": 9, "born_year": 1985}
GUEST = "guest@example.org"
PASSWORD, STRANGERS = "жираф рисует облако", "синий чайник поёт"


async def guest() -> Person:
    person = await Person.objects().get(Person.email == GUEST)
    assert person
    return person


@pytest.mark.parametrize("role", ["organiser", "mentor"])
async def test_a_role_is_not_for_another_account(cast: Cast, role: str) -> None:
    """As it was tried: signed in with another, unconfirmed address, the mailed link made them an organiser for good."""
    secret = await invite_staff(role, email=GUEST, by=cast.organiser)
    browser = Browser()
    await browser.open("/sign-up")
    await browser.send("/sign-up", email="evil@example.org", password=STRANGERS)
    await browser.open(f"/invitations/{secret}")
    assert "Это приглашение пришло на адрес g…@example.org" in browser.text
    assert GUEST not in browser.text
    assert not browser.has_form(f"/invitations/{secret}")
    await browser.post(f"/invitations/{secret}", {"csrf": browser.csrf()})
    assert "принять его можно только с ним" in browser.text
    for person in (cast.teacher, cast.captain):  # nor for a confirmed one
        with pytest.raises(NotInvited):
            await accept(secret, by=person)
    assert await Grant.count().where(Grant.granted_by == cast.organiser.id) == 4  # the cast's mentors
    await browser.open(f"/invitations/{secret}")
    await browser.post("/sign-out", {"csrf": browser.csrf(), "next": f"/invitations/{secret}"})
    assert browser.path == f"/invitations/{secret}"
    assert "Придумайте пароль" in browser.text


async def test_the_mailed_link_itself_proves_the_mailbox(cast: Cast) -> None:
    secret = await invite_staff("organiser", email=GUEST, by=cast.organiser)
    browser = Browser()
    await browser.open(f"/invitations/{secret}")
    assert GUEST in browser.text
    await browser.send(f"/invitations/{secret}/account", password="12345678", given_name="Глеб")
    assert browser.page.status_code == 422
    assert "подберут сразу" in browser.text
    assert 'value="Глеб"' in browser.text
    await browser.send(f"/invitations/{secret}/account", password=GUEST)
    assert "из вашего имени и адреса" in browser.text
    await browser.send(f"/invitations/{secret}/account", password=PASSWORD)
    assert browser.path == "/organiser"
    person = await guest()
    assert person.email_confirmed_at
    assert person.given_name == "Глеб"
    assert await roles_of(person.id) == {"organiser"}
    assert await authenticate(GUEST, PASSWORD, address="127.0.0.1")
    with pytest.raises(InvitationGone):
        await claim(secret, Newcomer(PASSWORD))


async def test_what_a_stranger_opened_under_the_address_ends(cast: Cast) -> None:
    """Their password, their session and their links, whether or not they are signed in when the owner accepts."""
    stranger = Browser()
    await stranger.open("/sign-up")
    await stranger.send("/sign-up", email=GUEST, password=STRANGERS, given_name="Чужой")
    secret = await invite_staff("organiser", email=GUEST, by=cast.organiser)
    owner = Browser()
    await owner.open(f"/invitations/{secret}")
    await owner.send(f"/invitations/{secret}/account", password=PASSWORD, given_name="Глеб")
    assert owner.path == "/organiser"
    await stranger.open("/organiser")
    assert stranger.path == "/sign-in"
    assert await authenticate(GUEST, STRANGERS, address="127.0.0.1") is None
    assert (await guest()).given_name == "Глеб"


async def test_an_unconfirmed_account_does_not_accept_by_its_session(cast: Cast) -> None:
    """Whoever opened it may be a stranger who made the owner sign in: a new password is chosen all the same."""
    person = await sign_up(GUEST, STRANGERS)
    browser = await signed_in(person)
    secret = await invite_staff("organiser", email=GUEST, by=cast.organiser)
    with pytest.raises(NotInvited):
        await accept(secret, by=person)
    await browser.open(f"/invitations/{secret}")
    await browser.send(f"/invitations/{secret}/account", password=PASSWORD)
    assert browser.path == "/organiser"
    assert await authenticate(GUEST, STRANGERS, address="127.0.0.1") is None


async def test_the_owner_of_a_confirmed_account_signs_in(cast: Cast) -> None:
    secret = await invite_staff("organiser", email=cast.teacher.email, by=cast.organiser)
    with pytest.raises(AddressTaken):
        await claim(secret, Newcomer(PASSWORD))
    browser = Browser()
    await browser.open(f"/invitations/{secret}")
    assert "Войдите под ней" in browser.text
    assert f'href="/sign-in?next=/invitations/{secret}"' in browser.page.text
    left_open = await begin_session(cast.teacher, user_agent="a computer at school")
    browser = await signed_in(cast.teacher)
    await browser.open(f"/invitations/{secret}")
    await browser.send(f"/invitations/{secret}")
    assert browser.path == "/organiser"
    assert await visit_of(left_open) is None


async def test_a_team_is_joined_by_the_mailed_link_alone(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain, email=GUEST)
    person, to = await claim(secret, Newcomer(PASSWORD, "Глеб"))
    assert to == f"/projects/{cast.project.id}"
    assert await role_of(person, cast.project.id) == "student"


async def test_a_name_that_comes_with_an_invitation_is_followed_like_any_other(cast: Cast) -> None:
    """An organiser gave somebody of a public team a new address, and the first to prove it is an invitation to another team."""
    await published(cast, "Спасибо за помощь: Марина Лебедева.")
    await change_address_for(cast.teammate.id, GUEST, reason="Потерял почту", by=cast.organiser)
    idea = await start("Вторая идея", season=cast.season, by=cast.outsider)
    secret = await invite_to_team(idea, "student", by=cast.outsider, email=GUEST)
    person, _to = await claim(secret, Newcomer(PASSWORD, "Марина", "Лебедева"))
    assert person.id == cast.teammate.id
    assert await shown(cast) == f"Спасибо за помощь: {MASK}."
    assert [name.family for name in (await names_ever_of([person.id]))[person.id]] == ["Лебедева", "Соколов"]


async def test_an_account_is_made_only_if_the_invitation_can_be_accepted(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "teacher", by=cast.captain, email=GUEST)
    browser = Browser()
    await browser.open(f"/invitations/{secret}")
    await browser.send(f"/invitations/{secret}/account", password=PASSWORD, given_name="Глеб", **ADULT)
    assert browser.page.status_code == 422
    assert "У команды уже есть педагог" in browser.text
    assert 'value="Глеб"' in browser.text
    assert not await Person.exists().where(Person.email == GUEST)


async def test_an_open_link_makes_no_account_without_a_mailbox(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    with pytest.raises(InvitationGone):
        await claim(secret, Newcomer(PASSWORD))


async def test_an_invitation_ends_with_the_role_of_whoever_sent_it(cast: Cast) -> None:
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    secret = await invite_staff("organiser", email=GUEST, by=cast.teacher)
    await Grant.delete().where(Grant.person == cast.teacher.id)
    with pytest.raises(InvitationGone):
        await claim(secret, Newcomer(PASSWORD))
    browser = Browser()
    assert (await browser.open(f"/invitations/{secret}")).status_code == 404
    assert not await Person.exists().where(Person.email == GUEST)


async def test_revoking_on_an_old_page_ends_the_link_that_was_resent_meanwhile(cast: Cast) -> None:
    await invite_staff("organiser", email=GUEST, by=cast.organiser)
    (on_the_page,) = await Invitation.objects().where(Invitation.email == GUEST)
    await resend_staff_invitation(on_the_page.id, by=cast.organiser)
    await revoke_staff_invitation(on_the_page.id, by=cast.organiser)
    assert not await Invitation.exists().where(Invitation.open() & (Invitation.email == GUEST))


async def test_what_was_accepted_is_not_said_to_be_revoked(cast: Cast) -> None:
    secret = await invite_staff("organiser", email=GUEST, by=cast.organiser)
    (row,) = await Invitation.objects().where(Invitation.email == GUEST)
    await claim(secret, Newcomer(PASSWORD))
    with pytest.raises(Refusal, match="уже приняли"):
        await revoke_staff_invitation(row.id, by=cast.organiser)


async def test_a_resent_invitation_replaces_the_old_one_and_a_revoked_one_is_gone(cast: Cast) -> None:
    first = await invite_staff("mentor", email=GUEST, by=cast.organiser)
    (row,) = await Invitation.objects().where(Invitation.email == GUEST)
    assert await resend_staff_invitation(row.id, by=cast.organiser) == GUEST
    with pytest.raises(InvitationGone):
        await claim(first, Newcomer(PASSWORD))
    (row,) = await Invitation.objects().where(Invitation.open() & (Invitation.email == GUEST))
    await revoke_staff_invitation(row.id, by=cast.organiser)
    await revoke_staff_invitation(row.id, by=cast.organiser)
    assert not await Invitation.exists().where(Invitation.open() & (Invitation.email == GUEST))
    for person in (cast.mentor, cast.captain):
        with pytest.raises(NotAllowed):
            await resend_staff_invitation(row.id, by=person)
        with pytest.raises(NotAllowed):
            await revoke_staff_invitation(row.id, by=person)
