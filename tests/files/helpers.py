"""What the tests of stored files ask for again and again."""

from collections.abc import AsyncIterator

from incubator.files.store import Store


async def in_pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    """As a request's body comes."""
    for piece in pieces:
        yield piece


async def digests(store: Store) -> set[str]:
    """Everything that the store holds."""
    return {digest async for portion in store.objects() for digest in portion}
