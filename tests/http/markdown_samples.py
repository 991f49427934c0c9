"""Texts to render: ordinary ones, attacks, fragments that are hostile when repeated, and generated ones."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.sample import Source
from tests.scale import part_of

#: Length of a text in characters.
LONGEST = 20_000

_FOLDER = Path(__file__).resolve().parents[1] / "data" / "markdown"


def _texts(name: str) -> list[str]:
    texts: list[str] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return texts


HOSTILE, ATTACKS, ORDINARY = _texts("hostile"), _texts("attacks"), _texts("ordinary")

#: Fragments of markup and words; putting related ones together finds more than pure chance.
PIECES = st.sampled_from([*HOSTILE, *ATTACKS, "слово", " ", "\n", "\n\n", "    ", "a", "1", ".", "@", "://", "x.ru"])
MARKUP = st.lists(PIECES, max_size=60).map("".join)
REPEATED = st.builds(
    lambda before, piece, times, after: (before + piece * times + after)[:LONGEST],
    MARKUP, st.lists(PIECES, min_size=1, max_size=4).map("".join), st.integers(1, 5000), MARKUP,
)  # fmt: skip
ANYTHING = st.text(max_size=2000) | st.text(st.characters(codec=None), max_size=200)


def recorded(source: Source) -> Sequence[str]:
    """Every text, cut to the longest, in the JSON files of sample data, hostile or Markdown."""
    texts: list[str] = []
    for path in sorted([*source.markdown.glob("*.json*"), *source.hostile.glob("*.json*")]):
        whole = path.read_text("utf-8")
        values = [json.loads(whole)] if path.suffix == ".json" else map(json.loads, filter(None, whole.split("\n")))
        for value in values:
            texts += [text[:LONGEST] for text in _strings(value)]
    assert len(texts) > 300, "the files have moved"
    return part_of(texts)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
