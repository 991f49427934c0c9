"""The public revision may be trusted for a short lease, because who changes it waits that long (docs/adr/0007).

On PostgreSQL a trigger waits before the commit, on SQLite the transaction after it (``sqlite.py``): a SQL trigger cannot wait there.
"""

#: An arbitrary number for the advisory lock; nothing else may use it.
_LOCK = 727_070_001
#: Seconds for which an answer holds, counted from the question.
LEASE = 0.010
#: Seconds that writers wait: a little longer than any lease, because clocks may run at different speeds.
WAIT = 0.012
#: Reads the number, as whoever asks sees it.
QUESTION = 'SELECT "number" FROM "public_revision" WHERE "id" = 1'

# Writers share the lock and wait together; a transaction waits once, before it locks the row.
_WRITERS = f"""
CREATE FUNCTION public_revision_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('incubator.waited', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_advisory_xact_lock_shared({_LOCK});
        PERFORM pg_sleep({WAIT});
        PERFORM set_config('incubator.waited', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$
""".strip()

# Lock first, then read the number: whoever gets the lock sees every commit made under it.
_READERS = f"""
CREATE FUNCTION public_revision_now(OUT number bigint, OUT is_lease boolean) LANGUAGE plpgsql AS $$
BEGIN
    is_lease := pg_try_advisory_xact_lock({_LOCK});
    SELECT r."number" INTO number FROM "public_revision" r WHERE r."id" = 1;
END $$
""".strip()  # noqa: S608 - the number is our own

_TRIGGER = """
CREATE TRIGGER public_revision_lease BEFORE UPDATE ON public_revision
    FOR EACH STATEMENT EXECUTE FUNCTION public_revision_wait()
""".strip()

#: Functions and triggers that PostgreSQL has besides its tables.
POSTGRES = (_WRITERS, _READERS, _TRIGGER)
