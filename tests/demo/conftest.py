import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import serving_demo
from tests.demo.telling import copied, demo


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide the folder of a demo for tests that only read it. It is told once for all workers; each has a copy."""
    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # of all workers of this run
    original, data = common / "told", tmp_path_factory.mktemp("demo")
    with (common / "told.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (common / "told.whole").exists():
            original.mkdir()
            demo(original)
            (common / "told.whole").touch()
        copied(original, data)
    return data


@pytest.fixture(scope="session")
def site(told: Path) -> Iterator[str]:
    """Provide the address of that demo, served, for tests that only look around."""
    with serving_demo(told) as base:
        yield base
