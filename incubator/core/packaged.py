"""Data shipped with the program, as TOML files next to the code that reads them."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def packaged(package: str, name: str) -> dict[str, Any]:
    """Return the contents of ``<name>.toml`` in ``package``. Raises FileNotFoundError."""
    return tomllib.loads((files(package) / f"{name}.toml").read_text("utf-8"))


def in_both_languages(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    """Return ``<field>_ru`` and ``<field>_en`` of a packaged row for each field, under the names of the columns."""
    return {f"{field}_{locale}": row[f"{field}_{locale}"] for field in fields for locale in ("ru", "en")}
