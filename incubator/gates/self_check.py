"""How a team sees its own draft: the rubric of the gate that comes next, filled in by those who write. Nobody else reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from incubator.db import writing
from incubator.people.tables import Person
from incubator.projects.answers import open_document
from incubator.projects.tables import Project, SelfCheck
from incubator.reviews.rubric import Anchored
from incubator.reviews.scoring.scores import Mark, coverage, percent

#: How many steps are suggested at once: more are a list that nobody begins.
_STEPS = 3


@dataclass(frozen=True, slots=True)
class NextStep:
    """What one criterion would need for its next level."""

    criterion: Anchored
    level: int
    following: str
    """The sentence of the next level."""


@dataclass(frozen=True, slots=True)
class SelfScore:
    """What a team's own levels come to, by the rule by which reviews are scored."""

    percent: float | None
    coverage: float
    steps: list[NextStep]
    """Where the next level brings most, heaviest and weakest first."""


async def levels_seen(project: Project) -> dict[str, int]:
    """Return the team's levels by the key of the criterion."""
    rows = await SelfCheck.select(SelfCheck.key, SelfCheck.level).where(
        (SelfCheck.project == project.id) & (SelfCheck.stage == project.stage)
    )
    return {row["key"]: row["level"] for row in rows}


async def check_own_work(project: Project, changed: Mapping[str, int], *, by: Person) -> None:
    """Store the levels that somebody ``changed``, by the key of the criterion; two who do that at once keep each other's.

    Raises NotAllowed and Refusal like a save of a section.
    """
    async with writing():
        fresh = await open_document(project.id, by)
        for key, level in changed.items():
            own = (SelfCheck.project == fresh.id) & (SelfCheck.stage == fresh.stage) & (SelfCheck.key == key)
            if await SelfCheck.exists().where(own):
                await SelfCheck.update({SelfCheck.level: level}).where(own)
            else:
                await SelfCheck(project=fresh.id, stage=fresh.stage, key=key, level=level).save()


def self_score(rubric: list[Anchored], levels: Mapping[str, int]) -> SelfScore:
    """Return what these levels come to. Pure; a level that the rubric does not have any more counts as not given."""
    given = {c.key: levels[c.key] for c in rubric if str(levels.get(c.key)) in dict(c.levels)}
    marks = [Mark(c.weight, c.highest, given.get(c.key), c.lowest) for c in rubric]
    steps = [
        NextStep(c, given[c.key], c.anchor(given[c.key] + 1))
        for c in rubric
        if c.key in given and given[c.key] < c.highest
    ]
    gains = {c.key: c.weight / (c.highest - c.lowest) for c in rubric if c.highest > c.lowest}
    steps.sort(key=lambda step: (-gains[step.criterion.key], step.level))
    return SelfScore(percent(marks), coverage(marks), steps[:_STEPS])
