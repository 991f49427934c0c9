"""The story's texts, read from ``story/``: cast.toml and one file per project."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from incubator.core.text import slugify

_FOLDER = Path(__file__).parent / "story"


@cache
def cast() -> dict[str, Any]:
    """Return organisations, mentors, organisers and teachers, each as a list of tables."""
    return tomllib.loads((_FOLDER / "cast.toml").read_text("utf-8"))


@cache
def projects() -> list[dict[str, Any]]:
    """Return every project of the story, in the order of the file names."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((_FOLDER / "projects").glob("*.toml"))]


def address(row: dict[str, Any]) -> str:
    """Return the person's address: readable, and never a real one."""
    return f"{slugify(row['given'])}.{slugify(row['family'])}@demo.example"
