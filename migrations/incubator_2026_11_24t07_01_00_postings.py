"""The index of the showcase (docs/adr/0008): an index, no table of the domain, so it is made by hand."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder
from piccolo.table import Table

ID = "2026-11-24T07:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Index of the showcase"

# Terms are compared by code point on both engines. The sets come last: what reads only numbers never touches them.
SQLITE = (
    "CREATE TABLE posting (term TEXT NOT NULL, chunk INTEGER NOT NULL, n INTEGER NOT NULL, moved INTEGER NOT NULL, "
    "docs BLOB NOT NULL, PRIMARY KEY (term, chunk))",
)
POSTGRES = (
    'CREATE TABLE posting (term TEXT COLLATE "C" NOT NULL, chunk INTEGER NOT NULL, n INTEGER NOT NULL, '
    "moved BIGINT NOT NULL, docs BYTEA NOT NULL, PRIMARY KEY (term, chunk))",
    "ALTER TABLE posting ALTER COLUMN docs SET STORAGE EXTERNAL",  # packed already
)
BOTH = (
    "CREATE INDEX posting_counts ON posting (term, n)",
    "CREATE INDEX publication_graduated ON publication (graduated_at, place)",
    'CREATE UNIQUE INDEX "award_given_once" ON "award_given" ("project", "award")',
)


class Anything(Table):
    """Raw statements are run by a table; this one is never created."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)

    async def create() -> None:
        for statement in (*(SQLITE if engine_finder().engine_type == "sqlite" else POSTGRES), *BOTH):
            await Anything.raw(statement)
        await Anything.raw("INSERT INTO posting (term, chunk, n, moved, docs) VALUES ('', 0, 0, 0, '')")

    manager.add_raw(create)
    return manager
