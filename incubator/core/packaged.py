"""Data that the program brings along, as TOML files beside the code that reads them."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def packaged(package: str, name: str) -> dict[str, Any]:
    """The contents of ``<name>.toml`` in ``package``. Raises FileNotFoundError."""
    return tomllib.loads((files(package) / f"{name}.toml").read_text("utf-8"))


def in_both_languages(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    """Of a packaged row, ``<field>_ru`` and ``<field>_en`` of each field: as the columns are called."""
    return {f"{field}_{locale}": row[f"{field}_{locale}"] for field in fields for locale in ("ru", "en")}
