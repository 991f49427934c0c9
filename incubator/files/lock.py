"""One at a time around the bytes of one digest."""

from incubator.db import current_engine
from incubator.files.tables import StoredFile


async def hold(digest: str) -> None:
    """Whoever else wants to hold ``digest`` waits for the end of this transaction, in any process.

    Call inside a transaction. On SQLite writers take turns as it is; on PostgreSQL an advisory lock is named
    by the first 63 bits of the digest: two digests that share them merely wait for each other.
    """
    if current_engine().engine_type == "postgres":
        await StoredFile.raw("SELECT pg_advisory_xact_lock({})", int(digest[:16], 16) >> 1)
