"""Sample data from two sources: a little of our own in every checkout, and much more beside it where it lies there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.scale import part_of

_OURS = Path(__file__).parent / "data"
_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the files of each kind lie."""

    name: str
    projects: Path
    proposals: Path
    assessments: Path
    borders: Path
    hostile: Path
    """A folder of JSON Lines."""
    markdown: Path
    """A folder of JSON and JSON Lines."""


OURS = Source(
    "ours",
    projects=_OURS / "projects.jsonl",
    proposals=_OURS / "proposals.jsonl",
    assessments=_OURS / "assessments.jsonl",
    borders=_OURS / "squares.geojson",
    hostile=_OURS / "hostile",
    markdown=_OURS / "markdown",
)
BESIDE = Source(
    "beside",
    projects=_BESIDE / "gsoc" / "projects.jsonl",
    proposals=_BESIDE / "catalyst" / "proposals.jsonl",
    assessments=_BESIDE / "catalyst" / "assessments.jsonl",
    borders=_BESIDE / "lo_reference" / "districts_land_simplified.geojson",
    hostile=_BESIDE / "bad_input",
    markdown=_BESIDE / "markdown",
)
SOURCES = [OURS, *([BESIDE] if _BESIDE.is_dir() else [])]

#: The test runs on our own data always, and on the larger set where it is.
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def hostile_strings(source: Source) -> Sequence[str]:
    """What somebody might type, paste or forge."""
    rows = [row for path in sorted(source.hostile.glob("*.jsonl")) for row in rows_of(path)]
    texts = [
        v for row in rows for k, v in row.items() if isinstance(v, str) and k in {"text", "payload", "name", "url"}
    ]
    assert len(texts) > 200, "the files have moved"
    return part_of(texts)
