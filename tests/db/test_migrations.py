"""The tables that the code describes are the tables that the migrations make."""

from typing import Any

from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.table import Table

from incubator.db.engines import current_engine
from incubator.db.migrating import migrate, pending
from incubator.piccolo_app import APP_CONFIG


async def test_no_migration_is_forgotten() -> None:
    found = await AutoMigrationManager().get_alter_statements(APP_CONFIG)
    assert [statement for kind in found for statement in kind.statements] == []


async def test_the_database_has_exactly_our_columns(database: Any) -> None:
    for table in APP_CONFIG.table_classes:
        described = {column._meta.db_column_name for column in table._meta.columns}
        assert await _columns(table) == described, table


async def test_migrating_twice_does_nothing(database: Any) -> None:
    assert await pending() == []
    assert await migrate() == []


async def _columns(table: type[Table]) -> set[str]:
    name = table._meta.tablename
    if current_engine().engine_type == "sqlite":
        rows = await table.raw("SELECT name FROM pragma_table_info({})", name)
    else:
        rows = await table.raw(
            "SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = {}", name
        )
    return {row["name"] for row in rows}
