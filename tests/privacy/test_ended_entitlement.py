"""What somebody does in the moment in which an organiser ends what they are confirmed as: nothing of it stays (PostgreSQL)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from incubator.core.clock import today
from incubator.core.refusals import NotAllowed
from incubator.db import writing
from incubator.people.accounts import create_person
from incubator.people.affiliations import AffiliationCapacity, affiliate, confirm_affiliation
from incubator.people.ages import birthday
from incubator.people.tables import Consent, Person
from incubator.privacy.family import renew_code
from incubator.privacy.scans import file_scans
from incubator.privacy.sheets import WantedSheet, make_sheets
from incubator.privacy.slips import make_slips
from incubator.projects.access import role_of
from incubator.projects.consents import PARTICIPATION
from incubator.projects.start import start
from incubator.projects.tables import Project
from incubator.projects.team import join
from incubator.projects.vouching import end_confirmation, vouch
from tests.cast import Cast, fill_details, fresh_project, make_cast
from tests.files.test_orphans import SOMEBODY_WAITS_FOR_US
from tests.test_permissions import brought_sheets


@pytest.fixture
async def team(postgres: Any) -> Cast:
    return await make_cast()


async def meanwhile(team: Cast, verb: Callable[[], Awaitable[Any]]) -> Any:
    """End the teacher's confirmation, and begin ``verb`` before that is committed; return its result, or what it raised."""
    is_ended = asyncio.Event()

    async def a_moment_later() -> Any:
        await is_ended.wait()
        return await verb()

    task = asyncio.ensure_future(a_moment_later())  # here: a task that is made inside has the same transaction
    async with writing(), asyncio.timeout(30):
        await end_confirmation(team.teacher.id, reason="Чужой человек", by=team.organiser)
        is_ended.set()
        while not task.done() and not await Person.raw(SOMEBODY_WAITS_FOR_US):
            pass
    return (await asyncio.gather(task, return_exceptions=True))[0]


async def test_no_sheet_is_filed(team: Cast) -> None:
    scans = await brought_sheets(team, "participation", "public_name")

    async def file() -> int:
        return await file_scans([scan.id for scan in scans], by=team.teacher)

    assert isinstance(await meanwhile(team, file), NotAllowed)
    recorded = (Consent.recorded_by == team.teacher.id) & (Consent.person != team.teacher.id)
    assert not await Consent.exists().where(recorded & Consent.voided_at.is_null())


@pytest.mark.parametrize("what", ["code", "sheets", "slips"])
async def test_nothing_of_a_child_is_made_or_changed(team: Cast, what: str) -> None:
    await brought_sheets(team, "participation")
    child, project = team.teammate.id, team.project.id

    verbs: dict[str, Callable[[], Awaitable[Any]]] = {
        "code": lambda: renew_code(child, by=team.teacher),
        "sheets": lambda: make_sheets([WantedSheet(child, project, PARTICIPATION)], locale="ru", by=team.teacher),
        "slips": lambda: make_slips([(project, child)], by=team.teacher),
    }
    assert isinstance(await meanwhile(team, verbs[what]), NotAllowed)


async def test_nobody_is_vouched_for(team: Cast) -> None:
    await fill_details(team)
    school = (await fresh_project(team.project)).organisation
    place = await affiliate(team.teacher, school, AffiliationCapacity.TEACHER, by=team.organiser)
    await confirm_affiliation(place.id, by=team.organiser)
    other = await start("Другой", season=team.season, by=team.outsider, pitch="О другом")
    await Project.update({Project.organisation: school}).where(Project.id == other.id)
    async with writing():
        stranger = await create_person(
            "stranger@example.org", given_name="Чужак", born_on=birthday(today(), -40), confirmed=True
        )
        await join(other.id, stranger, "teacher")
    assert isinstance(await meanwhile(team, lambda: vouch(other, stranger.id, by=team.teacher)), NotAllowed)
    assert await role_of(stranger, other.id) == "unvouched"
