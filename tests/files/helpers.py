"""Helpers for tests of stored files."""

from collections.abc import AsyncIterator

from incubator.files.store import Store


async def in_pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    """Yield the content in chunks, like a request's body."""
    for piece in pieces:
        yield piece


async def digests(store: Store) -> set[str]:
    """Return everything in the store."""
    return {digest async for portion in store.objects() for digest in portion}
