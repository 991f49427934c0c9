"""Removal of unneeded files: found by the schema's foreign keys, without losing the bytes of an upload."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from piccolo.columns import ForeignKey, Serial
from piccolo.columns.base import OnDelete
from piccolo.table import TABLE_REGISTRY, Table

from incubator.core.clock import clock_at, now
from incubator.db import writing
from incubator.db.references import columns_referring_to
from incubator.files import orphans
from incubator.files.keep import keep, uploaded
from incubator.files.orphans import OBJECT_AGE, ROW_AGE, remove_orphans
from incubator.files.store import Store, current_store, digest_of
from incubator.files.tables import StoredFile
from incubator.piccolo_app import APP_CONFIG
from tests.files.helpers import digests

HONEY = "Мёд с пасеки".encode()
DIGEST = digest_of(HONEY)
SOON = timedelta(minutes=1)
SOMEBODY_WAITS_FOR_US = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@asynccontextmanager
async def with_a_table_that_refers() -> AsyncIterator[type[Table]]:
    """A table of another feature, which need not tell the files package about itself."""

    class Appendix(Table, tablename="test_appendix"):
        id: Serial
        file = ForeignKey(StoredFile, null=True, on_delete=OnDelete.cascade)

    APP_CONFIG.table_classes.append(Appendix)
    try:
        await Appendix.create_table()
        yield Appendix
    finally:
        APP_CONFIG.table_classes.remove(Appendix)
        TABLE_REGISTRY.remove(Appendix)
        StoredFile._meta._foreign_key_references.clear()


@pytest.fixture
async def appendix(database: Any) -> AsyncIterator[Any]:
    async with with_a_table_that_refers() as table:
        yield table


@pytest.fixture
async def appendix_on_postgres(postgres: Any) -> AsyncIterator[Any]:
    async with with_a_table_that_refers() as table:
        yield table


async def kept(content: bytes = HONEY, name: str = "мёд.txt") -> StoredFile:
    return await keep(content, name=name, media_type="text/plain", by=None)


async def names() -> list[str]:
    return [row.name for row in await StoredFile.objects().order_by(StoredFile.id)]


async def test_what_refers_is_read_off_the_schema(appendix: Any) -> None:
    assert appendix.file._meta.name in [column._meta.name for column in columns_referring_to(StoredFile)]
    assert all(
        column._foreign_key_meta.resolved_references is StoredFile for column in columns_referring_to(StoredFile)
    )


async def test_only_what_nothing_refers_to_goes_and_only_after_a_month(appendix: Any, store: Store) -> None:
    used = await kept(b"used", "used")
    await kept(b"unused", "unused")
    await appendix(file=used.id).save()
    await appendix(file=None).save()
    with clock_at(now() + ROW_AGE - SOON):
        assert await remove_orphans() == 0
    with clock_at(now() + ROW_AGE + SOON):
        assert await remove_orphans() == 2
        assert await remove_orphans() == 0
    assert await names() == ["used"]
    assert await digests(store) == {used.digest}
    assert await appendix.count() == 2


async def test_bytes_stay_as_long_as_one_row_names_them(appendix: Any, store: Store) -> None:
    await kept(name="first")
    used = await kept(name="second")
    await appendix(file=used.id).save()
    with clock_at(now() + ROW_AGE + SOON):
        assert await remove_orphans() == 1
    assert await names() == ["second"]
    assert await store.get(DIGEST) == HONEY


async def test_an_object_without_a_row_goes_after_a_day(database: Any, store: Store) -> None:
    await store.put(HONEY)
    with clock_at(now() + OBJECT_AGE - SOON):
        assert await remove_orphans() == 0
    with clock_at(now() + OBJECT_AGE + SOON):
        assert await remove_orphans() == 1
    assert await digests(store) == set()


async def test_half_written_files_go_too(database: Any, folder: Path) -> None:
    await current_store().put(HONEY)
    (folder / "incoming" / "0a#1").write_bytes(b"half")
    with clock_at(now() + OBJECT_AGE + SOON):
        assert await remove_orphans() == 2


async def test_an_upload_between_put_and_row_loses_nothing(database: Any, store: Store) -> None:
    """A sweep that runs a day later removes the object in between: the upload stores it again."""
    async with uploaded(HONEY) as upload:
        with clock_at(now() + OBJECT_AGE + SOON):
            assert await remove_orphans() == 1
        await upload.keep(name="мёд.txt", media_type="text/plain", by=None)
    assert await store.get(DIGEST) == HONEY


async def test_the_sweep_asks_again_before_it_removes(
    database: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has seen no row; before it removes the object, somebody stores the same bytes."""
    remove_object = orphans._remove_object

    async def keep_first(digest: str, before: datetime) -> bool:
        await kept()
        return await remove_object(digest, before)

    monkeypatch.setattr(orphans, "_remove_object", keep_first)
    await store.put(HONEY)
    with clock_at(now() + OBJECT_AGE + SOON):
        assert await remove_orphans() == 0
    assert await store.get(DIGEST) == HONEY


async def test_the_sweep_waits_for_a_row_that_is_not_committed(postgres: Any, store: Store) -> None:
    """SQLite lets nobody else start a transaction meanwhile."""
    is_inserted = asyncio.Event()

    async def keep_slowly() -> None:
        async with uploaded(HONEY) as upload, writing(), asyncio.timeout(30):
            await upload.keep(name="мёд.txt", media_type="text/plain", by=None)
            is_inserted.set()
            while not await StoredFile.raw(SOMEBODY_WAITS_FOR_US):
                pass

    keeping = asyncio.ensure_future(keep_slowly())
    await is_inserted.wait()
    with clock_at(now() + OBJECT_AGE + SOON):
        assert await remove_orphans() == 0
    await keeping
    assert await store.get(DIGEST) == HONEY


async def test_uploads_and_sweeps_at_once(database: Any, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no minimum age and the same bytes: in the end every stored row has its bytes."""
    monkeypatch.setattr(orphans, "OBJECT_AGE", -timedelta(days=1))

    async def sweep() -> None:
        for _ in range(12):
            await orphans.remove_unnamed_objects()

    async def upload(number: int) -> None:
        for _ in range(4):
            await kept(HONEY, f"{number}")
            assert await store.get(DIGEST) == HONEY
            await StoredFile.delete().where(StoredFile.name == str(number))

    await asyncio.gather(sweep(), sweep(), upload(1), upload(2), upload(3))
    await kept()
    await sweep()
    assert await store.get(DIGEST) == HONEY


async def test_who_begins_to_refer_to_a_row_is_not_taken_with_it(
    appendix: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has found a row unneeded; before it removes the row, somebody attaches it."""
    file = await kept()
    remove_row = orphans._remove_row

    async def attach_first(number: int, unneeded: Any) -> bool:
        await appendix(file=file.id).save()
        return await remove_row(number, unneeded)

    monkeypatch.setattr(orphans, "_remove_row", attach_first)
    with clock_at(now() + ROW_AGE + SOON):
        assert await remove_orphans() == 0
    assert await names() == ["мёд.txt"]
    assert await appendix.count() == 1


async def test_the_sweep_waits_for_a_reference_that_is_not_committed(
    postgres: Any, folder: Path, appendix_on_postgres: Any
) -> None:
    """A foreign key with ON DELETE CASCADE would delete the referring row as well."""
    file = await kept()
    is_inserted = asyncio.Event()

    async def attach_slowly() -> None:
        async with writing(), asyncio.timeout(30):
            await appendix_on_postgres(file=file.id).save()
            is_inserted.set()
            while not await StoredFile.raw(SOMEBODY_WAITS_FOR_US):
                pass

    attaching = asyncio.ensure_future(attach_slowly())
    await is_inserted.wait()
    with clock_at(now() + ROW_AGE + SOON):
        assert await remove_orphans() == 0
    await attaching
    assert await appendix_on_postgres.count() == 1
