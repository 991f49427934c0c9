"""Texts of our own to render: ordinary ones, attacks, and pieces that are hostile when they are repeated."""

import json
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[1] / "data" / "markdown"


def _texts(name: str) -> list[str]:
    texts: list[str] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return texts


HOSTILE, ATTACKS, ORDINARY = _texts("hostile"), _texts("attacks"), _texts("ordinary")
