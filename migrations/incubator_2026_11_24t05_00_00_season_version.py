"""A season counts its changes, so that two organisers do not overwrite each other."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Integer
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-24T05:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Version of a season"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Season", tablename="season", column_name="version", db_column_name="version",
        column_class_name="Integer", column_class=Integer,
        params={
            "default": 1, "null": False, "primary_key": False, "unique": False, "index": False,
            "index_method": IndexMethod.btree, "choices": None, "db_column_name": None, "secret": False,
        },
        schema=None,
    )  # fmt: skip
    return manager
