"""What was begun with a password ends with it: sessions, proofs for merging, mailed links, a change of address."""

from collections.abc import Awaitable, Callable

import pytest

from incubator.core.refusals import Stale
from incubator.people import tokens
from incubator.people.accounts import LinkExpired, change_password, reset_password
from incubator.people.address_change import ask_new_address, open_change
from incubator.people.hashing import hash_password
from incubator.people.mailbox_proof import confirm_with_new_password
from incubator.people.sessions import begin_session
from incubator.people.tables import Person, Session
from incubator.privacy.merge_proof import proof_of
from incubator.privacy.merging import merge_for, merge_own
from tests.cast import Cast, fresh

PASSWORD = "синий чайник поёт"
NEW = "совсем-другая-фраза-7"


Change = Callable[[Person], Awaitable[None]]


@pytest.fixture(autouse=True)
async def with_password(cast: Cast) -> None:
    await Person.update({Person.password: await hash_password(PASSWORD)}).where(Person.id == cast.captain.id)


async def _change(person: Person) -> None:
    await change_password(person, current=PASSWORD, new=NEW)


async def _reset(person: Person) -> None:
    await reset_password(await tokens.issue(person, tokens.RESET), NEW)


CHANGES = pytest.mark.parametrize("change", [_change, _reset])


@CHANGES
async def test_a_proof_by_the_old_password_merges_nothing(cast: Cast, change: Change) -> None:
    proof = await proof_of(await fresh(cast.captain))
    await change(await fresh(cast.captain))
    with pytest.raises(LinkExpired):
        await merge_own(proof, by=cast.outsider)
    assert await Person.exists().where(Person.id == cast.captain.id)


async def test_a_link_for_a_new_password_is_gone_once_there_is_one(cast: Cast) -> None:
    link = await tokens.issue(cast.captain, tokens.RESET)
    await _change(await fresh(cast.captain))
    with pytest.raises(LinkExpired):
        await reset_password(link, NEW)


@CHANGES
async def test_a_change_of_address_asked_with_the_old_password_ends(cast: Cast, change: Change) -> None:
    await ask_new_address(await fresh(cast.captain), "thief@example.org", password=PASSWORD, address="")
    await change(await fresh(cast.captain))
    assert await open_change(cast.captain) is None


async def test_a_stranger_who_opened_the_account_leaves_no_change_of_address(cast: Cast) -> None:
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.captain.id)
    await ask_new_address(await fresh(cast.captain), "thief@example.org", password=PASSWORD, address="")
    await confirm_with_new_password(await tokens.issue(cast.captain, tokens.CONFIRM), NEW)
    assert await open_change(cast.captain) is None


async def test_a_password_that_was_right_a_moment_ago_signs_nobody_in(cast: Cast) -> None:
    proved = await fresh(cast.captain)
    await _change(await fresh(cast.captain))
    with pytest.raises(Stale):
        await begin_session(proved, user_agent="test")
    assert not await Session.exists().where(Session.person == cast.captain.id)


async def test_nobody_signs_in_to_an_account_that_has_just_been_merged(cast: Cast) -> None:
    proved = await fresh(cast.outsider)
    await merge_for(cast.captain.id, cast.outsider.id, reason="Один человек", by=cast.organiser)
    with pytest.raises(Stale):
        await begin_session(proved, user_agent="test")
