"""Storing files: first the bytes, then the row; on both engines and in both stores."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from incubator import config
from incubator.core.clock import clock_at
from incubator.db import writing
from incubator.files.keep import FileTooLarge, keep, uploaded
from incubator.files.names import LONGEST, clean_name
from incubator.files.store import Store, digest_of
from incubator.files.tables import StoredFile
from tests.engines import address_of
from tests.files.helpers import digests, in_pieces

HONEY = "Мёд с пасеки".encode()
DIGEST = digest_of(HONEY)
MOMENT = datetime(2026, 3, 5, 11, tzinfo=UTC)


async def rows() -> list[StoredFile]:
    return await StoredFile.objects().order_by(StoredFile.id)


@pytest.mark.parametrize("content", [HONEY, None])
async def test_bytes_and_row(database: Any, store: Store, content: bytes | None) -> None:
    with clock_at(MOMENT):
        file = await keep(
            content or in_pieces(HONEY[:5], b"", HONEY[5:]), name="мёд.txt", media_type="text/plain", by=7
        )
    (row,) = await rows()
    assert row.to_dict() == file.to_dict()
    assert (row.digest, row.size, row.name, row.media_type) == (DIGEST, len(HONEY), "мёд.txt", "text/plain")
    assert (row.created_at, row.uploaded_by) == (MOMENT, 7)
    assert await store.get(DIGEST) == HONEY


async def test_two_uploads_of_the_same_bytes_are_two_rows_and_one_object(database: Any, store: Store) -> None:
    uploads = [keep(HONEY, name=f"мёд {n}.txt", media_type="text/plain", by=n) for n in range(6)]
    await asyncio.gather(*uploads)
    assert sorted(row.name for row in await rows()) == [f"мёд {n}.txt" for n in range(6)]
    assert await digests(store) == {DIGEST}


async def test_a_verb_that_fails_keeps_no_row(database: Any, store: Store) -> None:
    with pytest.raises(RuntimeError):
        async with uploaded(HONEY) as upload, writing():
            await upload.keep(name="мёд.txt", media_type="text/plain", by=None)
            raise RuntimeError
    assert await rows() == []
    assert await digests(store) == {DIGEST}


async def test_an_object_that_vanished_before_the_row_is_put_again(database: Any, store: Store) -> None:
    async with uploaded(in_pieces(HONEY)) as upload:
        await store.delete(DIGEST)
        await upload.keep(name="мёд.txt", media_type="text/plain", by=None)
    assert await store.get(DIGEST) == HONEY


async def test_too_much_is_refused_while_it_comes(database: Any, store: Store) -> None:
    sent = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            sent.append(1)
            yield bytes(1024)

    with pytest.raises(FileTooLarge) as refusal:
        await keep(endless(), name="большой.bin", media_type="application/x-thing", by=None, largest=1024 * 1024)
    assert len(sent) == 1025
    assert refusal.value.message == "Файл слишком большой: можно до 1 МБ."
    with pytest.raises(FileTooLarge):
        await keep(bytes(11), name="большой.bin", media_type="application/x-thing", by=None, largest=10)
    await keep(bytes(10), name="как раз.bin", media_type="application/x-thing", by=None, largest=10)
    assert [row.size for row in await rows()] == [10]
    assert await digests(store) == {digest_of(bytes(10))}


@pytest.mark.parametrize("claimed", ["", "text", "text/html; charset=utf-8", "text/html\r\nX: y", "a/" + "b" * 90])
async def test_a_media_type_that_is_none(database: Any, folder: Path, claimed: str) -> None:
    file = await keep(HONEY, name="мёд", media_type=claimed, by=None)
    assert file.media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("бизнес-план.pdf", "бизнес-план.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Маша\\план.docx", "план.docx"),
        ("pitch\x00.pdf\x00", "pitch.pdf"),
        ("\u202efdp.exe\u200f", "fdp.exe"),
        ("две\r\nстроки\t.txt", "две строки .txt"),
        ('a<b>"c":d|e?f*.png', "a_b__c__d_e_f_.png"),
        ("й.txt", "й.txt"),  # decomposed, as a Mac sends it
        ("\ud800.png", "png"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("  ", "file"),
        ("..", "file"),
        ("папка/", "папка"),
        ("\x00\u202e", "file"),
    ],
)
def test_hostile_names(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@pytest.mark.parametrize("letter", ["a", "я", "🐝"])
def test_a_long_name_keeps_its_extension(letter: str) -> None:
    cleaned = clean_name(letter * 300 + ".jpeg")
    assert cleaned.endswith(letter + ".jpeg")
    assert len(cleaned) <= LONGEST
    assert len(cleaned.encode()) <= 255
    assert len(clean_name("x" + "." + letter * 300)) <= LONGEST


@pytest.mark.parametrize("where", ["put", "commit"])
async def test_killed_before_the_commit_it_leaves_an_object_and_no_row(
    database: Any, store: Store, files: str, where: str
) -> None:
    settings = config.settings
    env = {
        **os.environ, "DATABASE_URL": address_of(database), "INCUBATOR_DATA": str(settings.data),
        "INCUBATOR_FILES": files,
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.files.doomed", where, HONEY.decode()]
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == f"{DIGEST}\n".encode()
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL
    assert await rows() == []
    assert await store.get(DIGEST) == HONEY
    await keep(HONEY, name="мёд.txt", media_type="text/plain", by=None)  # the dead process left nothing in the way
    assert [row.digest for row in await rows()] == [DIGEST]
