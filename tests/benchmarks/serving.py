"""Servers and load for the benchmarks: `incubator serve`, a bare app on the same server, and wrk."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.chromium import free_port, serving

__all__ = ["Load", "Page", "bare", "bare_process", "fetch", "load", "memory_of", "serving"]

BROWSER = {
    "accept-encoding": "gzip, br",
    "accept-language": "ru,en;q=0.8",
    "accept": "text/html",
    "user-agent": "bench",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: milliseconds until its last byte, its headers and its bytes on the wire."""

    status: int
    ms: float
    headers: list[tuple[str, str]]
    body: bytes


def fetch(base: str, paths: list[str]) -> list[Page]:
    """Request each path once, one after the other, on one connection."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)
    pages = []
    for path in paths:
        began = time.perf_counter()
        connection.request("GET", path, headers=BROWSER)
        response = connection.getresponse()
        body = response.read()
        pages.append(Page(response.status, (time.perf_counter() - began) * 1000, response.getheaders(), body))
    connection.close()
    return pages


@contextmanager
def bare(page: Page, folder: Path) -> Iterator[str]:
    """Run a server that answers with exactly this page's bytes; yield its address."""
    with bare_process(page, folder) as (base, _process):
        yield base


@contextmanager
def bare_process(page: Page, folder: Path, *, workers: int = 1) -> Iterator[tuple[str, int]]:
    """Do the same; yield its address and its process id."""
    port = free_port()
    answer = {"status": page.status, "headers": page.headers, "body": page.body.hex()}
    (folder / "answer.json").write_text(json.dumps(answer), "utf-8")
    program = (
        "from granian import Granian; from granian.constants import Interfaces; "
        f"Granian('tests.benchmarks.bare:app', address='127.0.0.1', port={port}, workers={workers}, interface=Interfaces.ASGI, "
        "log_enabled=False, websockets=False).serve()"
    )
    env = {**os.environ, "BARE_ANSWER": str(folder / "answer.json")}
    server = subprocess.Popen([sys.executable, "-c", program], env=env)
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 20
        while True:
            try:
                fetch(base, ["/"])
                break
            except OSError:
                assert time.monotonic() < until, "the bare server does not answer"
                with suppress(subprocess.TimeoutExpired):
                    server.wait(0.05)
        yield base, server.pid
    finally:
        server.terminate()
        server.wait(10)


@dataclass(frozen=True, slots=True)
class Load:
    """Result of wrk: requests per second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


_TICK = os.sysconf("SC_CLK_TCK")
_UNIT = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def load(url: str, *, seconds: int = 4, connections: int = 32) -> Load:
    """Request ``url`` as fast as it answers, from one thread. Raises RuntimeError for any answer but 2xx."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is missing: apt-get install wrk")
    headers = [word for name, value in BROWSER.items() for word in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *headers, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)

    def latency(share: str) -> float:
        found = re.search(rf"^\s+{share}%\s+([\d.]+)(us|ms|s)\s*$", said, re.M)
        assert found, said
        return float(found[1]) * _UNIT[found[2]]

    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate, said
    return Load(float(rate[1]), latency("50"), latency("99"))


def cost_under_load(url: str, pid: int, *, seconds: int) -> float:
    """Return the microseconds of processor time that one answer takes while wrk requests it."""
    before, began = cpu_of(pid), time.monotonic()
    rate = load(url, seconds=seconds).rate
    return (cpu_of(pid) - before) / (rate * (time.monotonic() - began)) * 1e6


def workers_of(pid: int) -> dict[int, float]:
    """Return the resident memory of each worker of a server, in MB, by process id; without the workers' own children."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    sizes = {int(each): _resident(int(each)) for each in children}
    return {each: size for each, size in sizes.items() if size > 40}  # not multiprocessing's own helper


def _resident(pid: int) -> float:
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("utf-8"))
    except FileNotFoundError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def cpu_of(*pids: int) -> float:
    """Return the seconds of processor time of processes and everything below them, ended children included."""
    found, todo = 0, list(pids)
    for each in todo:
        with suppress(FileNotFoundError):
            fields = Path(f"/proc/{each}/stat").read_text("utf-8").rpartition(")")[2].split()
            found += sum(map(int, fields[11:15]))
            todo += map(int, _words("pgrep", "-P", str(each)))
    return found / _TICK


def database_of(address: str) -> list[int]:
    """Return the process that starts PostgreSQL's others, if the benchmark runs on it."""
    return [int(each) for each in _words("pgrep", "-o", "-x", "postgres")] if address.startswith("postgres") else []


def _words(*command: str) -> list[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()


def memory_of(pid: int) -> float:
    """Return the resident memory of a server's largest process, in MB."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return max(map(_resident, (pid, *map(int, children))))
