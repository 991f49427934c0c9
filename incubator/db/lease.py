"""PostgreSQL: an answer about the public revision may be relied on for a moment, for writers wait that long (docs/adr/0007)."""

#: Any number that nothing else locks.
_LOCK = 727_070_001
#: Seconds from the question on for which its answer holds.
LEASE = 0.010
#: Seconds: a little longer than any lease, for clocks may differ in speed.
_WAIT = 0.012

# Writers hold the lock together and sleep together; a transaction waits once, before it holds the row.
_WRITERS = f"""
CREATE FUNCTION public_revision_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('incubator.waited', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_advisory_xact_lock_shared({_LOCK});
        PERFORM pg_sleep({_WAIT});
        PERFORM set_config('incubator.waited', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$
""".strip()

# The lock first, the number after it: whoever gets the lock sees every commit of those who held it.
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

#: What PostgreSQL has beside its tables.
POSTGRES = (_WRITERS, _READERS, _TRIGGER)
