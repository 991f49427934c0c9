"""Sample data beside the checkout: real and hostile input that is not part of the project."""

import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_samples = pytest.mark.skipif(not SHARED.is_dir(), reason="no sample data at ../shared/data")


def sample(name: str) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file; skips the test where there is none."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"no sample data at {path}")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
