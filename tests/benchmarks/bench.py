"""Benchmark a loaded database through `incubator serve`, next to a bare app on the same server, and print tables.

    python -m tests.benchmarks.bench bench/million.sqlite [--seconds 4]
    python -m tests.benchmarks.bench postgres://…/loaded_database

Warm: one page repeatedly by wrk, compared with a bare ASGI app that answers with the same bytes. Cold: pages that
nobody has requested before, one at a time; with ``--also 4`` that many at once.
"""

import asyncio
import os
import random
import re
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")

from tests.benchmarks.serving import Page, bare, bare_process, cost_under_load, cpu_of, fetch, load, memory_of
from tests.chromium import server_process

#: Number of cold pages of each kind.
COLD = 200
#: A kind of page is slow if its p99 exceeds this many milliseconds.
SLOW = 30.0


@dataclass(frozen=True, slots=True)
class Row:
    kind: str
    ms: list[float]
    size: int
    queries: int
    cpu: float | None = None
    """Milliseconds of the server's processor time that one took."""

    def __str__(self) -> str:
        ordered = sorted(self.ms)
        cpu = "–" if self.cpu is None else f"{self.cpu:.1f}"
        at = ordered[int(len(ordered) * 0.99)] if len(ordered) > 1 else ordered[0]
        return f"| {self.kind} | {statistics.median(ordered):.1f} | {at:.1f} | {ordered[-1]:.1f} | {self.size / 1000:.1f} kB | {self.queries} | {cpu} |"


def searches(count: int) -> list[str]:
    """Return searches of one to three words from the texts, as people would type them; deterministic."""
    from tests.sample import SOURCES, rows_of

    chance = random.Random(7)
    rows = rows_of(SOURCES[-1].projects)
    words = [word for row in rows for word in row["summary"].split() if word.strip(".,;:()").isalpha()]
    return [" ".join(chance.sample(words, n % 3 + 1)) for n in range(count)]


def at(path: str, **query: str) -> str:
    """Return the address at which the site answers without leading elsewhere: its parameters are sorted."""
    return f"{path}?{urlencode(sorted(query.items()))}"


async def addresses(size: int) -> dict[str, list[str]]:
    """Return cold pages by kind."""
    from incubator.db import connected
    from incubator.programme.tables import Season
    from incubator.publication.tables import Publication
    from incubator.reference.tables import Cluster, Municipality

    chance = random.Random(11)
    async with connected():
        clusters = [r["key"] for r in await Cluster.select(Cluster.key)]
        places = [r["key"] for r in await Municipality.select(Municipality.key)]
        seasons = [r["slug"] for r in await Season.select(Season.slug)]
        picked = [chance.randint(1, size) for _n in range(COLD)]
        slugs = [
            r["slug"]
            for r in await Publication.select(Publication.project.slug.as_alias("slug")).where(
                Publication.place.is_in(picked)
            )
        ]
    filters = [
        at(
            "/showcase", cluster=chance.choice(clusters), municipality=chance.choice(places),
            season=chance.choice(seasons), after=f"1.{chance.randint(1, size)}",
        )
        for _n in range(COLD)
    ]  # fmt: skip
    return {
        "catalogue, some page": [at("/showcase", after=f"1.{chance.randint(1, size)}") for _n in range(COLD)],
        "catalogue, three filters": filters,
        "catalogue, just graduated": [at("/showcase", sort="graduated", after=f"1.{n}") for n in picked],
        "search, 1–3 words, with facets": [at("/showcase", q=words) for words in searches(COLD)],
        "search in quotes": [at("/showcase", q=f"«{words}»") for words in searches(COLD)],
        "project": [f"/showcase/{slug}" for slug in slugs],
        "API, projects": [at("/api/v1/projects", q=words) for words in searches(COLD)],
    }


async def queries_of(paths: dict[str, str]) -> dict[str, list[str]]:
    """Return the queries of one page of each kind, run in this process."""
    import httpx

    from incubator.app import create_app
    from incubator.db import connected, counting

    app: Any = create_app()
    sent: dict[str, list[str]] = {}
    async with (
        connected(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bench") as client,
    ):
        await client.get("/showcase")
        for kind, path in paths.items():
            with counting() as seen:
                (await client.get(path)).raise_for_status()
            sent[kind] = list(seen)
    return sent


def cold(
    base: str, process: int, paths: dict[str, list[str]], queries: dict[str, list[str]], together: int
) -> list[Row]:
    rows = []
    for kind, addressed in paths.items():
        before = cpu_of(process)
        if together == 1:
            pages = fetch(base, addressed)
        else:
            shares = [addressed[n::together] for n in range(together)]
            with ThreadPoolExecutor(together) as pool:
                pages = [page for some in pool.map(lambda share: fetch(base, share), shares) for page in some]
        assert all(page.status == 200 for page in pages), (kind, {page.status for page in pages})
        size = round(statistics.median(len(page.body) for page in pages))
        cpu = (cpu_of(process) - before) / len(pages) * 1000
        rows.append(Row(kind, [page.ms for page in pages], size, len(queries[kind]), cpu))
    return rows


async def print_plans(rows: list[Row], queries: dict[str, list[str]]) -> None:
    """Print the engine's query plans for the slow kinds."""
    from incubator.db import connected, current_engine
    from incubator.publication.tables import Publication

    slow = [row for row in rows if sorted(row.ms)[int(len(row.ms) * 0.99) - 1] > SLOW]
    how = "EXPLAIN QUERY PLAN" if current_engine().engine_type == "sqlite" else "EXPLAIN"
    async with connected():
        for row in slow:
            print(f"\nPlans of «{row.kind}»:\n")
            for sql in dict.fromkeys(queries[row.kind]):
                text = " ".join(sql.split())
                print(f"    {text[:110]}{'…' if len(text) > 110 else ''}")
                # A generic plan, without bound values.
                plan = await Publication.raw(f"{how} {re.sub(r'[?]|[$][0-9]+', 'NULL', sql)}")
                for line in plan:
                    print(f"        {line.get('detail') or line.get('QUERY PLAN')}")


def after_a_change(base: str, database: str, queries: int) -> Row:
    """Time the first page of the catalogue after each of fifty changes of public content."""

    async def change() -> None:
        from incubator.db import connected, writing
        from incubator.publication.tables import Publication

        async with connected(), writing():
            await Publication.update({Publication.pitch: Publication.pitch}).where(Publication.place == 1)

    pages: list[Page] = []
    for _time in range(50):
        asyncio.run(change())
        pages += fetch(base, ["/showcase"])
    return Row("catalogue after a change", [page.ms for page in pages], len(pages[0].body), queries)


@click.command(help=__doc__)
@click.argument("database")
@click.option("--seconds", default=4, show_default=True, help="Of load for each warm figure.")
@click.option("--also", default=4, show_default=True, help="Cold pages asked for at once in the second table.")
@click.option("--plans", is_flag=True, help="Show how the database answers the queries of slow pages.")
def main(database: str, seconds: int, also: int, plans: bool) -> None:
    os.environ["DATABASE_URL"] = address = database if "://" in database else f"sqlite:///{Path(database).resolve()}"
    from incubator.db import connected
    from incubator.publication.tables import Publication

    async def count() -> int:
        async with connected():
            return int(await Publication.count())

    size = asyncio.run(count())
    paths = asyncio.run(addresses(size))
    queries = asyncio.run(queries_of({kind: some[0] for kind, some in paths.items()}))
    folder = Path(tempfile.mkdtemp(prefix="incubator-bench-"))
    print(f"\n### {size:,} projects, {address.partition(':')[0]}\n".replace(",", " "))
    with server_process(address, folder) as (base, process):
        fetch(base, ["/", "/showcase", "/showcase?q=data"])
        print(
            "| cold, one at a time | p50 ms | p99 ms | most ms | size | queries | CPU ms |\n|---|---|---|---|---|---|---|"
        )
        rows = cold(base, process, paths, queries, 1)
        rows.append(after_a_change(base, address, len(queries["catalogue, some page"])))
        print(*rows, sep="\n", flush=True)
    if plans:
        asyncio.run(print_plans(rows[:-1], queries))
    with server_process(address, folder) as (base, process):  # a fresh process, with an empty cache
        fetch(base, ["/", "/showcase", "/showcase?q=data"])
        print(
            f"\n| cold, {also} at once | p50 ms | p99 ms | most ms | size | queries | CPU ms |\n|---|---|---|---|---|---|---|"
        )
        for row in cold(base, process, paths, queries, also):
            print(row, flush=True)
        print(f"\nMemory of the worker after these: {memory_of(process):.0f} MB")
        print("\n| warm | requests/s | p50 ms | p99 ms | size | bare ASGI | ratio |\n|---|---|---|---|---|---|---|")
        for kind, path in (("landing", "/"), ("list", "/showcase"), ("search", "/showcase?q=data"), ("project", paths["project"][0])):  # fmt: skip
            page = fetch(base, [path, path])[1]
            with bare(page, folder) as plain:
                ratios, ours = [], load(base + path, seconds=1)
                for _round in range(3):  # alternately, because the machine is noisy
                    theirs, ours = load(plain + "/", seconds=seconds), load(base + path, seconds=seconds)
                    ratios.append(ours.rate / theirs.rate)
            print(
                f"| {kind} | {ours.rate:,.0f} | {ours.p50:.2f} | {ours.p99:.2f} | {len(page.body) / 1000:.1f} kB | "
                f"{theirs.rate:,.0f} | {statistics.median(ratios):.2f} |".replace(",", " "),
                flush=True,
            )
    _print_warm_costs(address, folder, {"list": "/showcase", "project": paths["project"][0]}, seconds)


def _print_warm_costs(address: str, folder: Path, paths: dict[str, str], seconds: int) -> None:
    """Print the processor time of a warm page from two workers, beside that of a bare app with the same bytes."""
    print("\n| warm, two workers | CPU µs | bare ASGI | times as much |\n|---|---|---|---|")
    with server_process(address, folder, workers=2) as (base, process):
        for kind, path in paths.items():
            page = fetch(base, [path, path])[1]
            with bare_process(page, folder, workers=2) as (plain, other):
                pairs = []
                for _round in range(5):  # alternately, because the machine is noisy
                    theirs = cost_under_load(plain + "/", other, seconds=seconds)
                    pairs.append((cost_under_load(base + path, process, seconds=seconds), theirs))
            ours, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
            times = statistics.median(mine / bare for mine, bare in pairs)
            print(f"| {kind} | {ours:.0f} | {theirs:.0f} | {times:.2f} |", flush=True)


if __name__ == "__main__":
    main()
