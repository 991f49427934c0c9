"""Acknowledged changes are shown next by every process, although all of them serve cached pages."""

import http.client
import io
from asyncio import gather, sleep
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

import docx
import pypdfium2
import pytest
from PIL import Image

from incubator import config
from incubator.attachments.people_on import Said
from incubator.attachments.tables import People
from incubator.db import writing
from incubator.db.engines import AnyEngine
from incubator.projects.answers import answer_of
from incubator.projects.consents import PHOTO, give_consent
from incubator.projects.kinds.file_ref import FileRef
from incubator.publication.file_changes import follow_all_captions
from incubator.publication.publish import ask_publication, publish
from incubator.publication.tables import Publication
from incubator.publication.withdrawals import withdraw_consent
from tests.attachments.uploads import KEY
from tests.cast import Cast, fresh_project, make_cast, rewrite, submitted
from tests.chromium import serving
from tests.engines import address_of
from tests.gates.test_file_pages import made_public, with_picture
from tests.scale import scaled

WRITES = scaled(200)
NAMED = scaled(20)
CUTS = scaled(40, share=4)


class Reader:
    """A visitor who keeps a connection to one process open."""

    def __init__(self, base: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def read(self, path: str) -> str:
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        text = response.read().decode()
        assert response.status == 200
        return text

    def ask(self, path: str, etag: str = "") -> tuple[int, bytes, str]:
        """Return status, body and ETag; with an ``etag`` if that is not what the reader has kept. It takes a new connection."""
        self._connection.close()
        self._connection.request("GET", path, headers={"if-none-match": etag} if etag else {})
        response = self._connection.getresponse()
        return response.status, response.read(), response.headers.get("etag", "")


async def rename(title: str) -> None:
    async with writing():
        await Publication.update({Publication.title: title}).where(Publication.published_at.is_not_null())


async def shown(cast: Cast) -> tuple[str, ...]:
    """Publish the cast's project; return the pages that show its title."""
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    return ("/", "/showcase", f"/showcase/{cast.project.slug}")


async def test_two_processes_never_show_what_was_before_a_commit(
    cast: Cast, database: AnyEngine, tmp_path: Path
) -> None:
    paths, stale = await shown(cast), []
    address = address_of(database)
    with (
        serving(address, folder(tmp_path, "first")) as first,
        serving(address, folder(tmp_path, "second")) as second,
        Reader(first) as one,
        Reader(second) as other,
    ):
        for number in range(WRITES):
            path = paths[number % len(paths)]
            for reader in (one, other):
                reader.read(path)  # now cached
            await rename(f"Улей номер {number}.")
            stale += [(number, path) for r in (one, other) if f"Улей номер {number}." not in r.read(path)]
    assert stale == []


async def test_two_processes_never_show_a_name_after_its_withdrawal(
    cast: Cast, database: AnyEngine, tmp_path: Path
) -> None:
    await rewrite(cast, "problem", "Придумала Мария Кузнецова.")
    await submitted(cast)
    await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    page, address, stale = f"/showcase/{cast.project.slug}", address_of(database), []
    paths = (page, f"{page}/poster", f"{page}/feed.atom", f"/api/v1/projects/{cast.project.slug}", "/showcase")
    with (
        serving(address, folder(tmp_path, "first")) as first,
        serving(address, folder(tmp_path, "second")) as second,
        Reader(first) as one,
        Reader(second) as other,
    ):
        for time in range(NAMED):
            cached = [reader.read(path) for reader in (one, other) for path in paths]
            assert any("Кузнецова" in text for text in cached)
            # Half of the time the other is about to approve.
            approval = publish(await fresh_project(cast.project), by=cast.organiser) if time % 2 else sleep(0)
            await gather(
                approval, withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain),
                return_exceptions=True,
            )  # fmt: skip
            stale += [(time, path) for r in (one, other) for path in paths if "Кузнецова" in r.read(path)]
            await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    assert stale == []


#: A word that stands in the picture's caption alone.
WORD = "клепсидра"


async def shown_face(cast: Cast) -> tuple[FileRef, dict[str, Callable[[bytes], bool]]]:
    """Return a picture of the teammate on a public version, and each output of it with what tells whether she is there."""
    ref = await with_picture(cast, Said(People.TEAM, frozenset({cast.teammate.id})))
    answer = await answer_of(cast.project.id, KEY)
    assert answer
    await rewrite(cast, KEY, answer.text.replace("gallery", "cover").replace("Улей на весах", WORD.capitalize()))
    await made_public(cast)
    slug = (await fresh_project(cast.project)).slug
    page, api, words = f"/showcase/{slug}", f"/api/v1/projects/{slug}", f"q={quote(WORD)}"
    photo = f"/files/{ref.id}/".encode()
    return ref, {
        **dict.fromkeys((page, api, "/showcase", "/", "/embed"), lambda body: photo in body),
        **dict.fromkeys(
            (f"/showcase?{words}", f"/showcase/feed.atom?{words}", f"/embed?{words}", f"/api/v1/projects?{words}"),
            lambda body: f"/showcase/{slug}".encode() in body,
        ),
        f"{page}/poster": lambda body: b"data:image/jpeg" in body,
        **dict.fromkeys((f"{page}/poster.pdf", f"{page}/paper/document.pdf"), _has_photo),
        f"{page}/paper/document.docx": _word_has_photo,
        f"{page}/picture.png": _is_teal,
        ref.address(480): bool,
        ref.address(ref.width, extension="jpg"): bool,
    }


def _has_photo(pdf: bytes) -> bool:
    with pypdfium2.PdfDocument(pdf) as document:
        return any(
            True for page in document for _each in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=15)
        )


def _word_has_photo(content: bytes) -> bool:
    shapes = docx.Document(io.BytesIO(content)).inline_shapes
    return any(WORD in (shape._inline.docPr.get("descr") or "").casefold() for shape in shapes)


def _is_teal(png: bytes) -> bool:
    """Return whether the colour of the photograph fills a part of the picture."""
    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGB").resize((120, 63))
        red, green, blue = (band.tobytes() for band in small.split())
    near = [r < 40 and abs(g - 128) < 25 and abs(b - 128) < 25 for r, g, b in zip(red, green, blue, strict=True)]
    return sum(near) > 300


async def test_two_processes_never_show_a_face_after_its_withdrawal(
    cast: Cast, database: AnyEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "settings", replace(config.settings, files="", data=tmp_path))
    _ref, outputs = await shown_face(cast)
    address, stale = address_of(database), []
    with (
        serving(address, tmp_path) as first, serving(address, tmp_path) as second, Reader(first) as one, Reader(second) as other
    ):  # fmt: skip
        for time in range(NAMED):
            kept = {}
            for reader in (one, other):
                for path, is_there in outputs.items():
                    status, body, etag = reader.ask(path)
                    assert (status, is_there(body)) == (200, True), path
                    kept[reader, path] = etag
            await withdraw_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
            for (reader, path), etag in kept.items():
                status, body, _etag = reader.ask(path, etag)  # as a browser that has kept it
                if status == 304 or (status == 200 and outputs[path](body)):
                    stale.append((time, path, status))
            await give_consent(cast.project, cast.teammate, PHOTO, by=cast.teacher)
            await follow_all_captions()
    assert stale == []


def folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


async def test_a_cut_connection_shows_nothing_old(postgres: AnyEngine, tmp_path: Path) -> None:
    """Return the connection on which a process checks whether its pages are still valid."""
    paths, stale, cut = await shown(await make_cast()), [], 0
    with serving(address_of(postgres), tmp_path) as base, Reader(base) as reader:
        for number in range(CUTS):
            path = paths[number % len(paths)]
            reader.read(path)
            cut += len(
                await Publication.raw(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE {}",
                    "%public_revision%",
                )
            )
            await rename(f"Улей номер {number}.")
            if f"Улей номер {number}." not in reader.read(path):
                stale.append((number, path))
    assert stale == []
    assert cut >= CUTS // 2
