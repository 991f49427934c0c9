"""Generator of the first migration: ``python -m tests.db.first_migration`` (docs/migrations.md).

Only until the first named release. Then the migration is frozen, this module is deleted, and every change of
the tables gets its own migration.
"""

import os
import re
from collections.abc import Iterator
from textwrap import indent

from piccolo.columns import Column
from piccolo.table import Table

from incubator.config import ROOT
from incubator.db import lease
from incubator.db.engines import engine_for
from incubator.piccolo_app import APP_CONFIG, INDEXES
from incubator.projects import revision_trigger
from incubator.publication import public_triggers
from incubator.reviews import queue_triggers
from incubator.search import posting_table
from tests.engines import current

FILE = ROOT / "migrations" / "incubator_2026_11_25t00_00_00_first.py"

_TEXT = '''\
"""The whole schema as it was when the first release got its name.

Written by ``python -m tests.db.first_migration`` until then (docs/migrations.md); do not change it by hand.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The first schema"

# Statements end at a blank line.

#: In PostgreSQL's words; ``incubator/db/sqlite_ddl.py`` says the same to SQLite.
TABLES = """
{tables}
"""

INDEXES = """
{indexes}
"""

ROWS = """
{rows}
"""

#: What PostgreSQL alone has.
POSTGRES = """
{postgres}
"""

#: What SQLite says in its own words.
SQLITE = """
{sqlite}
"""

#: What moves the public revision: table, operation, and when. SQLite says IS NOT for IS DISTINCT FROM.
MOVES = (
{moves}
)

POSTGRES_TRIGGER = """
{postgres_trigger}
"""

SQLITE_TRIGGER = """
{sqlite_trigger}
"""

#: What keeps the queue of submissions in review: name, event, table, and which submissions: a condition, and their ids.
QUEUE = (
{queue}
)

QUEUE_POSTGRES = """
{queue_postgres}
"""

QUEUE_SQLITE = """
{queue_sqlite}
"""


def queue_triggers(template: str) -> list[str]:
    return [
        statement
        for name, event, table, condition, ids in QUEUE
        for statement in template.format(name=name, event=event, table=table, condition=condition, ids=ids).strip().split("\\n\\n")
    ]


def triggers(template: str) -> list[str]:
    return [
        statement
        for table, operation, when in MOVES
        for statement in template.format(
            table=table, operation=operation, event=operation.lower(), when=when.strip()
        ).strip().split("\\n\\n")
    ]  # fmt: skip


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)

    async def create() -> None:
        engine = engine_finder()
        is_postgres = engine.engine_type == "postgres"
        texts = [TABLES, INDEXES, ROWS, POSTGRES if is_postgres else SQLITE]
        statements = [statement for text in texts for statement in text.strip().split("\\n\\n")]
        statements += triggers(POSTGRES_TRIGGER if is_postgres else SQLITE_TRIGGER)
        statements += queue_triggers(QUEUE_POSTGRES if is_postgres else QUEUE_SQLITE)
        for statement in statements:
            await engine.run_ddl(statement)

    manager.add_raw(create)
    return manager
'''

#: A default that Piccolo states although leaving it out means the same.
_NOTHING = re.compile(r" DEFAULT null$")


def text() -> str:
    """Return the migration for the current tables."""
    with current(engine_for("postgres://nobody@nowhere/nothing")):  # used only for its dialect
        tables = [_create_table(table) for table in APP_CONFIG.table_classes]
        indexes = [sql for table in APP_CONFIG.table_classes for sql in _indexes(table)]
    return _TEXT.format(
        tables="\n\n".join([*tables, posting_table.TABLE]),
        indexes="\n\n".join([*indexes, *(index.sql for index in INDEXES), posting_table.INDEX]),
        rows="\n\n".join([public_triggers.FIRST_ROW, posting_table.FIRST_ROW]),
        postgres="\n\n".join(
            [posting_table.POSTGRES, *lease.POSTGRES, queue_triggers.POSTGRES_FUNCTION, *revision_trigger.POSTGRES]
        ),
        sqlite="\n\n".join(revision_trigger.SQLITE),
        moves="\n".join(_move(move) for move in public_triggers.moves()),
        postgres_trigger=public_triggers.POSTGRES.strip(),
        sqlite_trigger=public_triggers.SQLITE.strip(),
        queue="\n".join(_change(change) for change in queue_triggers.CHANGES),
        queue_postgres=queue_triggers.POSTGRES.strip(),
        queue_sqlite=queue_triggers.SQLITE.strip(),
    )


def _create_table(table: type[Table]) -> str:
    rules = [f'CONSTRAINT "{rule._meta.name}" {rule.ddl}' for rule in table._meta.constraints]
    lines = ",\n".join([*map(_column, table._meta.columns), *rules])
    return f"CREATE TABLE {table._meta.get_formatted_tablename()} (\n{indent(lines, '    ')}\n)"


def _column(column: Column) -> str:
    return _NOTHING.sub("", column.ddl)


def _indexes(table: type[Table]) -> Iterator[str]:
    """Return the single-column indexes, which Piccolo handles."""
    for column in table._meta.columns:
        if column._meta.index:
            yield from table.create_index([column], method=column._meta.index_method).ddl


def _move(move: public_triggers.Move) -> str:
    when = f"\n{indent(move.when, ' ' * 8)}\n    " if "\n" in move.when else move.when
    quote = next(each for each in ("'", "'''") if each not in when and (each == "'''" or "\n" not in when))
    return f'    ("{move.table}", "{move.operation}", {quote}{when}{quote}),'


def _change(change: queue_triggers.QueueChange) -> str:
    lines = (change.name, change.event, change.table, change.condition, change.ids)
    return "    (\n" + "".join(f"        {_quoted(each)},\n" for each in lines) + "    ),"


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text else "'''" + text + "'''" if "'" in text else f"'{text}'"


if __name__ == "__main__":
    os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")
    FILE.write_text(text(), "utf-8")
