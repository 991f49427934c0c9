"""Bodies that arrive slowly are ended, and while they are awaited everybody else is served."""

import asyncio
import shutil
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from incubator.http.body_places import BodyPlace, Places
from incubator.http.body_places import Sender as Whose
from incubator.http.slow_bodies import ClientLeft, SlowBodies, SlowBody, TooManySlowBodies
from tests.chromium import serving
from tests.http.slow_clients import FORM, crowd

URLENCODED = (b"content-type", b"application/x-www-form-urlencoded")
MULTIPART = (b"content-type", b"multipart/form-data; boundary=x")


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


class WatchedPlaces(Places):
    """Places that tell when one is taken."""

    def __init__(self, **limits: Any) -> None:
        super().__init__(**limits)
        self.taken: asyncio.Queue[str] = asyncio.Queue()

    def take(self, sender: Whose, end: Any) -> BodyPlace | None:
        place = super().take(sender, end)
        if place:
            self.taken.put_nowait(sender.name)
        return place


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

    def post(
        self, messages: "asyncio.Queue[Any]", kind: tuple[bytes, bytes] = URLENCODED, host: str = "1", user: Any = None
    ) -> Any:
        scope = {"type": "http", "headers": [kind, (b"content-length", b"9")], "client": (host, 1), "user": user}
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
    assert sender.app.forms.count == 0
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
    assert (forms.count, uploads.count) == (0, 0)


async def test_visitors_of_a_school_keep_nobody_out_who_is_signed_in() -> None:
    uploads = WatchedPlaces(each=2, total=3, of_one=1)
    sender = Sender(uploads=uploads, window=60, grace=0.01)
    visitors = [sender.post(queue(part(b"a", more=True)), MULTIPART) for _ in range(2)]
    assert [await uploads.taken.get() for _ in range(2)] == ["1", "1"]
    pupils = [queue(part(b"a", more=True)) for _ in range(2)]
    uploading = [sender.post(pupil, MULTIPART, user=SimpleNamespace(id=n)) for n, pupil in enumerate(pupils)]
    assert sorted([await uploads.taken.get() for _ in range(2)]) == ["person 0", "person 1"]
    with pytest.raises(TooManySlowBodies):  # the longest of the visitors' made room
        await visitors[0]
    with pytest.raises(TooManySlowBodies):  # a second one of the same person
        await sender.post(queue(part(b"a", more=True)), MULTIPART, user=SimpleNamespace(id=0))
    for each in pupils:
        each.put_nowait(part(b"!", more=False))
    await asyncio.gather(*uploading)
    assert sender.got == [b"a!", b"a!"]
    visitors[1].cancel()


async def test_nobody_holds_a_place_for_ever() -> None:
    uploads = WatchedPlaces(each=1, total=1, of_one=1, lasts=0)
    sender = Sender(uploads=uploads, window=60, grace=0.01)
    slow = sender.post(queue(part(b"a", more=True)), MULTIPART, user=SimpleNamespace(id=1))
    await uploads.taken.get()
    messages = queue(part(b"b", more=True))
    next_one = sender.post(messages, MULTIPART, user=SimpleNamespace(id=2))
    await uploads.taken.get()
    with pytest.raises(TooManySlowBodies):
        await slow
    messages.put_nowait(part(b"!", more=False))
    await next_one
    assert (sender.got, uploads.count) == ([b"b!"], 0)


def taken(places: Places, *senders: Whose) -> list[str]:
    """Take places in this order; return whose were taken away for it, and «-» for each who got none."""
    lost: list[str] = []
    for sender in senders:
        if not places.take(sender, partial(lost.append, sender.name)):
            lost.append("-")
    return lost


A, B, VISITOR, OTHER = Whose("a", True), Whose("b", True), Whose("1"), Whose("2")


@pytest.mark.parametrize(
    ("senders", "lost"),
    [
        pytest.param([A, A, A, B], ["a"], id="who has most gives way"),
        pytest.param([A, B, VISITOR, B], ["1"], id="a visitor gives way to a person"),
        pytest.param([A, A, A, VISITOR], ["-"], id="a person never gives way to a visitor"),
        pytest.param([VISITOR, VISITOR, OTHER, OTHER], ["-"], id="an address that has one more keeps it"),
        pytest.param([A, A, A, A], ["-"], id="nobody gives way to themselves"),
        pytest.param([VISITOR, VISITOR, VISITOR], ["-"], id="one address"),
    ],
)
def test_who_gives_way_when_all_places_are_taken(senders: list[Whose], lost: list[str]) -> None:
    assert taken(Places(each=2, total=3, of_one=3), *senders) == lost


async def test_a_client_that_leaves_gives_its_place_back() -> None:
    forms = WatchedPlaces(each=1, total=1)
    sender = Sender(forms=forms, grace=0.01)
    messages = queue(part(b"a", more=True))
    waiting = sender.post(messages)
    await forms.taken.get()
    messages.put_nowait({"type": "http.disconnect"})
    with pytest.raises(ClientLeft):
        await waiting
    assert forms.count == 0


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
