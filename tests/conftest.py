"""Fixtures for all tests. Nothing here may touch the data of a real site."""

import asyncio
import os
import tempfile

from tests import scratch

os.environ["PICCOLO_CONF"] = "incubator.piccolo_conf"
os.environ["INCUBATOR_DATA"] = tempfile.mkdtemp(prefix="data-")
os.environ["STATE_DIRECTORY"] = tempfile.mkdtemp(prefix="state-")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run-"))  # required by a throw-away PostgreSQL
# Organisers of tests go on as they are while the clock is moved by months; what requires a second factor asks for it itself.
os.environ["INCUBATOR_SECOND_FACTOR"] = "offered"
if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("TEST_DATABASE_URL", os.environ["DATABASE_URL"])
os.environ.pop("DATABASE_URL", None)

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from incubator.db import sqlite_pool
from incubator.db.engines import AnyEngine
from incubator.db.sqlite import SQLite
from incubator.http import anonymous_bodies
from tests import engines
from tests.cast import Cast
from tests.cast_once import CastsOnPostgres, CastsOnSqlite, Made
from tests.emptied import Databases
from tests.scale import IS_WHOLE, is_told_elsewhere, scaled

anonymous_bodies.BURST = 1_000_000  # all browsers of a test run share one address
sqlite_pool.IS_DURABLE = False  # servers that tests start flush

settings.register_profile("scaled", max_examples=scaled(1000), deadline=None)
settings.load_profile("scaled")

#: Files with few long tests, longest first: started first, they do not keep one worker busy alone at the end of the run.
LONG = [
    "stories/test_in_chromium.py", "stories/test_business_plan_in_chromium.py", "stories/test_class_in_chromium.py", "stories/test_reviewing_in_chromium.py", "demo/test_demo.py", "stories/test_killed.py",
    "stories/test_any_way.py", "http/test_bad_input.py", "stories/test_fresh.py", "showcase/test_api.py", "stories/test_killed_while_uploading.py",
    "http/test_markdown_hostile.py", "stories/test_at_once.py", "http/test_slow_bodies.py",
    "stories/test_every_form_twice.py",
]  # fmt: skip


def pytest_unconfigure() -> None:
    scratch.remove()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put long files first; pyproject.toml tells pytest-xdist to keep this order. Leave out what only the acceptance run tells twice."""
    here = Path(__file__).parent
    rank = {here / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))
    if not IS_WHOLE and config.args == config.getini("testpaths"):
        twice = [item for item in items if is_told_elsewhere(item)]
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in set(twice)]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[engines.Server]:
    """Start one server for each worker of pytest-xdist."""
    with engines.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: engines.Server) -> Iterator[str]:
    with engines.migrated_database(postgres_server) as name:
        yield name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return engines.migrated_file(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def casts_on_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> CastsOnSqlite:
    return CastsOnSqlite(sqlite_template, tmp_path_factory.mktemp("cast"))


@pytest.fixture
def cast_on_sqlite(request: pytest.FixtureRequest) -> Made[Path] | None:
    """Provide the file to copy for a test that has the cast. Not async: it may have to be made first."""
    if "cast" not in request.fixturenames:
        return None
    casts: CastsOnSqlite = request.getfixturevalue("casts_on_sqlite")
    return casts.today()


@pytest.fixture
async def sqlite(sqlite_template: Path, cast_on_sqlite: Made[Path] | None, tmp_path: Path) -> AsyncIterator[AnyEngine]:
    """Provide a migrated SQLite database, empty or with the cast, as the current one during the test."""
    template = cast_on_sqlite.source if cast_on_sqlite else sqlite_template
    async with engines.sqlite_copy(template, tmp_path) as engine:
        yield engine


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: engines.Server, postgres_template: str) -> Iterator[Databases]:
    databases = Databases(postgres_server, postgres_template)
    yield databases
    asyncio.run(databases.close())


@pytest.fixture(scope="session")
def casts_on_postgres(postgres_server: engines.Server, postgres_template: str) -> Iterator[CastsOnPostgres]:
    casts = CastsOnPostgres(postgres_server, postgres_template)
    yield casts
    asyncio.run(casts.close())


@pytest.fixture
def cast_on_postgres(request: pytest.FixtureRequest) -> Made[Databases] | None:
    if "cast" not in request.fixturenames:
        return None
    casts: CastsOnPostgres = request.getfixturevalue("casts_on_postgres")
    return casts.today()


@pytest.fixture
async def postgres(postgres_databases: Databases, cast_on_postgres: Made[Databases] | None) -> AsyncIterator[AnyEngine]:
    """Provide a migrated PostgreSQL database, empty or with the cast, as the current one during the test."""
    databases = cast_on_postgres.source if cast_on_postgres else postgres_databases
    async with databases.one() as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> AnyEngine:
    """Run the test twice: on a migrated, empty database of each kind."""
    engine: AnyEngine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def cast(request: pytest.FixtureRequest, database: AnyEngine) -> Cast:
    """Provide everybody, around one project in draft; on both engines."""
    made: Made[object] = request.getfixturevalue(
        "cast_on_sqlite" if isinstance(database, SQLite) else "cast_on_postgres"
    )
    return made.own_rows()
