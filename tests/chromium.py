"""A real browser and a real server: Debian's Chromium (without its window on every change), and `incubator serve` in a process of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from importlib.resources import files
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from tests.forked import started
from tests.scale import IS_WHOLE

_WHOLE = ("chromium", "chromium-browser", "google-chrome")
#: Chromium built without a window and what lies around a page: the same pages for half of the processor time.
_SHELL = ("chromium-headless-shell",)
CHROMIUM = next(filter(None, map(shutil.which, _WHOLE + _SHELL if IS_WHOLE else _SHELL + _WHOLE)), None)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# As long as clicks wait: what a page shows at once on a free machine takes longer on a busy one.
expect.set_options(timeout=15_000)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def serving(
    database: str, data: Path, settings: Mapping[str, str] | None = None, host: str = "127.0.0.1"
) -> Iterator[str]:
    """Run `incubator serve` on ``database`` (a URL or a path), with further settings; yield its address.

    ``host``: the name by which the browser calls this machine. A fork: `server_process` runs the command itself.
    """
    port = free_port()
    base = f"http://{host}:{port}"
    env = _environment(database, data, base, settings)
    server = started(["serve", "--port", str(port)], env, data / "server.log")
    try:
        _wait_for(f"{base}/ready", lambda: _ended(server), data / "server.log")
        yield base
    finally:
        server.terminate()
        server.join(10)
        server.close()


def _ended(server: ForkServerProcess) -> bool:
    server.join(0.02)
    return server.exitcode is not None


@contextmanager
def server_process(
    database: str,
    data: Path,
    *,
    ready: str = "/ready",
    workers: int = 1,
    settings: Mapping[str, str] | None = None,
    host: str = "127.0.0.1",
) -> Iterator[tuple[str, int]]:
    """Run the command `python -m incubator serve` until it answers at ``ready``; yield its address and its process id."""
    port = free_port()
    base = f"http://{host}:{port}"
    env = _environment(database, data, base, settings)
    with _running(["serve", "--port", str(port), "--workers", str(workers)], env, f"{base}{ready}", data) as process:
        yield base, process


def _environment(database: str, data: Path, base: str, settings: Mapping[str, str] | None) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "INCUBATOR_DATA": str(data),
        "INCUBATOR_BASE_URL": base,
        **(settings or {}),
    }


@contextmanager
def serving_demo(data: Path, *options: str) -> Iterator[str]:
    """Run `incubator demo` in ``data``, with further options; yield its address."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with _running(["demo", "--data", str(data), "--port", str(port), *options], {**os.environ}, f"{base}/ready", data):
        yield base


@contextmanager
def _running(words: list[str], env: dict[str, str], ready: str, data: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "incubator", *words]
    with (data / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            _wait_for(ready, lambda: _exited(server), data / "server.log")
            yield server.pid
        finally:
            server.terminate()
            server.wait(10)


def _exited(server: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        server.wait(0.05)
    return server.returncode is not None


def _wait_for(url: str, has_ended: Callable[[], bool], log: Path) -> None:
    """Wait until it answers. Five minutes are a server that hangs; a demo tells its story first, on whatever machine."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url, timeout=5):
            return
        assert not has_ended(), log.read_text("utf-8")
    raise AssertionError(f"{url} never answered: {log.read_text('utf-8')}")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def browser_that_remembers(playwright: Playwright, folder: Path, *, width: int) -> BrowserContext:
    """Start a browser whose storage stays in ``folder`` when it ends, however it ends: see `kill_browser`."""
    return await playwright.chromium.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=_FLAGS, locale="ru-RU", viewport={"width": width, "height": 844},
        service_workers="block",
    )  # fmt: skip


def kill_browser(folder: Path) -> None:
    """Kill the browser that keeps its storage in ``folder``, as a telephone does that needs the memory: it is not asked."""
    mark = f"--user-data-dir={folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "cmdline").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


@cache
def _axe() -> str:
    return (files("axe_core_python") / "axe.min.js").read_text("utf-8")


async def assert_accessible(page: Page) -> None:
    """Assert that axe-core finds no violations on this page in its current state."""
    await page.evaluate(_axe())
    found: Any = await page.evaluate(
        "async (tags) => (await axe.run(document, { runOnly: tags })).violations"
        ".map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`)",
        _RULES,
    )
    assert found == [], f"{page.url}: {found}"
