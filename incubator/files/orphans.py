"""Removal of files that are no longer needed.

Whether a file is needed follows from the schema: every foreign key to ``StoredFile`` in every registered table.
A row without references is removed a month after its upload, an object without a row a day after it was stored.
Rows are removed first, without their objects; those are found by the same sweep that finds what a crash has left
behind. ``keep.py`` explains why a concurrent upload of the same bytes loses nothing.
"""

from datetime import datetime, timedelta

from piccolo.custom_types import Combinable

from incubator.core.clock import now
from incubator.db import current_engine, writing
from incubator.db.references import columns_referring_to
from incubator.files.lock import hold
from incubator.files.store import current_store
from incubator.files.tables import StoredFile

#: Age at which an uploaded but unused file is removed.
ROW_AGE = timedelta(days=30)
#: Longer than any upload takes from storing the bytes to committing the row; correctness does not depend on it.
OBJECT_AGE = timedelta(days=1)


async def remove_orphans() -> int:
    """Run one sweep over rows, objects and half-written files. Return how many were removed."""
    half_written = await current_store().remove_half_written(now() - OBJECT_AGE)
    return await remove_unneeded_rows() + await remove_unnamed_objects() + half_written


async def remove_unneeded_rows() -> int:
    unneeded = _is_unneeded(now() - ROW_AGE)
    rows = await StoredFile.select(StoredFile.id).where(unneeded).order_by(StoredFile.id)
    return sum([await _remove_row(row["id"], unneeded) for row in rows])


def _is_unneeded(before: datetime) -> Combinable:
    condition: Combinable = StoredFile.created_at < before
    for column in columns_referring_to(StoredFile):
        needed = column._meta.table.select(column).where(column.is_not_null())
        condition = condition & StoredFile.id.not_in(needed)
    return condition


async def _remove_row(number: int, unneeded: Combinable) -> bool:
    """Check again under a lock that prevents new references, then remove the row; a waiting writer finds it gone."""
    itself = StoredFile.id == number
    async with writing():
        if current_engine().engine_type == "postgres":
            await StoredFile.select(StoredFile.id).where(itself).lock_rows("UPDATE")
        return bool(await StoredFile.delete().where(itself & unneeded).returning(StoredFile.id))


async def remove_unnamed_objects() -> int:
    before = now() - OBJECT_AGE
    removed = 0
    async for portion in current_store().objects():
        old = [digest for digest, written_at in portion.items() if written_at < before]
        if old:
            rows = await StoredFile.select(StoredFile.digest).where(StoredFile.digest.is_in(old))
            for digest in set(old) - {row["digest"] for row in rows}:
                removed += await _remove_object(digest, before)
    return removed


async def _remove_object(digest: str, before: datetime) -> bool:
    """Check again under the digest's lock, then remove the object."""
    store = current_store()
    async with writing():
        await hold(digest)
        written_at = await store.written_at(digest)
        if written_at is None or written_at >= before:
            return False
        if await StoredFile.exists().where(StoredFile.digest == digest):
            return False
        await store.delete(digest)
        return True
