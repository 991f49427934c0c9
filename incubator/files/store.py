"""Where bytes are stored: a folder or an S3-compatible bucket, named by their SHA-256.

Objects are written atomically and never changed; identical bytes are one object.
"""

import hashlib
import os
import re
from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import obstore
import obstore.exceptions
import structlog
from obstore.store import LocalStore, S3Store

from incubator import config
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import StorageFull

log = structlog.get_logger()

_DIGEST = re.compile(r"[0-9a-f]{64}")
#: Files up to this size go to S3 in one request, which leaves nothing behind when it is interrupted.
_PART = 32 * 1024 * 1024
#: Bytes of a stream's chunks: as much of each download is in memory, some three times.
_CHUNK = 64 * 1024


class StoreAway(Refusal):
    """The store does not answer."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("Хранилище файлов сейчас не отвечает. Попробуйте ещё раз через минуту."))


@contextmanager
def _answering() -> Iterator[None]:
    """Say what it means for people if the store fails. Raises StorageFull and StoreAway."""
    try:
        yield
    except obstore.exceptions.BaseError as error:
        if "No space left" in str(error):
            raise StorageFull(str(error)) from error
        log.error("the store of files does not answer", error=str(error).split("\n")[0])
        raise StoreAway from error


class Store:
    """Objects in an S3-compatible bucket, where a PUT is atomic."""

    def __init__(self, objects: LocalStore | S3Store) -> None:
        self._objects = objects

    async def put(self, content: bytes | IO[bytes]) -> str:
        """Store ``content`` (a file is read from its beginning) and return its digest.

        An existing object is written again: its ``written_at`` shows that somebody needs it.
        When this returns, the bytes survive a power failure.
        """
        digest = await to_thread(digest_of, content)
        with _answering():
            await self._write(name_of(digest), content)
        return digest

    async def _write(self, name: str, content: bytes | IO[bytes]) -> None:
        await obstore.put_async(self._objects, name, content, chunk_size=_PART)

    async def get(self, digest: str) -> bytes:
        """Return all bytes at once. Raises FileNotFoundError."""
        with _answering():
            found = await obstore.get_async(self._objects, name_of(digest))
            return bytes(await found.bytes_async())

    async def stream(self, digest: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes from ``start`` up to ``stop`` in chunks. Raises FileNotFoundError before the first."""
        options: Any = {"range": {"offset": start} if stop is None else (start, stop)} if start or stop else {}
        with _answering():
            found = await obstore.get_async(self._objects, name_of(digest), options=options)
        async for chunk in found.stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)

    async def written_at(self, digest: str) -> datetime | None:
        """Return when the object was last stored, by the store's clock; None if it does not exist."""
        try:
            with _answering():
                return (await obstore.head_async(self._objects, name_of(digest)))["last_modified"]
        except FileNotFoundError:
            return None

    async def exists(self, digest: str) -> bool:
        return await self.written_at(digest) is not None

    async def delete(self, digest: str) -> None:
        """Remove the object if it exists."""
        try:
            await obstore.delete_async(self._objects, name_of(digest))
        except FileNotFoundError:
            return

    async def objects(self) -> AsyncIterator[dict[str, datetime]]:
        """Yield every object in batches: its digest and when it was last stored."""
        async for portion in obstore.list(self._objects, chunk_size=500):
            found = [(each["path"].rpartition("/")[2], each) for each in portion]
            yield {
                digest: each["last_modified"]
                for digest, each in found
                if _DIGEST.fullmatch(digest) and each["path"] == name_of(digest)
            }

    async def remove_half_written(self, before: datetime) -> int:
        """Remove what a killed process was writing; return how many. S3 shows no unfinished objects."""
        return 0


class Folder(Store):
    """Objects as files in one folder.

    A file is written next to the others under a temporary name, flushed to disk, and only then
    renamed, so a digest always names a complete file, even after a power failure.
    """

    _INCOMING = "incoming"

    def __init__(self, path: Path) -> None:
        super().__init__(LocalStore(path, mkdir=True))
        self._path = path

    async def _write(self, name: str, content: bytes | IO[bytes]) -> None:
        incoming = f"{self._INCOMING}/{uuid4().hex}"
        await obstore.put_async(self._objects, incoming, content, chunk_size=_PART)
        await to_thread(_flush, self._path / incoming)
        await obstore.rename_async(self._objects, incoming, name)
        shard = (self._path / name).parent
        await to_thread(_flush, shard, shard.parent, self._path)

    async def stream(self, digest: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        # Read here, one chunk at a time: the library reads ahead of a slow client, and keeps what it has freed.
        with await to_thread((self._path / name_of(digest)).open, "rb", 0) as file:
            file.seek(start)
            while chunk := await to_thread(file.read, _CHUNK if stop is None else min(_CHUNK, stop - file.tell())):
                yield chunk

    async def remove_half_written(self, before: datetime) -> int:
        # Not by listing objects, which hides unfinished files.
        return await to_thread(_remove_older, self._path / self._INCOMING, before.timestamp())


def digest_of(content: bytes | IO[bytes]) -> str:
    """Return the SHA-256 in hexadecimal; a file is read from its beginning and rewound."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    content.seek(0)
    return digest


def name_of(digest: str) -> str:
    """Return ``ab/cd/abcd…``. Raises ValueError for an invalid digest, so that no name leads elsewhere."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256 digest")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


@lru_cache(16)
def store_at(address: str, folder: Path) -> Store:
    """Return the store at ``s3://bucket/prefix``, or in ``folder`` if the address is empty.

    Region, keys and AWS_ENDPOINT_URL come from the environment. Raises ValueError for any other address.
    """
    if not address:
        return Folder(folder)
    if not address.startswith("s3://"):
        raise ValueError("INCUBATOR_FILES: use s3://bucket/prefix, or leave it empty for a folder")
    # A server next to ours may use plain HTTP; one that does not answer must not block a page for minutes.
    is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    return Store(
        S3Store.from_url(address, client_options={"allow_http": is_plain}, retry_config={"max_retries": 3}),
    )


def current_store() -> Store:
    """Return the store named by the settings."""
    return store_at(config.settings.files, config.settings.data / "files")


def _flush(*paths: Path) -> None:
    """Flush files and folder entries to disk. Windows does the latter by itself."""
    if os.name != "posix":
        return
    for path in paths:
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _remove_older(folder: Path, before: float) -> int:
    """Remove the folder's files that were last written before ``before`` (seconds since 1970)."""
    old = [path for path in folder.glob("*") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
