"""What was acknowledged is on the disk, and one flush serves everybody who waits for it."""

import asyncio
import errno
import struct
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from incubator.db import flushing, sqlite_pool
from incubator.db.engines import current_engine, engine_for
from incubator.db.errors import StorageFull, Unavailable
from incubator.db.raw import run_sql
from incubator.db.sqlite import SQLite
from incubator.db.writing import on_commit, writing
from tests.engines import started


class Disk:
    """A disk that flushes when the test says so."""

    def __init__(self) -> None:
        self.flushes = 0
        self.fails: OSError | None = None
        self.may_flush = threading.Semaphore(0)
        self.began = threading.Event()

    def flush(self, file: int) -> None:
        assert Path(f"/proc/self/fd/{file}").readlink().name == "x.sqlite-wal"
        self.began.set()
        assert self.may_flush.acquire(timeout=20)
        self.flushes += 1
        if self.fails:
            raise self.fails


@pytest.fixture
async def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Disk]:
    """Provide the disk of a database with one table, in which commits are flushed as on a real site."""
    disk = Disk()
    monkeypatch.setattr(sqlite_pool, "IS_DURABLE", True)
    monkeypatch.setattr(flushing, "_flush", disk.flush)
    disk.may_flush.release(2)  # for the table and the first note
    async with _open(tmp_path):
        await write(0)
        disk.flushes, disk.began = 0, threading.Event()
        yield disk
        disk.may_flush.release(100)


@asynccontextmanager
async def _open(folder: Path) -> AsyncIterator[None]:
    async with started(engine_for(str(folder / "x.sqlite"))) as engine:
        await engine.run_ddl("CREATE TABLE note (n INTEGER)")
        yield


async def write(n: int) -> None:
    async with writing():
        await run_sql("INSERT INTO note (n) VALUES ({})", n)


async def notes() -> list[int]:
    return [row["n"] for row in await run_sql("SELECT n FROM note ORDER BY n")]


async def begun(disk: Disk) -> None:
    assert await asyncio.to_thread(disk.began.wait, 20)


async def test_nobody_is_told_before_it_is_on_the_disk(disk: Disk) -> None:
    told: list[str] = []

    async def verb() -> None:
        async with writing():
            await run_sql("INSERT INTO note (n) VALUES (1)")
            on_commit(lambda: told.append("others"))
        told.append("the person")

    task = asyncio.create_task(verb())
    await begun(disk)
    assert await notes() == [0, 1]
    assert not task.done()
    assert told == []
    disk.may_flush.release()
    await task
    assert told == ["others", "the person"]
    assert disk.flushes == 1


async def test_those_that_end_during_a_flush_share_the_next_one(disk: Disk) -> None:
    first = asyncio.create_task(write(1))
    await begun(disk)
    rest = [asyncio.create_task(write(n)) for n in range(2, 22)]
    await asyncio.wait(rest, timeout=0.2)
    assert len(await notes()) == 22  # nobody waits for the disk to write
    disk.may_flush.release(2)
    await asyncio.gather(first, *rest)
    assert disk.flushes == 2


@pytest.mark.parametrize(("number", "meant"), [(errno.EIO, Unavailable), (errno.ENOSPC, StorageFull)])
async def test_a_flush_that_fails_is_no_acknowledgement(disk: Disk, number: int, meant: type[Exception]) -> None:
    disk.fails = OSError(number, "…")
    disk.may_flush.release()
    with pytest.raises(meant) as raised:
        await write(1)
    assert not getattr(raised.value, "is_certain", False)
    disk.fails = None
    disk.may_flush.release()
    await write(2)
    assert await notes() == [0, 1, 2]


async def test_reading_and_what_changes_nothing_flush_nothing(disk: Disk) -> None:
    await notes()
    with pytest.raises(RuntimeError):
        async with writing():
            await run_sql("INSERT INTO note (n) VALUES (1)")
            raise RuntimeError
    assert disk.flushes == 0
    assert await notes() == [0]


def test_a_site_flushes_for_real(tmp_path: Path) -> None:
    """Asked of another process, since tests themselves do without: the log is flushed before the commit is acknowledged."""
    code = (
        "import asyncio, os\n"
        "from incubator.db import flushing\n"
        "from incubator.db.engines import current_engine, engine_for\n"
        "flush = flushing._flush\n"
        "def noted(file):\n"
        "    flush(file); print('flushed', os.path.basename(os.readlink(f'/proc/self/fd/{file}')))\n"
        "flushing._flush = noted\n"
        "async def work():\n"
        "    engine = engine_for('x.sqlite')\n"
        "    async with engine.transaction():\n"
        "        await engine.answer('CREATE TABLE note (n INTEGER)', [])\n"
        "    print('acknowledged')\n"
        "    print(engine.pool.writer.run('PRAGMA synchronous'))\n"
        "asyncio.run(work())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["flushed x.sqlite-wal", "acknowledged", "[{'synchronous': 1}]"]


def _log_of(path: Path) -> tuple[int, int]:
    """Return how many frames the log of a database has, and how many of them the file has, too (https://sqlite.org/walformat.html)."""
    index = path.with_name(f"{path.name}-shm").read_bytes()
    return struct.unpack_from("=I", index, 16)[0], struct.unpack_from("=I", index, 96)[0]


async def test_the_log_is_copied_into_the_file_now_and_then(disk: Disk, tmp_path: Path) -> None:
    disk.may_flush.release(2 * flushing.TRANSACTIONS)
    for n in range(1, flushing.TRANSACTIONS):
        await write(n)
    engine = current_engine()
    assert isinstance(engine, SQLite)
    flusher = engine.pool._flusher
    assert flusher
    assert flusher._copying
    await flusher._copying
    frames, copied = _log_of(tmp_path / "x.sqlite")
    assert copied >= frames * (1 - 10 / flushing.TRANSACTIONS)
    for n in range(1000, 1020):
        await write(n)  # the log is begun again, and whoever writes has not copied it
    assert len(await notes()) == flushing.TRANSACTIONS + 20
