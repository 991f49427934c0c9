"""The HTTP server's settings, and how it holds out against clients that keep connections busy.

Granian counts connections, not requests: with its defaults, 1,024 connections that say nothing stop every page.
"""

import asyncio
import ctypes
import os
import resource
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

#: Open connections of one process; further ones wait until one is closed.
CONNECTIONS = 8192
#: Files and database connections that a process opens besides.
_OTHER_FILES = 256

#: MiB of memory at which a process is replaced by a new one, while both answer: a net, not a cure. They need a third of it.
MEMORY = 450

#: What libraries import of others where it is installed, as theirs always are: Litestar the models of pydantic, structlog coloured tracebacks.
UNUSED = ("pydantic", "rich")

#: Heaps of the C library: with one for each thread, what a thread has freed is of no use to the others.
ARENAS = 1
#: What glibc's `mallopt` calls their number (malloc.h).
_M_ARENA_MAX = -8

#: Milliseconds for the headers of a request, and between two requests of one connection.
HEADERS = 10_000
#: Milliseconds after which a client that reads nothing of its answer is cut off.
UNREAD = 20_000


def serve(target: str, *, host: str, port: int, workers: int) -> None:
    """Serve ``target``, a function that makes the ASGI app, until the process is asked to stop.

    HTTP/1 only: browsers speak HTTP/2 only over TLS, which ends at the proxy, and a connection that speaks
    HTTP/2 may stay silent for ever.
    """
    share_heap()
    leave_out_unused()
    Granian(
        target, factory=True, address=host, port=port, workers=workers, interface=Interfaces.ASGI,
        http=HTTPModes.http1, http1_settings=HTTP1Settings(header_read_timeout=HEADERS, max_buffer_size=64 * 1024),
        backlog=2048, backpressure=connections(), log_enabled=False, websockets=False, respawn_failed_workers=True,
        workers_max_rss=MEMORY, rss_samples=2,
    ).serve()  # fmt: skip


def leave_out_unused() -> None:
    """Let this process, and those that it starts, take what nobody here uses for not installed: 11 MB of each worker.

    Whoever imports it regardless is told so (``None`` in ``sys.modules``); what is imported already stays.
    """
    for name in UNUSED:
        cast(dict[str, Any], sys.modules).setdefault(name, None)


def share_heap() -> None:
    """Let all threads of this process, and of those that it starts, take memory from one heap, unless the environment says otherwise."""
    if "MALLOC_ARENA_MAX" in os.environ:
        return
    # A program heeds the variable as it starts; the workers are forks, and heed what is set here.
    os.environ["MALLOC_ARENA_MAX"] = str(ARENAS)
    with suppress(AttributeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def connections() -> int:
    """Return how many connections a process may hold, after raising its limit of open files as far as allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(64, min(CONNECTIONS, soft - _OTHER_FILES))


async def cut_off_idle_readers() -> None:
    """Have the system close connections whose client does not read.

    The option is inherited by accepted connections, so it is set once on the socket that listens. The server opens that
    socket itself, some moments after the app has started.
    """
    if not hasattr(socket, "TCP_USER_TIMEOUT"):  # only Linux has it
        return
    for _moment in range(600):
        found = list(_listening())
        for each in found:
            with each:
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD)
        if found:
            return
        await asyncio.sleep(0.1)


def _listening() -> Iterator[socket.socket]:
    """Return this process's listening sockets; each shares the original's options."""
    for number in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        with suppress(OSError):
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            each = socket.socket(fileno=os.dup(number))
            if each.family in {socket.AF_INET, socket.AF_INET6} and each.getsockopt(
                socket.SOL_SOCKET, socket.SO_ACCEPTCONN
            ):
                yield each
            else:
                each.close()
