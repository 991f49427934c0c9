"""The store, as a folder and on a real S3 server: complete objects named by the hash of their bytes."""

import asyncio
import hashlib
import os
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from incubator.core.clock import now
from incubator.files.store import Folder, Store, StoreAway, current_store, name_of, store_at
from tests.files.helpers import digests

HONEY = "Мёд с пасеки".encode()
DIGEST = hashlib.sha256(HONEY).hexdigest()


async def test_what_was_put_is_there(store: Store) -> None:
    assert not await store.exists(DIGEST)
    assert await store.put(HONEY) == DIGEST
    assert await store.exists(DIGEST)
    assert await store.get(DIGEST) == HONEY
    assert b"".join([chunk async for chunk in store.stream(DIGEST)]) == HONEY
    assert await digests(store) == {DIGEST}


async def test_a_file_is_put_whole_wherever_it_was_read_to(store: Store) -> None:
    content = os.urandom(3_000_000)
    file = BytesIO(content)
    file.seek(1_000)
    digest = await store.put(file)
    assert digest == hashlib.sha256(content).hexdigest()
    chunks = [chunk async for chunk in store.stream(digest)]
    assert b"".join(chunks) == content
    assert len(chunks) > 1


async def test_a_part_is_read_alone(store: Store) -> None:
    content = os.urandom(300_000)
    digest = await store.put(content)
    for start, stop in ((0, 1), (0, 200_000), (70_000, 70_001), (299_999, 300_000), (5, None), (0, None)):
        assert b"".join([chunk async for chunk in store.stream(digest, start, stop)]) == content[start:stop]


async def test_more_than_one_request_holds(store: Store) -> None:
    content = os.urandom(1_000_000) * 40
    digest = await store.put(BytesIO(content))
    assert hashlib.sha256(await store.get(digest)).hexdigest() == digest


async def test_nothing_is_a_content_too(store: Store) -> None:
    digest = await store.put(b"")
    assert await store.get(digest) == b""


async def test_the_same_bytes_at_once_are_one_object(store: Store) -> None:
    found = await asyncio.gather(*(store.put(HONEY) for _ in range(8)))
    assert set(found) == {DIGEST}
    assert await digests(store) == {DIGEST}
    assert await store.get(DIGEST) == HONEY


async def test_a_bucket_that_does_not_answer_is_told_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    away = store_at("s3://nowhere/at-all", tmp_path)
    for asked in (away.put(HONEY), away.get(DIGEST), away.exists(DIGEST), anext(away.stream(DIGEST))):
        with pytest.raises(StoreAway, match="не отвечает"):
            await asked


async def test_what_was_deleted_is_gone(store: Store) -> None:
    await store.put(HONEY)
    await store.delete(DIGEST)
    await store.delete(DIGEST)
    assert await store.written_at(DIGEST) is None
    with pytest.raises(FileNotFoundError):
        await store.get(DIGEST)
    with pytest.raises(FileNotFoundError):
        await anext(store.stream(DIGEST))


@pytest.mark.parametrize("name", ["", "../../etc/passwd", DIGEST.upper(), DIGEST[:-1], f"{DIGEST}\n", f"../{DIGEST}"])
async def test_what_is_no_digest_leads_nowhere(store: Store, name: str) -> None:
    for ask in (store.get, store.exists, store.delete):
        with pytest.raises(ValueError, match="digest"):
            await ask(name)


async def test_put_again_is_written_again(folder: Path) -> None:
    store = current_store()
    await store.put(HONEY)
    os.utime(folder / name_of(DIGEST), (0, 0))
    await store.put(HONEY)
    written_at = await store.written_at(DIGEST)
    assert written_at is not None
    assert abs((now() - written_at).total_seconds()) < 60


async def test_other_files_of_the_folder_are_no_objects(folder: Path) -> None:
    store = current_store()
    await store.put(HONEY)
    (folder / "notes.txt").write_text("Не трогать")
    (folder / DIGEST).write_bytes(HONEY)  # not in the folder that its name implies
    assert await digests(store) == {DIGEST}


async def test_nobody_finds_a_half_written_file(folder: Path) -> None:
    """While a file is being written, a reader finds nothing under its name, or all of it."""
    store = current_store()
    content = os.urandom(1_000_000) * 100
    target = folder / name_of(hashlib.sha256(content).hexdigest())
    writing = asyncio.ensure_future(store.put(content))
    sizes = set()
    while not writing.done():
        with suppress(FileNotFoundError):
            sizes.add(target.stat().st_size)
        await asyncio.wait([writing], timeout=0.001)
    assert sizes <= {len(content)}
    assert target.stat().st_size == len(content)
    assert list((folder / "incoming").iterdir()) == []


async def test_what_a_killed_writer_left_is_removed_after_a_while(folder: Path) -> None:
    store = current_store()
    await store.put(HONEY)
    old, young = folder / "incoming" / "0a#1", folder / "incoming" / "0b"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (1_000, 1_000))
    assert await store.remove_half_written(now().replace(year=2020)) == 1
    assert [path.name for path in (folder / "incoming").iterdir()] == ["0b"]
    assert await digests(store) == {DIGEST}


def test_the_setting_chooses(tmp_path: Path) -> None:
    assert isinstance(store_at("", tmp_path / "files"), Folder)
    assert not isinstance(store_at("s3://bucket/prefix", tmp_path), Folder)
    with pytest.raises(ValueError, match="INCUBATOR_FILES"):
        store_at("ftp://somewhere", tmp_path)
