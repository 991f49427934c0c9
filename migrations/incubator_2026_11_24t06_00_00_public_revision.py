"""A table of one row: the public revision. The next migration sets it in motion."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt, SmallInt
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-24T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Public revision"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.add_table("PublicRevision", tablename="public_revision")
    for name, kind, kind_name in (("id", SmallInt, "SmallInt"), ("number", BigInt, "BigInt")):
        manager.add_column(
            table_class_name="PublicRevision", tablename="public_revision", column_name=name, db_column_name=name,
            column_class_name=kind_name, column_class=kind,
            params={
                "default": 1, "null": False, "primary_key": name == "id", "unique": False, "index": False,
                "index_method": IndexMethod.btree, "choices": None, "db_column_name": None, "secret": False,
            },
        )  # fmt: skip
    return manager
