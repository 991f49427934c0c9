"""How a project grew: of each stage the text that changed most, as it was and as it became. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from incubator.publication.hiding import MASK
from incubator.showcase.growth_story import LEAST_CHANGE, LEAST_TEXT, excerpt
from incubator.showcase.story import Grown, Version

#: Characters shown of what was and of what became.
_BEFORE, _AFTER = 220, 420
#: What marks a heading, emphasis or a list in Markdown, and is no word.
_MARKS = re.compile(r"[*#`>|]+")


@dataclass(frozen=True, slots=True)
class StageGrowth:
    stage: str
    key: str
    section: str
    before: str
    after: list[tuple[str, str]]
    """Pieces of the text, "same" or "ins"."""
    began_at: datetime
    grew_at: datetime
    outcome: str
    """Of the version in which it grew: advance, return, stop; empty while it is in review."""


def growth_by_stage(versions: Sequence[Version]) -> list[StageGrowth]:
    """Return the strongest change of each stage in which a text grew much, in the order of the stages."""
    strongest: dict[str, tuple[float, StageGrowth]] = {}
    for earlier, later in pairwise(versions):
        for grown in later.grown:
            strength = _strength(grown)
            if strength > strongest.get(later.row.stage, (0.0,))[0]:
                strongest[later.row.stage] = strength, _told(grown, earlier, later)
    return [growth for _strength, growth in strongest.values()]


def _strength(grown: Grown) -> float:
    """Return the share of new words in the text as it became, 0 to 1; 0 for what is no story: too little, or something hidden."""
    before, after = _joined(grown, "same", "del"), _joined(grown, "same", "ins")
    share = grown.added / (len(after.split()) or 1)
    is_told = LEAST_TEXT <= len(before) < len(after) and share >= LEAST_CHANGE and MASK not in before + after
    return share if is_told else 0.0


def _told(grown: Grown, earlier: Version, later: Version) -> StageGrowth:
    return StageGrowth(
        later.row.stage, grown.part.key, grown.part.title, excerpt(_plain(_joined(grown, "same", "del")), _BEFORE),
        list(_beginning(grown)), earlier.row.submitted_at, later.row.submitted_at, later.outcome,
    )  # fmt: skip


def _beginning(grown: Grown) -> Iterable[tuple[str, str]]:
    """Yield the pieces of the text as it became, as far as it is shown."""
    left = _AFTER
    for op, text in grown.difference.words:
        if op == "del":
            continue
        shown = _MARKS.sub("", text)
        if len(shown) > left:
            yield op, excerpt(shown, left) if left > 1 else "…"
            return
        left -= len(shown)
        yield op, shown


def _joined(grown: Grown, *ops: str) -> str:
    return "".join(text for op, text in grown.difference.words if op in ops)


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())
