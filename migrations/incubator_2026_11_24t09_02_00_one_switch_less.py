"""The switch that the presets of visibility replaced."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-24T09:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One switch less"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.drop_column(
        table_class_name="Season",
        tablename="season",
        column_name="names_hidden",
        db_column_name="names_hidden",
        schema=None,
    )

    return manager
