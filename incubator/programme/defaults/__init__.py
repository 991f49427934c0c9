"""The default programme: what a season is filled with at first, and the region's reference lists."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@cache
def default(name: str) -> dict[str, Any]:
    """The contents of ``<name>.toml``."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
