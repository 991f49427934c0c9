"""The story's texts, read from ``story/``: cast.toml and one file a project."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "story"


@cache
def cast() -> dict[str, Any]:
    """Organisations, mentors, organisers and teachers, each a list of tables."""
    return tomllib.loads((_FOLDER / "cast.toml").read_text("utf-8"))


@cache
def projects() -> list[dict[str, Any]]:
    """Every project of the story, in the order of its file's name."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((_FOLDER / "projects").glob("*.toml"))]
