"""Bodies that arrive slowly are ended, and while they are awaited everybody else is served."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from incubator.http.slow_bodies import ClientLeft, Places, SlowBodies, SlowBody, TooManySlowBodies
from tests.chromium import serving
from tests.http.slow_clients import FORM, crowd

URLENCODED = (b"content-type", b"application/x-www-form-urlencoded")
MULTIPART = (b"content-type", b"multipart/form-data; boundary=x")


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


class WatchedPlaces(Places):
    """Places that tell when one is taken."""

    def __init__(self, *, each: int, total: int) -> None:
        super().__init__(each, total)
        self.taken: asyncio.Queue[str] = asyncio.Queue()

    def take(self, address: str) -> bool:
        has_place = super().take(address)
        if has_place:
            self.taken.put_nowait(address)
        return has_place


class Sender:
    """Sends what the test puts; the app reads everything and notes how it ended."""

    def __init__(self, **limits: Any) -> None:
        self.limits = limits
        self.app = SlowBodies(self._read_all, **limits)
        self.got: list[bytes] = []

    async def _read_all(self, _scope: Any, receive: Any, _send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message["more_body"]:
                self.got.append(body)
                return

    def post(self, messages: "asyncio.Queue[Any]", kind: tuple[bytes, bytes] = URLENCODED, host: str = "1") -> Any:
        scope = {"type": "http", "headers": [kind, (b"content-length", b"9")], "client": (host, 1)}
        return asyncio.ensure_future(self.app(scope, messages.get, None))


def queue(*messages: Any) -> "asyncio.Queue[Any]":
    waiting: asyncio.Queue[Any] = asyncio.Queue()
    for each in messages:
        waiting.put_nowait(each)
    return waiting


async def test_a_body_that_stops_is_ended() -> None:
    sender = Sender(window=0.05, grace=0.01)
    with pytest.raises(SlowBody):
        await sender.post(queue(part(b"a", more=True)))
    assert sender.app.forms.take("1")
    assert sender.got == []


async def test_a_body_in_parts_arrives_whole() -> None:
    sender = Sender()
    await sender.post(queue(part(b"a", more=True), part(b"b", more=True), part(b"c", more=False)))
    assert sender.got == [b"abc"]


async def test_who_holds_all_places_keeps_nobody_out_whose_body_is_there() -> None:
    forms, uploads = WatchedPlaces(each=2, total=3), WatchedPlaces(each=1, total=1)
    sender = Sender(forms=forms, uploads=uploads, window=60, grace=0.01)
    slow = [queue(part(b"a", more=True)) for _ in range(3)]
    waiting = [sender.post(slow[0]), sender.post(slow[1]), sender.post(slow[2], host="2")]
    assert sorted([await forms.taken.get() for _ in range(3)]) == ["1", "1", "2"]
    for host in ("1", "3"):  # its own places are taken; all places are taken
        with pytest.raises(TooManySlowBodies):
            await sender.post(queue(part(b"a", more=True)), host=host)
    await sender.post(queue(part(b"quick", more=False)))
    upload = queue(part(b"up", more=True))
    uploading = sender.post(upload, MULTIPART)
    await uploads.taken.get()
    for each in (*slow, upload):
        each.put_nowait(part(b"!", more=False))
    await asyncio.gather(*waiting, uploading)
    assert sorted(sender.got) == [b"a!", b"a!", b"a!", b"quick", b"up!"]
    assert (forms._taken, uploads._taken) == ({}, {})


async def test_a_client_that_leaves_gives_its_place_back() -> None:
    forms = WatchedPlaces(each=1, total=1)
    sender = Sender(forms=forms, grace=0.01)
    messages = queue(part(b"a", more=True))
    waiting = sender.post(messages)
    await forms.taken.get()
    messages.put_nowait({"type": "http.disconnect"})
    with pytest.raises(ClientLeft):
        await waiting
    assert sender.app.forms.take("1")


@pytest.mark.parametrize(
    ("request_", "answers"),
    [
        pytest.param(FORM, (b"HTTP/1.1 503", b"HTTP/1.1 429"), id="a body that stops"),
        pytest.param(FORM.split(b"\r\n\r\n")[0], (), id="headers that stop"),
        pytest.param(b"", (), id="silence"),
        pytest.param(b"GET /health HTTP/1.1\r\nHost: %b\r\n\r\n", (b"HTTP/1.1 200",), id="kept alive"),
    ],
)
def test_eleven_hundred_slow_clients_stop_no_page(
    sqlite_template: Path, tmp_path: Path, request_: bytes, answers: tuple[bytes, ...]
) -> None:
    database = tmp_path / "incubator.sqlite"
    shutil.copyfile(sqlite_template, database)
    with serving("", tmp_path) as base, crowd(base, 1100, request_) as clients:
        clients.watch(f"{base}/health", until_closed=1100, seconds=40)
    assert clients.closed == 1100
    assert clients.slowest < 5
    assert sum(line.startswith(answers) for line in clients.statuses) >= (1000 if answers else 0)
    if request_ is FORM:
        assert {line[:12] for line in clients.statuses} == {b"HTTP/1.1 503", b"HTTP/1.1 408", b"HTTP/1.1 429"}
