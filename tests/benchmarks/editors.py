"""A season at work: editors who save as they type, readers who search, previews, and somebody who posts rubbish.

    python -m tests.benchmarks.editors [postgres://…/an_empty_database] [--editors 200] [--minutes 10]

Prints how long saves and pages took, what was refused, whether the database holds the last text that was acknowledged to each
editor, and the memory of each worker, without its Markdown child, as it went.
"""

import asyncio
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")

import click

from incubator.db.engines import engine_for
from incubator.db.migrating import migrate
from incubator.http.csrf import SESSION_COOKIE
from incubator.people.sessions import begin_session
from incubator.projects.tables import Answer, Member, Project
from tests.benchmarks.serving import workers_of
from tests.chromium import server_process
from tests.crowd import make_crowd
from tests.engines import started

SENTENCE = "Мы спросили тридцать пасечников, сколько ульев погибает зимой. "
WORDS = [
    "улей",
    "датчик",
    "пасека",
    "мороз",
    "завод",
    "школа",
    "робот",
    "теплица",
    "река",
    "лес",
    "опрос",
    "прибор",
    "вода",
    "свет",
    "команда",
    "район",
]
#: Seconds that an editor thinks between two saves, on average.
THOUGHT = 2.0
#: Seconds in which everybody comes.
ARRIVING = 10.0
RUBBISH, RUBBISH_POSTS = 512 * 1024, 300


@dataclass(slots=True)
class Seen:
    """What the clients saw."""

    ms: dict[str, list[float]] = field(default_factory=lambda: {"save": [], "search": [], "preview": []})
    errors: list[str] = field(default_factory=list)
    refused: int = 0
    """Posts of rubbish that were refused, as they should be."""


class Line:
    """One connection that stays open, as a browser's; a client library would cost more than the server."""

    def __init__(self, base: str, cookie: str = "") -> None:
        self._host, self._port = urlsplit(base).hostname, urlsplit(base).port
        self._cookie = f"cookie: {cookie}\r\n" if cookie else ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: str = "", accept: str = "text/html") -> tuple[int, str]:
        """Return status and body."""
        self._streams = self._streams or await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        content = body.encode()
        form = f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(content)}\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nhost: {self._host}:{self._port}\r\naccept: {accept}\r\n{self._cookie}{form}\r\n"
        writer.write(head.encode() + content)
        headers = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        found = re.search(r"content-length: (\d+)", headers)
        said = await reader.readexactly(int(found[1]) if found else 0)
        if "connection: close" in headers:
            self.close()
        return int(headers.split()[1]), said.decode("utf-8", "replace")

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None


@dataclass(slots=True)
class Writer:
    project: int
    secret: str
    text: str = ""
    version: int = 0
    """What was acknowledged last."""


async def make_season(address: str, editors: int, submissions: int) -> list[Writer]:
    async with started(engine_for(address)):
        await migrate()
        crowd = await make_crowd(
            max(submissions, editors), max(10, submissions // 10), reviews=3, waiting=1, required=3
        )
        captains = crowd.captains[:editors]
        rows = await Member.select(Member.person, Member.project).where(Member.person.is_in([c.id for c in captains]))
        projects = {row["person"]: row["project"] for row in rows}
        await Project.update({Project.state: "draft"}).where(Project.id.is_in([*projects.values()]))
        return [Writer(projects[c.id], await begin_session(c, user_agent="benchmark")) for c in captains]


async def _timed(seen: Seen, kind: str, asked: Awaitable[tuple[int, str]]) -> tuple[int, str]:
    began = time.perf_counter()
    status, said = await asked
    seen.ms[kind].append((time.perf_counter() - began) * 1000)
    if status >= 300:
        seen.errors.append(f"{kind}: {status}")
    return status, said


async def edit(base: str, writer: Writer, seen: Seen, until: float) -> None:
    """Save the same section again and again, a little longer each time."""
    line = Line(base, f"{SESSION_COOKIE}={writer.secret}")
    await asyncio.sleep(random.uniform(0, ARRIVING))
    _status, page = await line.ask("GET", f"/projects/{writer.project}")
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    n = 0
    while time.monotonic() < until:
        n += 1
        text = (SENTENCE * (1 + n % 15) + str(n)).strip()
        form = urlencode({"csrf": csrf, "version": writer.version, "text": text})
        path = f"/projects/{writer.project}/answers/problem"
        status, said = await _timed(seen, "save", line.ask("POST", path, form, accept="application/json"))
        if status < 300:
            writer.text, writer.version = text, int(re.findall(r'"version":(\d+)', said)[0])
        await asyncio.sleep(random.uniform(0.5, 1.5) * THOUGHT)
    line.close()


async def read(base: str, seen: Seen, until: float) -> None:
    """Search the showcase for something else each time."""
    line = Line(base)
    while time.monotonic() < until:
        words = " ".join(random.sample(WORDS, 2)) + f" {random.randrange(10_000)}"
        await _timed(seen, "search", line.ask("GET", f"/showcase?q={quote(words)}"))
        await asyncio.sleep(random.uniform(0.5, 1.5))
    line.close()


async def preview(base: str, writer: Writer, seen: Seen, times: int, until: float) -> None:
    line = Line(base, f"{SESSION_COOKIE}={writer.secret}")
    _status, page = await line.ask("GET", f"/projects/{writer.project}")
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    pause = max(0.0, (until - time.monotonic()) / max(1, times))
    for n in range(times):
        if time.monotonic() >= until:
            break
        form = urlencode({"csrf": csrf, "text": f"**{n}** " + SENTENCE * 100})
        await _timed(seen, "preview", line.ask("POST", "/preview", form, accept="application/json"))
        await asyncio.sleep(pause * 0.9)
    line.close()


async def post_rubbish(base: str, seen: Seen) -> None:
    body = "email=" + "x" * RUBBISH
    for _n in range(RUBBISH_POSTS):
        line = Line(base)
        try:
            status, _said = await line.ask("POST", "/sign-in", body)
            seen.refused += status in {403, 413, 429}
        except (OSError, asyncio.IncompleteReadError):
            seen.refused += 1
        line.close()


async def watch(pid: int, until: float, every: float) -> list[list[float]]:
    """Print the memory of each worker, and return the curve."""
    curve, began = [], time.monotonic()
    while time.monotonic() < until:
        curve.append(list(workers_of(pid).values()))
        sizes = " · ".join(f"{size:.0f}" for size in curve[-1])
        print(f"| {(time.monotonic() - began) / 60:.1f} | {sizes} |", flush=True)
        await asyncio.sleep(every)
    return curve


async def lost(address: str, writers: list[Writer]) -> int:
    """Return how many editors' last acknowledged text is not what the database holds."""
    async with started(engine_for(address)):
        rows = await Answer.select(Answer.project, Answer.text).where(Answer.key == "problem")
    texts = {row["project"]: row["text"] for row in rows}
    return sum(bool(w.version) and texts.get(w.project) != w.text for w in writers)


def p(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


async def drive(base: str, pid: int, writers: list[Writer], readers: int, minutes: float, previews: int) -> Seen:
    seen, until = Seen(), time.monotonic() + 60 * minutes
    jobs: list[Any] = [edit(base, writer, seen, until) for writer in writers]
    jobs += [read(base, seen, until) for _n in range(readers)]
    if previews:
        jobs += [preview(base, writer, seen, previews // 10, until) for writer in writers[:10]]
        jobs.append(_later(20, lambda: post_rubbish(base, seen)))
    print("| minute | memory of each worker, MB |\n|---|---|")
    *_done, curve = await asyncio.gather(*jobs, watch(pid, until, max(5.0, 60 * minutes / 20)))
    half = [max(sizes) for sizes in curve[len(curve) // 2 :]]
    print(f"\nIn the second half the largest worker had {min(half):.0f}–{max(half):.0f} MB.")
    return seen


async def _later(seconds: float, what: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(seconds)
    await what()


@click.command()
@click.argument("address", default="")
@click.option("--editors", default=200, help="People who save a section every two seconds.")
@click.option("--readers", default=20, help="Visitors who search, each time for something else.")
@click.option("--submissions", default=1000, help="Size of the season.")
@click.option("--minutes", default=10.0, help="How long they work.")
@click.option("--workers", default=2, help="Processes of the server.")
@click.option("--previews", default=10_000, help="Rendered while they work; with 0 nobody posts rubbish either.")
def main(
    address: str, editors: int, readers: int, submissions: int, minutes: float, workers: int, previews: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = address or str(folder / "season.sqlite")
        writers = asyncio.run(make_season(database, editors, submissions))
        with server_process(database, folder, workers=workers) as (base, pid):
            print(f"At rest: {' · '.join(f'{size:.0f}' for size in workers_of(pid).values())} MB.")
            seen = asyncio.run(drive(base, pid, writers, readers, minutes, previews))
        print(
            f"\n| {editors} editors, {readers} readers, {workers} workers | n | p50 ms | p99 ms | most ms |\n|---|---|---|---|---|"
        )
        for kind, ms in seen.ms.items():
            if ms:
                print(f"| {kind} | {len(ms)} | {statistics.median(ms):.0f} | {p(ms, 0.99):.0f} | {max(ms):.0f} |")
        print(f"\nErrors: {len(seen.errors)} {sorted(set(seen.errors))}. Rubbish refused: {seen.refused}.")
        print(f"Acknowledged and lost: {asyncio.run(lost(database, writers))}.")


if __name__ == "__main__":
    main()
