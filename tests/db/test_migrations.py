"""The migrations create exactly the schema that the code declares, on both engines."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from incubator.db import current_engine, run_sql, writing
from incubator.db.engines import AnyEngine, engine_for
from incubator.db.migrating import migrate, pending
from tests import engines
from tests.db import first_migration
from tests.db.catalogue import Fact, read_catalogue
from tests.db.declared import create_declared


async def test_migrating_twice_does_nothing(database: AnyEngine) -> None:
    assert await pending() == []
    assert await migrate() == []


def test_the_first_migration_is_what_the_tables_say() -> None:
    """Delete this test with the first named release: then the file is frozen (docs/migrations.md)."""
    assert first_migration.FILE.read_text("utf-8") == first_migration.text(), "run: python -m tests.db.first_migration"


def declared_on(empty: AbstractAsyncContextManager[AnyEngine]) -> set[Fact]:
    async def create_and_read() -> set[Fact]:
        async with empty:
            await create_declared()
            return await read_catalogue()

    with asyncio.Runner() as runner:
        return runner.run(create_and_read())


@pytest.fixture(scope="module")
def declared_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> set[Fact]:
    path: Path = tmp_path_factory.mktemp("declared") / "declared.sqlite"
    return declared_on(engines.started(engine_for(str(path))))


@pytest.fixture(scope="module")
def declared_on_postgres(postgres_server: engines.Server) -> set[Fact]:
    return declared_on(engines.postgres_copy(postgres_server, "template0"))


@pytest.fixture
def declared(request: pytest.FixtureRequest, database: AnyEngine) -> set[Fact]:
    """Return the declared schema for the engine of ``database``."""
    facts: set[Fact] = request.getfixturevalue(f"declared_on_{database.engine_type}")
    return facts


async def test_the_migrations_make_what_the_code_declares(declared: set[Fact]) -> None:
    migrated = await read_catalogue()
    assert sorted(declared - migrated) == []
    assert sorted(migrated - declared) == []


PRACTICE = next(
    each for each in first_migration.FILE.read_text("utf-8").split("\n\n") if 'CREATE TABLE "practice"' in each
)

#: Kind of fact, its table, the end of its name, and the change made to it. Unique rules are indexes on SQLite.
DRIFT = {
    "an index is missing": ("index", "event", "event_actor", ['DROP INDEX "event_actor"']),
    "an index holds other columns": (
        "index", "event", "event_actor",
        ['DROP INDEX "event_actor"', 'CREATE INDEX "event_actor" ON "event" ("actor_id")'],
    ),
    "an index has another condition": (
        "index", "member", "captain_once",
        ['DROP INDEX "captain_once"', 'CREATE UNIQUE INDEX "captain_once" ON "member" ("project") WHERE "role" = \'coach\''],
    ),
    "an index is no longer unique": (
        "index", "member", "captain_once",
        ['DROP INDEX "captain_once"', 'CREATE INDEX "captain_once" ON "member" ("project") WHERE "role" = \'captain\''],
    ),
    "an index is one too many": ("index", "event", "event_at", ['CREATE INDEX "event_at" ON "event" ("at")']),
    "a unique rule is missing": ("unique", "member", "member_once", ['ALTER TABLE "member" DROP CONSTRAINT "member_once"']),
    "a unique column is missing": ("unique", "award", "award_key_key", ['ALTER TABLE "award" DROP CONSTRAINT "award_key_key"']),
    "a column is missing": ("column", "practice", "levels", ['ALTER TABLE "practice" DROP COLUMN "levels"']),
    "a column is one too many": ("column", "practice", "more", ['ALTER TABLE "practice" ADD COLUMN "more" INTEGER']),
    "a column has another type": ("column", "award", "key", ['ALTER TABLE "award" ALTER COLUMN "key" TYPE VARCHAR(70)']),
    "a column may be null": ("column", "award", "key", ['ALTER TABLE "award" ALTER COLUMN "key" DROP NOT NULL']),
    "a column has another default": ("column", "award", "key", ['ALTER TABLE "award" ALTER COLUMN "key" SET DEFAULT \'x\'']),
    "a foreign key does something else": (
        "foreign key", "practice", "mentor",
        ['DROP TABLE "practice"', PRACTICE.replace("DELETE CASCADE", "DELETE RESTRICT"), 'CREATE INDEX "practice_mentor" ON "practice" ("mentor")'],
    ),
    "a table is one too many": ("column", "stranger", "a", ['CREATE TABLE "stranger" ("a" INTEGER)']),
    "a check is one too many": ("check", "award", "award_named", ['ALTER TABLE "award" ADD CONSTRAINT "award_named" CHECK ("key" <> \'\')']),
}  # fmt: skip


@pytest.mark.parametrize("drift", DRIFT.values(), ids=DRIFT)
async def test_drift_is_seen(declared: set[Fact], drift: tuple[str, str, str, list[str]]) -> None:
    kind, table, name, statements = drift
    async with writing():
        for statement in statements:
            await current_engine().run_ddl(statement)
    found = {fact[:3] for fact in declared ^ await read_catalogue()}
    kinds = {kind, "index"} if current_engine().engine_type == "sqlite" and kind == "unique" else {kind}
    assert len(found) == 1
    (seen,) = found
    assert seen[0] in kinds
    assert (seen[1], name in seen[2]) == (table, True)


async def test_a_trigger_that_is_missing_or_says_something_else_is_seen(
    declared: set[Fact], database: AnyEngine
) -> None:
    is_sqlite = database.engine_type == "sqlite"
    on = "" if is_sqlite else ' ON "member"'
    trigger = next(fact for fact in declared if fact[0] == "trigger" and fact[2] == "public_member_update")
    await run_sql('DROP TRIGGER "public_member_update"' + on)
    assert declared - await read_catalogue() == {trigger}
    await run_sql(trigger[3].replace("AFTER UPDATE", "AFTER INSERT"))
    assert {fact[:3] for fact in declared ^ await read_catalogue()} == {trigger[:3]}


async def test_a_function_of_a_trigger_that_says_something_else_is_seen(
    declared_on_postgres: set[Fact], postgres: AnyEngine
) -> None:
    function = next(
        fact for fact in declared_on_postgres if fact[2] == "public_member_update" and fact[0] == "function"
    )
    await run_sql(function[3].replace("role", "joined_at"))
    assert {fact[:3] for fact in declared_on_postgres ^ await read_catalogue()} == {function[:3]}
