"""Fixtures for both stores, chosen by a site's settings."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from incubator import config
from incubator.files.store import Store, current_store
from tests.files.buckets import new_bucket, running_s3


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    with running_s3() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Provide the setting INCUBATOR_FILES; the test runs twice, each time with an empty store."""
    address = new_bucket(request.getfixturevalue("s3_server")) if request.param == "s3" else ""
    monkeypatch.setattr(config, "settings", replace(config.settings, files=address, data=tmp_path / "data"))
    return address


@pytest.fixture
def store(files: str) -> Store:
    return current_store()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide the folder of an empty store."""
    monkeypatch.setattr(config, "settings", replace(config.settings, files="", data=tmp_path / "data"))
    return tmp_path / "data" / "files"
