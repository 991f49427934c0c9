"""Awards: given only by organisers and only to public projects; shown, found, and withdrawn."""

from typing import Any

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import AlreadyThere, writing
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.programme.tables import Award
from incubator.publication.awards import add_award, give_award, take_award
from incubator.publication.publish import ask_publication, publish
from tests.browser import Browser, signed_in
from tests.cast import Cast, submitted


async def award(cast: Cast) -> Award:
    return await add_award(cast.season, title_ru="Выбор жюри", title_en="Jury's choice", by=cast.organiser)


async def test_who_may(cast: Cast) -> None:
    for person in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await add_award(cast.season, title_ru="Моя", title_en="Mine", by=person)
    given = await award(cast)
    with pytest.raises(AlreadyThere):
        await award(cast)
    with pytest.raises(Refusal, match="покажите проект"):
        await give_award(cast.project, given, by=cast.organiser)
    for verb in (give_award, take_award):
        with pytest.raises(NotAllowed):
            await verb(cast.project, given, by=cast.captain)


async def test_seen_found_and_taken_back(cast: Cast) -> None:
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    office = await signed_in(cast.organiser)
    await office.open("/organiser/publications")
    await office.send("/organiser/awards", season=cast.season.id, title_ru="Выбор жюри", title_en="")
    assert office.page.status_code == 422
    assert "Выбор жюри" in office.text
    await office.send("/organiser/awards", season=cast.season.id, title_en="Jury's choice")
    assert "Награда добавлена" in office.text
    path = f"/organiser/publications/{cast.project.id}/awards"
    await office.send(path, award=(await Award.select(Award.id))[0]["id"])
    assert "Проект награждён" in office.text

    async def shown() -> tuple[bool, int]:
        page, found = Browser(), Browser()
        await page.open(f"/showcase/{cast.project.slug}")
        await found.open("/showcase?award=test-jurys-choice")
        return "Выбор жюри" in page.text, found.text.count('class="card"')

    assert await shown() == (True, 1)
    await office.post(path, {"csrf": office.csrf(), "award": "1", "take": "1"})
    assert "Награда снята" in office.text
    assert await shown() == (False, 0)


async def test_nonsense_is_refused(cast: Cast) -> None:
    office: Any = await signed_in(cast.organiser)
    await office.open("/organiser/publications")
    token = office.csrf()
    for path, values, status in (
        (f"/organiser/publications/{cast.project.id}/awards", {"award": "999"}, 404),
        (f"/organiser/publications/{cast.project.id}/awards", {"award": "x"}, 404),
        ("/organiser/publications/99999/awards", {"award": "1"}, 404),
        ("/organiser/awards", {"season": "77", "title_ru": "Н", "title_en": "N"}, 422),
        ("/organiser/awards", {"title_ru": "Н" * 500, "title_en": "N"}, 422),
    ):
        response = await office.post(path, {"csrf": token, **values})
        assert response.status_code == status, (path, values)


async def test_nobody_gives_or_takes_an_award_of_their_own_team(cast: Cast) -> None:
    async with writing():
        await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    award = await add_award(cast.season, title_ru="Лучший", title_en="Best", by=cast.organiser)
    for verb in (give_award, take_award):
        with pytest.raises(NotAllowed, match="другой организатор"):
            await verb(cast.project, award, by=cast.teacher)
