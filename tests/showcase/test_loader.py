"""The benchmark's loader produces the same rows, index and pages as publishing."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from incubator.db.engines import engine_for
from incubator.publication.index import rebuild
from incubator.publication.tables import Publication
from incubator.showcase.catalogue import find
from incubator.showcase.filters import Wish
from tests.benchmarks.bench import addresses
from tests.browser import Browser
from tests.engines import started

SIZE = 150


@pytest.fixture
def loaded(tmp_path: Path) -> str:
    """Provide a database filled by the loader."""
    path = str(tmp_path / "loaded.sqlite")
    command = [sys.executable, "-m", "tests.benchmarks.load", str(SIZE), path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return path


async def test_a_loaded_database_has_the_index_that_publishing_makes(loaded: str) -> None:
    async def index() -> Any:
        return await Publication.raw(
            "SELECT term, chunk, n, docs FROM posting WHERE term <> '' AND n > 0 ORDER BY term"
        )

    async with started(engine_for(loaded)):
        before = await index()
        assert await rebuild() == SIZE
        assert await index() == before
        met = await find(Wish())
        assert met.total == SIZE
        assert [row["place"] for row in met.rows] == list(range(SIZE, SIZE - 24, -1))
        browser = Browser()
        await browser.open(f"/showcase/{met.rows[0]['slug']}")
        assert browser.page.status_code == 200


async def test_the_addresses_of_the_benchmark_answer_without_leading_elsewhere(loaded: str) -> None:
    async with started(engine_for(loaded)):
        for kind, paths in (await addresses(SIZE)).items():
            said = await Browser().http.get(paths[0])
            assert said.status_code == 200, (kind, paths[0])
