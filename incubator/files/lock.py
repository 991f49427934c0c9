"""A lock for the bytes of one digest."""

from incubator.db import current_engine
from incubator.files.tables import StoredFile


async def hold(digest: str) -> None:
    """Lock ``digest`` in all processes until the end of this transaction.

    Call inside a transaction. On SQLite writers take turns anyway; on PostgreSQL an advisory lock is named
    by the first 63 bits of the digest: two digests that share them merely wait for each other.
    """
    if current_engine().engine_type == "postgres":
        await StoredFile.raw("SELECT pg_advisory_xact_lock({})", int(digest[:16], 16) >> 1)
