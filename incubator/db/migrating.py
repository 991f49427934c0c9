"""Bringing the schema up to date: all waiting migrations happen, or none."""

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

#: Any number: everybody who migrates this database asks PostgreSQL for the same lock.
_LOCK = 1_650_010


class MigrationFailed(Exception):
    """Piccolo refused to run the migrations."""


async def migrate() -> list[str]:
    """Run what is waiting and return the ids, oldest first. Two at once: the second finds nothing to do."""
    async with writing():
        await _take_turns()
        waiting = await pending()
        if waiting:
            for app in _apps():
                await _run_forwards(app)
    return waiting


async def pending() -> list[str]:
    """Ids of the migrations that have not run, oldest first."""
    ids = [(app.app_name, each) for app in _apps() for each in _ids_in(app.resolved_migrations_folder_path)]
    if not await Migration.table_exists():
        return [each for _, each in ids]
    rows = await Migration.select(Migration.app_name, Migration.name)
    ran = {(row["app_name"], row["name"]) for row in rows}
    return [each for app, each in ids if (app, each) not in ran]


def _apps() -> list[AppConfig]:
    return BaseMigrationManager().get_app_configs()


async def _take_turns() -> None:
    """SQLite lets only one write as it is."""
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
    """Piccolo puts the folder in front of ``sys.path`` each time it looks for migrations."""
    before = sys.path[:]
    try:
        yield
    finally:
        sys.path[:] = before
