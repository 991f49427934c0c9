"""The schema as the code declares it, made by Piccolo's own statements, so that the migrations can be compared with it."""

from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

from incubator.db import current_engine, lease
from incubator.piccolo_app import APP_CONFIG, INDEXES
from incubator.publication import public_triggers
from incubator.search import posting_table


async def create_declared() -> None:
    """Make everything in the current database, which is empty."""
    tables: list[type[Table]] = [Migration, *APP_CONFIG.table_classes]
    for table in tables:
        await table.create_table()
    engine = current_engine()
    is_postgres = engine.engine_type == "postgres"
    template = public_triggers.POSTGRES if is_postgres else public_triggers.SQLITE
    statements = [posting_table.TABLE, posting_table.INDEX, *(index.sql for index in INDEXES)]
    if is_postgres:
        statements += [posting_table.POSTGRES, *lease.POSTGRES]
    statements += [each for move in public_triggers.moves() for each in public_triggers.trigger(move, template)]
    for statement in statements:
        await engine.run_ddl(statement)
