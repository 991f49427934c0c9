"""Data that the program brings along, as TOML files beside the code that reads them."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def packaged(package: str, name: str) -> dict[str, Any]:
    """The contents of ``<name>.toml`` in ``package``. Raises FileNotFoundError."""
    return tomllib.loads((files(package) / f"{name}.toml").read_text("utf-8"))
