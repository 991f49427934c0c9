"""What is known of a stored file; its bytes lie in the store under their digest."""

from piccolo.columns import BigInt, Serial, Timestamptz, Varchar
from piccolo.table import Table


class StoredFile(Table):
    """One row an upload; several may share the same bytes.

    A feature refers to it by a foreign key of its own and decides who may fetch it: nothing is
    public by itself. A row to which nothing refers is removed after a while (``orphans.py``).
    """

    id: Serial
    digest = Varchar(length=64, index=True)
    """SHA-256 of the bytes in hexadecimal: their name in the store."""
    size = BigInt()
    """Bytes."""
    media_type = Varchar(length=100)
    """As its owner found it to be, ``image/webp``; never as a browser claimed it."""
    name = Varchar(length=120)
    """How its owner called it, cleaned: for a download, never a path."""
    created_at = Timestamptz(index=True)
    uploaded_by = BigInt(null=True, default=None)
    """Number of the person; files know no people, so it is no foreign key."""


TABLES = [StoredFile]
