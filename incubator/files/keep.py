"""Storing uploads: first the bytes, then the row.

The bytes are in the store before the transaction with their row commits, so a crash leaves an object without a
row (``orphans.py`` removes it), never a row without its bytes. The sweep must not remove an object between its
upload and the commit of its row. That is impossible, because

1. ``Upload.keep`` locks the digest until its transaction ends, and inserts the row only after checking, under the
   lock, that the object is there; if not, it stores it again;
2. the sweep removes an object only while it holds the lock and after checking, under the lock, that no row names it.

So whoever gets the lock second sees what the first has done: the sweep finds the row, or the upload finds the object gone.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.files.lock import hold
from incubator.files.names import clean_name
from incubator.files.store import Store, current_store
from incubator.files.tables import StoredFile

#: Bytes; the largest accepted upload.
LARGEST = 25 * 1024 * 1024

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,48}/[a-z0-9][a-z0-9.+-]{0,48}")


class FileTooLarge(Refusal):
    """The upload exceeds the allowed size."""

    status = 413


@dataclass(frozen=True, slots=True)
class Upload:
    """Stored bytes that no row names yet."""

    digest: str
    size: int
    _content: bytes | IO[bytes]
    _store: Store

    async def keep(self, *, name: str, media_type: str, by: int | None) -> StoredFile:
        """Insert the row, in the caller's transaction if there is one.

        ``name`` is cleaned; an invalid ``media_type`` becomes ``application/octet-stream``. ``by`` is the id of the
        person who uploads.
        """
        file = StoredFile(
            digest=self.digest,
            size=self.size,
            media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream",
            name=clean_name(name),
            created_at=now(),
            uploaded_by=by,
        )
        async with writing():
            await hold(self.digest)
            if not await self._store.exists(self.digest):
                await self._store.put(self._content)
            await file.save()
        return file


@asynccontextmanager
async def uploaded(content: bytes | AsyncIterator[bytes], *, largest: int = LARGEST) -> AsyncIterator[Upload]:
    """Store ``content``; inside the block its row can be inserted.

    A verb that changes more than the file opens its transaction inside the block, so that nobody waits for
    its locks during the upload. Raises FileTooLarge as soon as more than ``largest`` bytes have arrived.
    """
    store = current_store()
    if isinstance(content, bytes):
        _require_at_most(largest, len(content))
        yield Upload(await store.put(content), len(content), content, store)
        return
    with TemporaryFile() as file:
        size = 0
        async for chunk in content:
            size += len(chunk)
            _require_at_most(largest, size)
            file.write(chunk)
        yield Upload(await store.put(file), size, file, store)


async def keep(
    content: bytes | AsyncIterator[bytes], *, name: str, media_type: str, by: int | None, largest: int = LARGEST
) -> StoredFile:
    """Store ``content`` and insert its row, in the caller's transaction if there is one.

    Raises FileTooLarge as soon as more than ``largest`` bytes have arrived.
    """
    async with uploaded(content, largest=largest) as upload:
        return await upload.keep(name=name, media_type=media_type, by=by)


def _require_at_most(largest: int, size: int) -> None:
    if size > largest:
        raise FileTooLarge(_("Файл слишком большой: можно до %(limit)s МБ.", limit=largest // (1024 * 1024)))
