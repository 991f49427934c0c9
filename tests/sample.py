"""Sample data beside the checkout: real and hostile input that is not part of the project."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_samples = pytest.mark.skipif(not SHARED.is_dir(), reason="no sample data at ../shared/data")
