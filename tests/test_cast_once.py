"""The cast is made once and copied: each test has it as it was made, whatever the tests before did to theirs."""

import pytest

from incubator.db.engines import AnyEngine
from incubator.people.tables import Person
from incubator.projects.tables import Member, Project
from incubator.reference.tables import Cluster
from tests.cast import Cast, fresh_project


@pytest.mark.parametrize("turn", range(2))
async def test_every_test_has_the_cast_as_it_was_made(cast: Cast, turn: int) -> None:
    assert cast.project.title == (await fresh_project(cast.project)).title == "Тихий улей"
    assert await Member.count().where(Member.project == cast.project.id) == 4
    assert await Person.count() == 9
    assert not await Cluster.exists().where(Cluster.title_ru == "Другой")
    cast.project.title = f"Улей {turn}"
    await cast.project.save([Project.title])
    await Member.delete().where(Member.person == cast.coach.id)
    await Cluster.update({Cluster.title_ru: "Другой"}, force=True)
    added = Person(email="new@example.org", given_name="Новый", family_name="Человек")
    await added.save()
    assert added.id == cast.organiser.id + 1


@pytest.mark.parametrize("turn", range(2))
async def test_a_test_without_the_cast_finds_nobody(database: AnyEngine, turn: int) -> None:
    assert await Person.count() == 0
    await Person(email="new@example.org", given_name="Новый", family_name="Человек").save()
