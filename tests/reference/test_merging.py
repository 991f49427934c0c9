"""Organisations and municipalities: present and former names, and mergers."""

from datetime import date

import pytest

from incubator.core.refusals import Refusal
from incubator.reference.merging import add_name, merge, present_ids, rename
from incubator.reference.organisations import find_organisation, organisation_named
from incubator.reference.tables import Municipality, MunicipalityName, Organisation, OrganisationName
from tests.cast import Cast

SPRING = date(2026, 4, 1)


async def test_a_name_that_people_use_finds_the_organisation(cast: Cast) -> None:
    lyceum = await organisation_named("Лицей имени Менделеева")
    assert await find_organisation("Менделеевка") is None
    await add_name(Organisation, lyceum, "Менделеевка", by=cast.organiser)
    await add_name(Organisation, lyceum, "Менделеевка", by=cast.organiser)  # a repeated click
    assert await find_organisation("Менделеевка") == lyceum == await organisation_named("Менделеевка")
    assert await OrganisationName.count().where(OrganisationName.organisation == lyceum) == 1


async def test_the_name_before_stays_with_its_last_day(cast: Cast) -> None:
    school = await organisation_named("ПТУ № 7")
    await rename(school, "Колледж «Маршрут»", by=cast.organiser, on=SPRING)
    await rename(school, "Колледж «Маршрут»", by=cast.organiser)  # nothing to change
    names = await OrganisationName.objects().where(OrganisationName.organisation == school)
    assert [(row.name, row.until) for row in names] == [("ПТУ № 7", SPRING)]
    assert await find_organisation("ПТУ № 7") == await find_organisation("Колледж «Маршрут»") == school


async def test_what_was_merged_leads_to_what_stands_for_it(cast: Cast) -> None:
    first, second, third = [await organisation_named(f"Школа № {n}") for n in (11, 12, 13)]
    await merge(Organisation, first, second, by=cast.organiser, on=SPRING)
    assert await find_organisation("Школа № 11") == second
    await merge(Organisation, second, third, by=cast.organiser)
    assert await present_ids(Organisation, [first, second, third, None]) == {first: third, second: third, third: third}
    assert await find_organisation("Школа № 11") == await organisation_named("Школа № 12") == third
    ended = await Organisation.objects().get(Organisation.id == first)
    assert ended
    assert (ended.name, ended.ended_on) == ("Школа № 11", SPRING), "the past stays as it was"


async def test_only_two_that_stand_are_merged(cast: Cast) -> None:
    first, second, third = [await organisation_named(f"Школа № {n}") for n in (11, 12, 13)]
    await merge(Organisation, first, second, by=cast.organiser)
    for ended, into in ((second, second), (first, third), (third, first), (second, 0)):
        with pytest.raises(Refusal):
            await merge(Organisation, ended, into, by=cast.organiser)
    assert await present_ids(Organisation, []) == {}


async def test_municipalities_are_merged_likewise(cast: Cast) -> None:
    old, new = (await Municipality.objects().order_by(Municipality.id))[:2]
    await merge(Municipality, old.id, new.id, by=cast.organiser, on=SPRING)
    assert await present_ids(Municipality, [old.id]) == {old.id: new.id}
    names = await MunicipalityName.objects().where(MunicipalityName.municipality == new.id)
    assert (old.title_ru, SPRING) in [(name.name, name.until) for name in names]
