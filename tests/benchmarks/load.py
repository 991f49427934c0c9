"""Fill a database with published projects, recombined deterministically from the real texts beside the checkout.

    python -m tests.benchmarks.load 1000000 bench/million.sqlite
    python -m tests.benchmarks.load 1000000 postgres://…/empty_database

Rows are bulk-loaded with the engines' own means instead of verbs: a million verbs would take a day.
"""

import asyncio
import json
import os
import random
import re
import sqlite3
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click

os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")

CHUNK = 1 << 16
SEASONS = range(2019, 2027)
BEGINNING = datetime(2019, 1, 1, tzinfo=UTC)
COLUMNS = {
    "project": ("id", "season", "slug", "title", "team_name", "stage", "state", "round", "cluster", "municipality",
                "organisation", "help_wanted", "details_version", "created_at", "changed_at"),
    "submission": ("id", "project", "number", "stage", "round", "title", "content", "rubric", "submitted_at"),
    "public_version": ("id", "project", "submission", "number", "stage", "round", "submitted_at", "is_waiting", "approved_at",
                       "refusal", "title", "content", "grammar"),
    "publication": ("id", "project", "published_at", "place", "number", "title", "team_name", "help_wanted",
                    "pitch", "title_words", "words", "facets", "graduated_at", "changed_at"),
    "project_competency": ("project", "competency"),
}  # fmt: skip
POSTING = ("term", "chunk", "n", "moved", "docs")


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    keys: tuple[str, ...]
    """Of each word, as they are stored."""


@dataclass(slots=True)
class World:
    """The rows that all projects refer to, as (id, key) pairs, and the texts from which they are made."""

    seasons: list[tuple[int, str]]
    clusters: list[tuple[int, str]]
    municipalities: list[tuple[int, str]]
    competencies: list[tuple[int, str]]
    organisations: list[tuple[int, str, tuple[str, ...]]]
    """id, kind, and keys of the name."""
    titles: list[Sentence]
    sentences: list[Sentence]


async def prepare() -> World:
    """Migrate, and create the shared rows."""
    from incubator.db import writing
    from incubator.db.migrating import migrate
    from incubator.http.markdown.plain import plain
    from incubator.programme.install import install_defaults
    from incubator.programme.seasons import open_season
    from incubator.reference.name_forms import organisation_form
    from incubator.reference.organisations import ORGANISATION_KINDS
    from incubator.reference.tables import Cluster, Competency, Municipality, Organisation
    from incubator.search.keys import index_of
    from tests.sample import SOURCES, rows_of

    await migrate()
    await install_defaults()
    seasons = []
    for year in SEASONS:
        season = await open_season(
            str(year), title_ru=f"Сезон {year}", title_en=f"Season {year}", opens_on=date(year, 1, 1),
            closes_on=date(year, 12, 31), by=None,
        )  # fmt: skip
        seasons.append((season.id, season.slug))
    rows = rows_of(SOURCES[-1].projects)
    names = sorted({row["organisation"] for row in rows})[:150]
    async with writing():
        organisations = [
            Organisation(
                key=f"org-{n}", name=name[:200], form=organisation_form(name)[:200], kind=ORGANISATION_KINDS[n % 3]
            ) for n, name in enumerate(names)
        ]  # fmt: skip
        await Organisation.insert(*organisations)
    known = {r["name"]: r["id"] for r in await Organisation.select(Organisation.id, Organisation.name)}
    texts = {
        sentence
        for row in rows
        for sentence in re.split(r"(?<=[.!?])\s+", plain(row["description_html"]))
        if 20 < len(sentence) < 220
    }

    async def keys(table: Any) -> list[tuple[int, str]]:
        return [(r["id"], r["key"]) for r in await table.select(table.id, table.key).order_by(table.id)]

    return World(
        seasons, await keys(Cluster), await keys(Municipality), await keys(Competency),
        [(known[o.name], o.kind, tuple(index_of(o.name).split())) for o in organisations],
        [Sentence(row["title"][:120], tuple(index_of(row["title"][:120]).split())) for row in rows],
        [Sentence(text, tuple(index_of(text).split())) for text in sorted(texts)],
    )  # fmt: skip


def project_rows(world: World, size: int) -> Iterator[tuple[dict[str, list[tuple[Any, ...]]], set[str]]]:
    """Yield the rows of one project after the other, by table, and its terms. Places are ids."""
    from incubator.core.text import short, slugify
    from incubator.publication.facets import facets_text
    from incubator.search.keys import keys_in

    chance = random.Random(20190101)
    step = timedelta(days=2800) / size
    for number in range(1, size + 1):
        at = BEGINNING + step * number
        first, second = chance.choice(world.titles), chance.choice(world.titles)
        half = len(second.text.split()) // 2
        title = short(f"{first.text} – {' '.join(second.text.split()[:half])}" if half else first.text, 190)
        title_keys = " ".join((*first.keys, *second.keys[:half]))
        said = chance.sample(world.sentences, 6)
        season, cluster, place = chance.choice(world.seasons), chance.choice(world.clusters), chance.choice(world.municipalities)  # fmt: skip
        organisation, kind, named = chance.choice(world.organisations)
        skills = chance.sample(world.competencies, 2)
        stage = chance.choices(("idea", "project", "plan", "graduated"), (50, 25, 10, 15))[0]
        help_wanted = "Где испытать" if chance.random() < 0.3 else ""
        state, of = ("graduated", "plan") if stage == "graduated" else ("draft", stage)
        words = " ".join((title_keys, *(key for sentence in said for key in sentence.keys), *named))
        facets = facets_text(
            stage=stage, season=season[1], cluster=cluster[1], municipality=place[1], kind=kind,
            competency=[key for _id, key in skills], help="yes" if help_wanted else "",
        )  # fmt: skip
        content = json.dumps(
            [_frozen("pitch", "Суть", said[:1]), _frozen("problem", "Проблема", said[1:4]), _frozen("solution", "Решение", said[4:])],
            ensure_ascii=False,
        )  # fmt: skip
        slug = f"{slugify(title, 50) or 'project'}-{number}"
        rows: dict[str, list[tuple[Any, ...]]] = {
            "project": [(number, season[0], slug, title, "", of, state, 1, cluster[0], place[0], organisation, help_wanted, 1, at, at)],
            "submission": [(number, number, 1, of, 1, title, content, "[]", at)],
            "public_version": [(number, number, number, 1, of, 1, at, False, at, "", title, content, 0)],
            "publication": [(number, number, at, number, 1, title, "", help_wanted, short(said[0].text, 200), title_keys, words, facets, at if stage == "graduated" else None, at)],
            "project_competency": [(number, skill) for skill, _key in skills],
        }  # fmt: skip
        terms = {"f:", *keys_in(words), *(f"t:{s}" for s in keys_in(title_keys)), *(f"f:{f}" for f in facets.split())}
        yield rows, terms


def _frozen(key: str, title: str, said: list[Sentence]) -> dict[str, Any]:
    text = " ".join(sentence.text for sentence in said)
    html = "<p>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</p>"
    return {"key": key, "stage": "idea", "title_ru": title, "title_en": key.title(), "group": "", "limit": 1000, "text": text, "html": html}  # fmt: skip


def batches(world: World, size: int) -> Iterator[tuple[int, dict[str, list[tuple[Any, ...]]]]]:
    """Yield (projects, rows by table), with the rows of the index at the end of each of its chunks."""
    from pyroaring import BitMap

    terms_of: dict[str, Any] = {}
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS}
    waiting = 0
    for number, (made, terms) in enumerate(project_rows(world, size), start=1):
        waiting += 1
        for name, some in made.items():
            rows[name] += some
        for term in terms:
            terms_of.setdefault(term, array("I")).append(number)
        if (number + 1) % CHUNK == 0 or number == size:
            packed = ((term, BitMap(places)) for term, places in sorted(terms_of.items()))
            rows["posting"] = [(term, number // CHUNK, len(docs), 1, docs.serialize()) for term, docs in packed]
            terms_of = {}
        if waiting >= 8192 or "posting" in rows:
            yield waiting, rows
            rows, waiting = {name: [] for name in COLUMNS}, 0


def columns(name: str) -> tuple[str, ...]:
    return COLUMNS.get(name, POSTING)


def into_sqlite(path: Path, world: World, size: int, bar: Any) -> None:
    import_module("incubator.db.sqlite")  # registers how dates are stored
    with sqlite3.connect(path, isolation_level=None) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("PRAGMA cache_size=-262144")
        for done, rows in batches(world, size):
            raw.execute("BEGIN")
            for name, some in rows.items():
                marks = ", ".join("?" * len(columns(name)))
                raw.executemany(f"INSERT INTO {name} ({', '.join(columns(name))}) VALUES ({marks})", some)
            raw.execute("COMMIT")
            bar.update(done)
        raw.execute("UPDATE posting SET n = 1, moved = ? WHERE term = ''", (size,))
        raw.execute("ANALYZE")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def into_postgres(url: str, world: World, size: int, bar: Any) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute("SET session_replication_role = replica")  # without triggers and foreign-key checks
    for done, rows in batches(world, size):
        for name, some in rows.items():
            await connection.copy_records_to_table(name, records=some, columns=columns(name))
        bar.update(done)
    await connection.execute("UPDATE posting SET n = 1, moved = $1 WHERE term = ''", size)
    await connection.execute('UPDATE public_revision SET "number" = "number" + 1')
    for name in ("project", "submission", "public_version", "publication"):
        await connection.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {size})")
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


@click.command(help=__doc__)
@click.argument("size", type=click.IntRange(1, 10_000_000))
@click.argument("database")
def main(size: int, database: str) -> None:
    os.environ["DATABASE_URL"] = database if "://" in database else f"sqlite:///{Path(database).resolve()}"
    if "://" not in database and Path(database).exists():
        raise click.ClickException(f"{database} is there already")
    from incubator.db import connected

    async def work() -> World:
        async with connected():
            return await prepare()

    world = asyncio.run(work())
    with click.progressbar(length=size, label=f"{size} projects", file=sys.stderr) as bar:
        if "://" in database:
            asyncio.run(into_postgres(database, world, size, bar))
        else:
            into_sqlite(Path(database), world, size, bar)


if __name__ == "__main__":
    main()
