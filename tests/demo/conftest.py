from pathlib import Path

import pytest

from tests.demo.telling import demo


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide the folder of a demo, created once for tests that only read it."""
    data = tmp_path_factory.mktemp("demo")
    demo(data)
    return data
