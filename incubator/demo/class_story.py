"""The demo's class without mail: enrolled from a list, some with their cards used, a team of their own, documents half signed."""

from datetime import date, timedelta
from typing import Any

from incubator.classroom.cards import make_cards, use_card
from incubator.classroom.enrol import enrol
from incubator.classroom.pupil_list import read_list
from incubator.classroom.teams import become_teacher, put_into_team
from incubator.core.clock import today
from incubator.core.printed_codes import new_code
from incubator.people.ages import birthday
from incubator.people.enrolments import pupils_kept_by
from incubator.people.tables import Person
from incubator.privacy.sheets import WantedSheet, make_sheets
from incubator.programme.tables import Season
from incubator.projects.consents import PARTICIPATION, PUBLIC_NAME, PURPOSES, give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.start import start


async def enrol_class(row: dict[str, Any], *, teacher: Person, school: int) -> None:
    """Enrol the class of ``row`` (cast.toml); some come in by their cards."""
    born = [f"{name} {_born(number):%d.%m.%Y}" for number, name in enumerate(row["names"])]
    await enrol(read_list("\n".join(born), today()), organisation=school, course=row["course"], by=teacher)
    for card in await make_cards([pupil.id for pupil in (await _pupils(teacher))[: row["inside"]]], by=teacher):
        await use_card(card.login, card.code, new_code(12), address="")


async def begin_in_class(row: dict[str, Any], *, teacher: Person, season: Season, details: Details) -> None:
    """Let a few begin a team, sign some of the documents, and print cards and sheets for others."""
    pupils = await _pupils(teacher)
    await make_cards([pupil.id for pupil in pupils[row["inside"] : row["cards"]]], by=teacher)
    captain, *mates = pupils[: row["members"]]
    project = await start(row["team"], season=season, by=captain, pitch=row["pitch"])
    await change_details(project, details, version=1, by=captain)
    await become_teacher(project.id, by=teacher)
    await put_into_team([mate.id for mate in mates], project.id, by=teacher)
    await give_consent(project, captain, PARTICIPATION, by=teacher)
    await give_consent(project, captain, PUBLIC_NAME, by=teacher)
    await give_consent(project, mates[0], PARTICIPATION, by=teacher)
    rest = [WantedSheet(pupil.id, None, purpose) for pupil in pupils[row["members"] :] for purpose in PURPOSES]
    await make_sheets(rest, locale="ru", by=teacher)


async def _pupils(teacher: Person) -> list[Person]:
    return [each.person for each in await pupils_kept_by(teacher)]


def _born(number: int) -> date:
    """Return a date of birth: fourteen or a little more, each another day."""
    return birthday(today(), -14) - timedelta(days=20 + 23 * number)
