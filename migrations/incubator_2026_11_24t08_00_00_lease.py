"""PostgreSQL: an answer about the public revision may be relied on for a moment, for writers wait that long (docs/adr/0007)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder
from piccolo.table import Table

ID = "2026-11-24T08:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Leases of the public revision"

#: Any number that nothing else locks.
LOCK = 727_070_001
#: Seconds: `db/revision.py` relies on an answer for 0.010, and clocks may differ.
WAIT = 0.012

# Writers hold the lock together and sleep together; a transaction waits once, before it holds the row.
WRITERS = f"""
CREATE FUNCTION public_revision_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('incubator.waited', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_advisory_xact_lock_shared({LOCK});
        PERFORM pg_sleep({WAIT});
        PERFORM set_config('incubator.waited', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$
"""

# The lock first, the number after it: whoever gets the lock sees every commit of those who held it.
READERS = f"""
CREATE FUNCTION public_revision_now(OUT number bigint, OUT is_lease boolean) LANGUAGE plpgsql AS $$
BEGIN
    is_lease := pg_try_advisory_xact_lock({LOCK});
    SELECT r."number" INTO number FROM "public_revision" r WHERE r."id" = 1;
END $$
"""

TRIGGER = (
    "CREATE TRIGGER public_revision_lease BEFORE UPDATE ON public_revision "
    "FOR EACH STATEMENT EXECUTE FUNCTION public_revision_wait()"
)


class Anything(Table):
    """Raw statements are run by a table; this one is never created."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)

    async def lease() -> None:
        if engine_finder().engine_type != "sqlite":
            for statement in (WRITERS, READERS, TRIGGER):
                await Anything.raw(statement)

    manager.add_raw(lease)
    return manager
