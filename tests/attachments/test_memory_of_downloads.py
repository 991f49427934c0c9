"""Many large downloads at once, at a real server: what a worker holds of them does not grow with their size."""

import os
import selectors
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from incubator.db.engines import AnyEngine
from incubator.files.store import current_store
from incubator.files.tables import StoredFile
from incubator.people.sessions import begin_session
from tests.attachments.uploads import attached, pdf
from tests.benchmarks.serving import memory_of
from tests.cast import make_cast
from tests.chromium import server_process
from tests.engines import address_of

MB = 1024 * 1024
DOWNLOADS, SMALL, LARGE = 20, 100_000, 24 * MB
#: MB by which a worker may grow: less than two of the files.
GROWTH = 32


async def test_twenty_large_downloads_take_no_memory(sqlite: AnyEngine, folder: Path) -> None:
    cast = await make_cast()
    ref = await attached(cast, pdf(1), name="a.pdf")
    cookie = await begin_session(cast.captain, user_agent="")
    with server_process(address_of(sqlite), folder.parent) as (base, process), ExitStack() as stack:
        await stores(SMALL)
        download(stack, base, ref.download, cookie, SMALL)  # connections of the database, and what is loaded once
        before = memory_of(process)
        await stores(LARGE)
        assert download(stack, base, ref.download, cookie, LARGE, watched=process) - before < GROWTH


async def stores(size: int) -> None:
    """Let the paper be so many bytes."""
    digest = await current_store().put(os.urandom(size))
    changed: dict[Any, Any] = {StoredFile.digest: digest, StoredFile.size: size}
    await StoredFile.update(changed).where(StoredFile.media_type == "application/pdf")


def download(stack: ExitStack, base: str, path: str, cookie: str, size: int, *, watched: int = 0) -> float:
    """Download a file of ``size`` bytes many times at once, each a piece at a time; return the most memory meanwhile, in MB."""
    host = urlsplit(base)
    at = (str(host.hostname), int(host.port or 80))
    left = {stack.enter_context(socket.create_connection(at)): size for _number in range(DOWNLOADS)}
    for each in left:
        each.sendall(f"GET {path} HTTP/1.1\r\nHost: {host.netloc}\r\nCookie: session={cookie}\r\n\r\n".encode())
    most, came = 0.0, 0
    with selectors.DefaultSelector() as selector:
        for each in left:
            selector.register(each, selectors.EVENT_READ, data=each)
        while left:
            events = selector.select(timeout=30)
            assert events, "the server sends nothing any more"
            for key, _events in events:
                connection: socket.socket = key.data
                part = connection.recv(64 * 1024)
                assert part, "the server closed the connection"
                came += len(part)
                left[connection] -= len(part)
                if left[connection] <= 0:
                    selector.unregister(connection)
                    del left[connection]
            if watched and came > 8 * MB:
                most, came = max(most, memory_of(watched)), 0
    return most
