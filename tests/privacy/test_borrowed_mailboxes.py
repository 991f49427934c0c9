"""An account whose address its owner never proved, or has lost: nothing that was mailed there comes along, and no role."""

import re
from datetime import timedelta

import pytest

from incubator.app import AUDIENCES
from incubator.core.clock import clock_at, now
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.gates.accept import Newcomer, accept, claim
from incubator.gates.delete_project import delete_project
from incubator.mail.tables import Message
from incubator.notifications.digest import bundle_waiting
from incubator.people.accounts import create_person
from incubator.people.address_change import ask_new_address, confirm_address
from incubator.people.grants import grant_role, roles_of
from incubator.people.hashing import hash_password
from incubator.people.oidc.identities import person_for
from incubator.people.oidc.tokens import Visitor
from incubator.people.permissions import StaffRole
from incubator.people.tables import Identity, Person
from incubator.privacy.guardian_links import ask_guardians
from incubator.privacy.guardian_rules import WantedGuardian
from incubator.privacy.lost_mailbox import replace_lost_address
from incubator.privacy.merge_proof import proof_of
from incubator.privacy.merging import merge_for, merge_own
from incubator.projects.invitations import InvitationGone
from incubator.projects.staff_invitations import invite_staff
from tests.browser import signed_in
from tests.cast import Cast, fresh, fresh_project, rewrite
from tests.privacy.guardians import MOTHER, links_allowed
from tests.stories.test_the_long_way import last_link

PASSWORD = "синий чайник поёт"


async def adult(
    email: str, *, confirmed: bool = True, role: StaffRole | None = None, by: Person | None = None
) -> Person:
    async with writing():
        hashed = await hash_password(PASSWORD)
        person = await create_person(
            email, given_name="Инна", family_name="Озёрная", is_adult=True, confirmed=confirmed, password_hash=hashed
        )
        if role:
            await grant_role(person, role, by=by)
    return await fresh(person)


@pytest.mark.parametrize("how", ["change", "merge"])
async def test_a_guardians_link_stays_with_the_mailbox_that_it_was_mailed_to(cast: Cast, how: str) -> None:
    """A child has opened an account with the mother's address, and moves it to a mailbox of their own while the mail waits."""
    await links_allowed(cast)
    borrowed = await adult(MOTHER, confirmed=False)
    if how == "change":
        await ask_new_address(borrowed, "childs-second@example.org", password=PASSWORD, address="127.0.0.1")
    wanted = [WantedGuardian(cast.captain.id, "Анна Кузнецова", "mother", MOTHER)]
    await ask_guardians(wanted, locale="ru", by=cast.teacher)
    if how == "change":
        row = await Message.objects().where(Message.to == "childs-second@example.org").first()
        assert row
        link = re.search(r"/address/([\w-]+)", row.body)
        assert link
        assert await confirm_address(link[1])
    else:
        await merge_own(await proof_of(borrowed), by=cast.captain)
    (mail,) = await Message.objects().where(Message.body.like("%/guardian/%"))
    assert mail.to == MOTHER


@pytest.mark.parametrize("role", [StaffRole.ORGANISER, StaffRole.MENTOR])
async def test_a_role_that_moves_with_an_account_is_told_to_the_organisers(cast: Cast, role: StaffRole) -> None:
    staff = await adult("staff@example.org", role=role, by=cast.organiser)
    other = await adult("other@elsewhere.example")
    await Message.delete(force=True)
    await merge_own(await proof_of(staff), by=other)
    assert await roles_of(other.id) == {role}
    (mail,) = await Message.objects().where(Message.to == cast.organiser.email)
    assert mail.subject == "Роль в программе перешла к другой записи"
    assert "other@elsewhere.example" in mail.body


async def test_no_role_moves_to_an_address_that_nobody_has_proved(cast: Cast) -> None:
    staff = await adult("staff@example.org", confirmed=False, role=StaffRole.MENTOR, by=cast.organiser)
    other = await adult("other@elsewhere.example", confirmed=False)
    with pytest.raises(Refusal, match="не подтверждён"):
        await merge_own(await proof_of(staff), by=other)
    with pytest.raises(Refusal, match="не подтверждён"):
        await merge_for(other.id, staff.id, reason="Это один человек", by=cast.organiser)


async def test_a_forgotten_session_does_not_become_an_organisers(cast: Cast) -> None:
    staff = await adult("staff@example.org", role=StaffRole.ORGANISER, by=cast.organiser)
    other = await adult("other@elsewhere.example")
    school_computer, own = await signed_in(other), await signed_in(other)
    await own.open(f"/profile/merging/{await proof_of(staff)}")
    await own.send(own.path)
    await own.open("/organiser")
    assert own.page.status_code == 200
    await school_computer.open("/organiser")
    assert school_computer.path == "/sign-in"


async def test_an_invitation_ends_with_the_mailbox_that_was_lost(cast: Cast) -> None:
    person = await adult("lost@example.org")
    secret = await invite_staff("organiser", email="lost@example.org", by=cast.organiser)
    second = await adult("second@example.org", role=StaffRole.ORGANISER, by=cast.organiser)
    office, page = await signed_in(second), f"/organiser/accounts/{person.id}"
    await office.open(page)
    await office.send(f"{page}/address", new_email="found@example.org", address_reason="Ящик взломали")
    assert (await fresh(person)).email == "found@example.org"
    with pytest.raises(InvitationGone):
        await claim(secret, Newcomer(PASSWORD))


async def test_an_address_that_stays_the_same_keeps_its_invitations(cast: Cast) -> None:
    person = await adult("same@example.org")
    secret = await invite_staff("mentor", email="same@example.org", by=cast.organiser)
    await replace_lost_address(person.id, "same@example.org", reason="Проверяем", by=cast.organiser)
    await accept(secret, by=person)
    assert await roles_of(person.id) == {StaffRole.MENTOR}


async def test_what_waited_follows_an_address_that_was_mistyped_at_first(cast: Cast) -> None:
    await rewrite(cast, "problem", "Секрет семьи. " * 30)
    title, reason = cast.project.title, "По просьбе"
    await delete_project(
        await fresh_project(cast.project), typed=title, reason=reason, with_reviews=True, by=cast.organiser
    )
    for address in ("mistyped@example.org", "mine@example.org"):
        await replace_lost_address(cast.captain.id, address, reason="Потеряла почту", by=cast.organiser)
    waiting = await Message.select(Message.to, Message.body).where(Message.sent_at.is_null())
    told = {row["to"] for row in waiting if "Секрет семьи" in row["body"]}
    assert "mine@example.org" in told
    assert not {"mistyped@example.org", cast.captain.email} & told
    await Message.update({Message.to: "mistyped@example.org", Message.is_bundled: True}).where(
        Message.sent_at.is_null()
    )
    with clock_at(now() + timedelta(days=2)):
        assert await bundle_waiting(AUDIENCES) == 0  # no account has that address


def visitor(subject: str, email: str) -> Visitor:
    return Visitor("https://id.example.org", subject, email, is_confirmed=True)


async def test_what_opened_the_account_that_the_office_ended_does_not_open_the_one_that_stays(cast: Cast) -> None:
    stranger, is_new = await person_for(visitor("stranger", "stranger@example.org"))
    assert is_new
    await merge_for(cast.mentor.id, stranger.id, reason="Один человек", by=cast.organiser)
    assert not await Identity.exists().where(Identity.person == cast.mentor.id)


async def test_a_mailbox_that_is_no_longer_ones_own_opens_nothing_at_another_site(cast: Cast) -> None:
    old, new = cast.mentor.email, "new@example.org"
    await Person.update({Person.password: await hash_password("синий чайник поёт")}).where(Person.id == cast.mentor.id)
    person, _is_new = await person_for(visitor("old-box", old))
    assert person.id == cast.mentor.id
    await ask_new_address(await fresh(cast.mentor), new, password="синий чайник поёт", address="192.0.2.1")
    for box in (new, old):
        await confirm_address((await last_link(box)).rsplit("/", 1)[1])
    assert not await Identity.exists().where(Identity.person == cast.mentor.id)
