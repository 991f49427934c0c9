"""Clients that close the connection in the middle: nothing breaks, and the log says nothing of it."""

import json
import shutil
import socket
import struct
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from tests.chromium import serving
from tests.http.slow_clients import FORM

PAGE = b"GET /showcase HTTP/1.1\r\nHost: %b\r\n\r\n"
UPLOAD = (
    b"POST /sign-in HTTP/1.1\r\nHost: %b\r\nContent-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked"
    b"\r\n\r\n5\r\n--x\r\n\r\n"
)


def leave(base: str, request: bytes, *, read: int) -> None:
    """Send ``request``, read at most ``read`` bytes, and reset the connection."""
    host = urlsplit(base).netloc
    name, _colon, port = host.rpartition(":")
    with socket.create_connection((name, int(port)), timeout=10) as client:
        client.sendall(request.replace(b"%b", host.encode()))
        if read:
            client.recv(read)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_two_hundred_clients_that_leave_write_no_traceback(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "incubator.sqlite")
    with serving("", tmp_path) as base:
        for number in range(200):
            leave(base, (FORM, UPLOAD, PAGE)[number % 3], read=number % 2 if number % 3 == 2 else 0)
        with urllib.request.urlopen(f"{base}/showcase", timeout=10) as page:
            assert page.status == 200
    log = (tmp_path / "server.log").read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert "Traceback" not in log
    assert {line["level"] for line in lines} <= {"info"}
    assert {line["status"] for line in lines if line["event"] == "request" and line["method"] == "POST"} == {499}
    assert len(log) < 100_000
