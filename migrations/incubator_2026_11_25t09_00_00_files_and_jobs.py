"""Stored files, and work with progress."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import BigInt, Boolean, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-25T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Stored files and jobs"

NOTHING = {"default": None, "null": True}
TABLES = {
    ("StoredFile", "stored_file"): {
        "digest": (Varchar, {"length": 64, "default": "", "index": True}),
        "size": (BigInt, {"default": 0}),
        "media_type": (Varchar, {"length": 100, "default": ""}),
        "name": (Varchar, {"length": 120, "default": ""}),
        "created_at": (Timestamptz, {"default": TimestamptzNow(), "index": True}),
        "uploaded_by": (BigInt, NOTHING),
    },
    ("Job", "job"): {
        "kind": (Varchar, {"length": 60, "default": ""}),
        "arguments": (Text, {"default": "{}"}),
        "state": (Varchar, {"length": 10, "default": "waiting", "index": True}),
        "done": (BigInt, {"default": 0}),
        "total": (BigInt, {"default": 0}),
        "cursor": (Text, {"default": "null"}),
        "result": (Text, {"default": "null"}),
        "error": (Varchar, {"length": 300, "default": ""}),
        "attempts": (SmallInt, {"default": 0}),
        "is_cancel_asked": (Boolean, {"default": False}),
        "created_at": (Timestamptz, {"default": TimestamptzNow()}),
        "created_by": (BigInt, NOTHING),
        "started_at": (Timestamptz, NOTHING),
        "finished_at": (Timestamptz, NOTHING),
        "lease_until": (Timestamptz, NOTHING),
    },
}
USUAL = {
    "null": False,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    for (class_name, tablename), columns in TABLES.items():
        manager.add_table(class_name, tablename=tablename)
        for name, (column_class, params) in columns.items():
            manager.add_column(
                table_class_name=class_name,
                tablename=tablename,
                column_name=name,
                db_column_name=name,
                column_class_name=column_class.__name__,
                column_class=column_class,
                params={**USUAL, **params},
            )

    return manager
