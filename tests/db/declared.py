"""The schema as declared in code, created with Piccolo's own statements for comparison with the migrations."""

from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

from incubator.db import current_engine, lease
from incubator.piccolo_app import APP_CONFIG, INDEXES
from incubator.projects import revision_trigger
from incubator.publication import public_triggers
from incubator.reviews import queue_triggers
from incubator.search import posting_table


async def create_declared() -> None:
    """Create everything in the current, empty database."""
    tables: list[type[Table]] = [Migration, *APP_CONFIG.table_classes]
    for table in tables:
        await table.create_table()
    engine = current_engine()
    is_postgres = engine.engine_type == "postgres"
    template = public_triggers.POSTGRES if is_postgres else public_triggers.SQLITE
    statements = [posting_table.TABLE, posting_table.INDEX, *(index.sql for index in INDEXES)]
    if is_postgres:
        statements += [posting_table.POSTGRES, *lease.POSTGRES, queue_triggers.POSTGRES_FUNCTION]
    statements += revision_trigger.POSTGRES if is_postgres else revision_trigger.SQLITE
    statements += [each for move in public_triggers.moves() for each in public_triggers.trigger(move, template)]
    template = queue_triggers.POSTGRES if is_postgres else queue_triggers.SQLITE
    statements += [each for change in queue_triggers.CHANGES for each in queue_triggers.trigger(change, template)]
    for statement in statements:
        await engine.run_ddl(statement)
