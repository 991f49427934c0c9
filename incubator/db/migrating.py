"""Migration of the schema: all pending migrations run, or none."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO

from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig

from incubator.db.engines import current_engine
from incubator.db.writing import writing

#: An arbitrary number: every process that migrates this database asks PostgreSQL for the same lock.
_LOCK = 1_650_010


class MigrationFailed(Exception):
    """Piccolo refused to run the migrations."""


async def migrate() -> list[str]:
    """Run the pending migrations and return their ids, oldest first. Of two concurrent calls, the second does nothing."""
    async with writing():
        await _take_turns()
        waiting = await pending()
        if waiting:
            for app in _apps():
                await _run_forwards(app)
    return waiting


async def pending() -> list[str]:
    """Return the ids of the pending migrations, oldest first."""
    ids = [(app.app_name, each) for app in _apps() for each in _ids_in(app.resolved_migrations_folder_path)]
    if not await Migration.table_exists():
        return [each for _, each in ids]
    rows = await Migration.select(Migration.app_name, Migration.name)
    ran = {(row["app_name"], row["name"]) for row in rows}
    return [each for app, each in ids if (app, each) not in ran]


def _apps() -> list[AppConfig]:
    return BaseMigrationManager().get_app_configs()


async def _take_turns() -> None:
    """Lock out other migrations on PostgreSQL; SQLite allows only one writer anyway."""
    if current_engine().engine_type == "postgres":
        await Migration.raw("SELECT pg_advisory_xact_lock({})", _LOCK)


async def _run_forwards(app: AppConfig) -> None:
    with redirect_stdout(StringIO()) as said, _path_kept():
        result = await ForwardsMigrationManager(app_name=app.app_name).run()
    if not result.success:
        raise MigrationFailed(result.message or said.getvalue())


def _ids_in(folder: str) -> list[str]:
    with _path_kept():
        modules = BaseMigrationManager().get_migration_modules(folder)
    return sorted(modules)


@contextmanager
def _path_kept() -> Iterator[None]:
    """Restore ``sys.path``: Piccolo prepends the folder each time it looks for migrations."""
    before = sys.path[:]
    try:
        yield
    finally:
        sys.path[:] = before
