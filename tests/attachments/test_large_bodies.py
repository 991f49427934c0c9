"""Uploads that the site does not want, at a real server: each gets a clear answer, never a closed connection."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from incubator.db.engines import AnyEngine
from incubator.gates.file_pages import MOST_BYTES
from incubator.people.sessions import begin_session
from incubator.people.tables import Session
from tests.attachments.uploads import KEY
from tests.cast import make_cast
from tests.chromium import serving
from tests.engines import address_of

#: More than a connection holds by itself, and than is kept of any form.
LARGE = 20_000_000
BOUNDARY = "a-boundary-that-no-file-has"
SCRIPT = {"accept": "application/json", "x-requested-with": "fetch"}


@contextmanager
def sender(base: str, cookie: str, headers: dict[str, str]) -> Iterator[Any]:
    """Yield what sends files of together ``size`` bytes with the form's ``token``; it says all before it listens, as browsers do."""
    with httpx.Client(
        base_url=base, headers={"origin": base, **headers}, cookies={"session": cookie}, timeout=60
    ) as client:

        def send(address: str, token: str, size: int) -> httpx.Response:
            head = (
                f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n{token}\r\n--{BOUNDARY}\r\n'
                'content-disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-'
            ).encode()
            chunk, end = os.urandom(1_000_000), f"\r\n--{BOUNDARY}--\r\n".encode()
            content = (part for parts in ([head], [chunk] * (size // len(chunk)), [end]) for part in parts)
            length = len(head) + size // len(chunk) * len(chunk) + len(end)
            kind = f"multipart/form-data; boundary={BOUNDARY}"
            return client.post(address, content=content, headers={"content-type": kind, "content-length": str(length)})

        yield client, send


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["a form", "a script"])
async def test_whoever_is_refused_learns_why(database: AnyEngine, tmp_path: Path, headers: dict[str, str]) -> None:
    cast = await make_cast()
    address = f"/projects/{cast.project.id}/files/new/{KEY}"
    cookie = await begin_session(cast.captain, user_agent="")
    with serving(address_of(database), tmp_path) as base, sender(base, cookie, headers) as (client, send):
        found = re.search(r'name="csrf" value="([^"]+)"', client.get(address, headers={"accept": "text/html"}).text)
        assert found
        answer = send(address, found[1], MOST_BYTES + LARGE)
        assert (answer.status_code, "Выберите меньше файлов" in answer.text) == (413, True)
        answer = send(address, found[1], LARGE * 2)
        assert (answer.status_code, "можно до 25 МБ" in answer.text) == (422, True)
        await Session.delete(force=True)  # signed out on another device
        for each in (cookie, ""):  # or in another tab of this browser
            client.cookies["session"] = each
            answer = send(address, found[1], LARGE)
            if not headers:
                assert answer.headers["location"].startswith("/sign-in?next=")
                answer = client.get(answer.headers["location"])
            assert answer.status_code == (401 if headers else 200)
            assert "Войдите и выберите их ещё раз" in answer.text
