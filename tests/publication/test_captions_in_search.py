"""A word that stands in a caption alone finds a project as long as everybody may see what it stands below, and not a moment longer."""

from datetime import date
from typing import Any

import pytest

from incubator.app import PERIODIC
from incubator.attachments.attach import caption_files
from incubator.attachments.people_on import Said
from incubator.attachments.tables import People
from incubator.jobs.periodic import run_once
from incubator.people.tables import Consent
from incubator.projects.consents import PHOTO, give_consent
from incubator.projects.kinds.file_ref import FileRef
from incubator.publication.file_changes import hide_file, note_files
from incubator.publication.tables import Publication
from incubator.publication.withdrawals import remove_member, withdraw_by_family, withdraw_consent
from incubator.search.keys import keys_of
from incubator.search.postings import counts_of
from tests.browser import Browser
from tests.cast import Cast, fresh_project
from tests.gates.test_file_pages import made_public, with_picture

WORD = "клепсидра"
NOBODY = Said(People.NOBODY)


async def with_word(cast: Cast, said: Said = NOBODY) -> FileRef:
    """Return a picture of a public version whose caption alone has the word."""
    ref = await with_picture(cast, said)
    await caption_files(cast.project.id, {ref.id: "Наша клепсидра"}, by=cast.captain)
    await made_public(cast)
    return ref


async def where_found(cast: Cast) -> set[str]:
    """Return the outputs in which the word finds the project."""
    visitor, slug = Browser(), (await fresh_project(cast.project)).slug
    listed = await visitor.open(f"/api/v1/projects?q={WORD}")
    counted = await visitor.open(f"/api/v1/facets?q={WORD}")
    pages = ("/showcase", "/showcase/feed.atom", "/embed")
    found = {each for each in pages if slug in (await visitor.open(f"{each}?q={WORD}")).text}
    found |= {"list"} if listed.json()["items"] or listed.json()["total"] else set()
    return found | ({"count"} if counted.json()["total"] else set())


EVERYWHERE = {"/showcase", "/showcase/feed.atom", "/embed", "list", "count"}


async def test_it_finds_what_everybody_may_see(cast: Cast) -> None:
    await with_word(cast)
    assert await where_found(cast) == EVERYWHERE


@pytest.mark.parametrize("people", [People.UNSAID, People.OTHERS])
async def test_it_finds_no_picture_of_people_of_whom_nobody_knows(cast: Cast, people: People) -> None:
    ref = await with_picture(cast, Said(People.OTHERS))
    if people is People.UNSAID:
        await note_files(cast.project.id, {ref.id: Said(People.UNSAID)}, {}, by=cast.captain)
    await caption_files(cast.project.id, {ref.id: "Наша клепсидра"}, by=cast.captain)
    await made_public(cast)
    assert await where_found(cast) == set()


async def test_it_finds_nothing_while_the_picture_is_hidden(cast: Cast) -> None:
    ref = await with_word(cast)
    await hide_file(cast.project.id, ref.id, is_hidden=True, by=cast.captain)
    assert await where_found(cast) == set()
    assert await counts_of({*keys_of(WORD)}) == {}, "nothing of it is in the index"
    await hide_file(cast.project.id, ref.id, is_hidden=False, by=cast.captain)
    assert await where_found(cast) == EVERYWHERE


async def test_it_finds_nothing_once_an_organiser_has_to_look_again(cast: Cast) -> None:
    ref = await with_word(cast, Said(People.TEAM, frozenset({cast.captain.id})))
    assert await where_found(cast) == EVERYWHERE
    await note_files(cast.project.id, {ref.id: NOBODY}, {}, by=cast.captain)
    assert await where_found(cast) == set()


async def withdraw(cast: Cast) -> None:
    await withdraw_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)


async def withdraw_at_home(cast: Cast) -> None:
    await withdraw_by_family(cast.teammate, PHOTO)


async def leave(cast: Cast) -> None:
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)


@pytest.mark.parametrize("end", [withdraw, withdraw_at_home, leave])
async def test_a_withdrawal_takes_it_from_the_index(cast: Cast, end: Any) -> None:
    await with_word(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    assert await where_found(cast) == EVERYWHERE
    await end(cast)
    assert await where_found(cast) == set()
    assert await counts_of({*keys_of(WORD)}) == {}


async def test_a_consent_that_ends_without_a_verb_hides_it_at_the_next_request(cast: Cast) -> None:
    await with_word(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    photos = (Consent.person == cast.teammate.id) & (Consent.purpose == PHOTO)
    await Consent.update({Consent.ends_on: date(2020, 1, 1)}).where(photos)
    assert await where_found(cast) == set()
    done = await run_once(PERIODIC)
    assert done["follow_all_captions"] == 1
    assert await counts_of({*keys_of(WORD)}) == {}
    assert (await run_once(PERIODIC))["follow_all_captions"] == 0


async def test_a_consent_that_is_given_again_brings_it_back(cast: Cast) -> None:
    await with_word(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    await withdraw(cast)
    await give_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
    assert (await run_once(PERIODIC))["follow_all_captions"] == 1
    assert await where_found(cast) == EVERYWHERE


async def test_no_card_says_a_caption(cast: Cast) -> None:
    await with_word(cast)
    row = await Publication.objects().get(Publication.project == cast.project.id)
    assert row
    assert WORD not in row.pitch.casefold()
    assert WORD in (await Browser().open(f"/showcase/{(await fresh_project(cast.project)).slug}")).text
