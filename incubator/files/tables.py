"""Metadata of stored files; the bytes are in the store under their digest."""

from piccolo.columns import BigInt, Serial, Timestamptz, Varchar

from incubator.db.table import Table


class StoredFile(Table):
    """One row per upload; several may share the same bytes.

    A feature refers to it by its own foreign key and decides who may download it: nothing is
    public by default. A row without references is removed after a while (``orphans.py``).
    """

    id: Serial
    digest = Varchar(length=64, index=True)
    """SHA-256 of the bytes in hexadecimal, their name in the store."""
    size = BigInt()
    """Bytes."""
    media_type = Varchar(length=100)
    """As determined by the feature that owns it (``image/webp``), never as claimed by a browser."""
    name = Varchar(length=120)
    """The uploader's name for it, cleaned: for downloads, never used as a path."""
    created_at = Timestamptz(index=True)
    uploaded_by = BigInt(null=True, default=None)
    """Id of the person; not a foreign key, because files lie below people."""


TABLES = [StoredFile]
