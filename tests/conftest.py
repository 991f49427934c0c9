"""Fixtures of every test. Nothing here may touch the data of a real site."""

import os
import tempfile

os.environ["PICCOLO_CONF"] = "incubator.piccolo_conf"
os.environ["INCUBATOR_DATA"] = tempfile.mkdtemp(prefix="incubator-tests-")
os.environ.setdefault(
    "XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="incubator-run-")
)  # a throw-away PostgreSQL asks for one
if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("TEST_DATABASE_URL", os.environ["DATABASE_URL"])
os.environ.pop("DATABASE_URL", None)

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from incubator.db.engines import AnyEngine
from tests import engines
from tests.cast import Cast, make_cast


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[engines.Server]:
    """One for each worker of pytest-xdist."""
    with engines.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: engines.Server) -> Iterator[str]:
    with engines.migrated_database(postgres_server) as name:
        yield name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return engines.migrated_file(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
async def sqlite(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[AnyEngine]:
    """A migrated, empty SQLite database, current while the test runs."""
    async with engines.sqlite_copy(sqlite_template, tmp_path) as engine:
        yield engine


@pytest.fixture
async def postgres(postgres_server: engines.Server, postgres_template: str) -> AsyncIterator[AnyEngine]:
    """A migrated, empty PostgreSQL database, current while the test runs."""
    async with engines.postgres_copy(postgres_server, postgres_template) as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> AnyEngine:
    """The test runs twice: on a migrated, empty database of each kind."""
    engine: AnyEngine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
async def cast(database: AnyEngine) -> Cast:
    """Everybody, around one project in draft; on both engines."""
    return await make_cast()
