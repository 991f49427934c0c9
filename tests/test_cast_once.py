"""The cast is made once and copied: each test has it as it was made, whatever the tests before did to theirs."""

import pytest

from incubator.db.engines import AnyEngine
from incubator.db.raw import run_sql
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


#: Changes of the schema, and what is found only after them.
CHANGES = [
    ("ALTER TABLE news ADD COLUMN mood TEXT", "SELECT 1 FROM pg_attribute WHERE attname = 'mood'"),
    ("ALTER TABLE news ALTER COLUMN headline SET DEFAULT 'x'",
     "SELECT 1 FROM information_schema.columns WHERE table_name = 'news' AND column_default LIKE '''x''%'"),
    ("ALTER TABLE news ALTER COLUMN headline DROP NOT NULL",
     "SELECT 1 FROM information_schema.columns WHERE (table_name, column_name, is_nullable) = ('news', 'headline', 'YES')"),
    ("ALTER TABLE news DISABLE TRIGGER ALL", "SELECT 1 FROM pg_trigger WHERE tgenabled = 'D'"),
    ("CREATE INDEX news_headline ON news (headline)", "SELECT 1 FROM pg_class WHERE relname = 'news_headline'"),
    ("DROP TABLE news CASCADE", "SELECT 1 WHERE to_regclass('news') IS NULL"),
    ("CREATE FUNCTION mood() RETURNS int LANGUAGE sql AS 'SELECT 1'", "SELECT 1 FROM pg_proc WHERE proname = 'mood'"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "traces"), CHANGES)
@pytest.mark.parametrize("turn", range(2))
async def test_no_test_finds_what_another_made_of_the_schema(
    postgres: AnyEngine, change: str, traces: str, turn: int
) -> None:
    assert not await run_sql(traces)
    await run_sql(change)
    assert await run_sql(traces)
