"""The growth that leads the landing page: one section of a published project, as it was first handed in and as it became."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incubator.programme.stages import Stage
from incubator.projects.document import Frozen, frozen_parts, plain_of
from incubator.publication.facets import GRADUATED
from incubator.publication.hiding import MASK
from incubator.publication.tables import PublicVersion
from incubator.showcase.cards import ProjectCard, card_of
from incubator.showcase.catalogue import cards_at
from incubator.showcase.facet_sets import facet_sets
from incubator.showcase.reference_titles import Lists

#: How many projects are looked at: those that came farthest, the newest of them first.
_CANDIDATES = 12
#: A text that says so little is no beginning of a story, and a change of so few of its words is none, either.
LEAST_TEXT, LEAST_CHANGE = 30, 0.3
#: Characters shown of what was and of what became.
_BEFORE, _AFTER = 160, 240

_FARTHEST = (GRADUATED, *(stage.value for stage in reversed(Stage)))
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class GrowthStory:
    card: ProjectCard
    team: str
    section: str
    before: str
    after: str
    began_at: datetime
    grew_at: datetime


@dataclass(frozen=True, slots=True)
class _GrownText:
    before: Frozen
    after: Frozen

    @property
    def strength(self) -> float:
        """Return the share of new words among all words of both texts, 0 to 1."""
        was, became = _words(self.before.text), _words(self.after.text)
        return len(became - was) / (len(became | was) or 1)


async def growth_story(lists: Lists) -> GrowthStory | None:
    """Return the strongest change among those who came farthest; None if no public text has grown. At most three queries and those of the cards."""
    rows = await cards_at(await _candidates())
    ends = await _ends([row["project"] for row in rows])
    for stage in _FARTHEST:
        told = [
            (change.strength, -n, row, change)
            for n, row in enumerate(rows)
            if f"stage={stage}" in row["facets"].split() and row["project"] in ends
            for change in _changes(*ends[row["project"]])
        ]
        if told:
            _strength, _n, row, change = max(told, key=lambda each: each[:2])
            return _story(row, change, *ends[row["project"]], lists)
    return None


async def _candidates() -> list[int]:
    """Return the places of the newest publications of the farthest stages. One query."""
    facets = await facet_sets()
    places = [place for stage in _FARTHEST for place in reversed(facets.having("stage", stage)[-_CANDIDATES:])]
    return places[:_CANDIDATES]


async def _ends(project_ids: list[int]) -> dict[int, tuple[PublicVersion, PublicVersion]]:
    """Return the first and the last public version of those that have two. At most two queries."""
    if not project_ids:
        return {}
    shown = PublicVersion.project.is_in(project_ids) & PublicVersion.public()
    numbers: dict[int, list[int]] = {}
    for row in await PublicVersion.select(PublicVersion.project, PublicVersion.number).where(shown):
        numbers.setdefault(row["project"], []).append(row["number"])
    wanted = {(project, n) for project, known in numbers.items() if len(known) > 1 for n in (min(known), max(known))}
    if not wanted:
        return {}
    versions = await PublicVersion.objects().where(shown & PublicVersion.number.is_in(sorted({n for _p, n in wanted})))
    by_key = {(version.project, version.number): version for version in versions}
    grown = {project for project, _n in wanted}
    return {each: (by_key[each, min(numbers[each])], by_key[each, max(numbers[each])]) for each in grown}


def _changes(first: PublicVersion, last: PublicVersion) -> Iterable[_GrownText]:
    """Return the texts that have grown, without those in which something personal is hidden."""
    became = {part.key: part for part in frozen_parts(last)}
    for part in frozen_parts(first):
        later = became.get(part.key)
        if later is None or part.is_sheet or later.is_sheet or MASK in part.text + later.text:
            continue
        change = _GrownText(part, later)
        if LEAST_TEXT <= len(part.text) < len(later.text) and change.strength >= LEAST_CHANGE:
            yield change


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _story(
    row: dict[str, Any], change: _GrownText, first: PublicVersion, last: PublicVersion, lists: Lists
) -> GrowthStory:
    return GrowthStory(
        card_of(row, lists), row["team_name"], change.after.title, excerpt(plain_of(change.before), _BEFORE),
        excerpt(plain_of(change.after), _AFTER), first.submitted_at, last.submitted_at,
    )  # fmt: skip


def excerpt(text: str, longest: int) -> str:
    """Return the beginning of a text, whole words of it."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rpartition(" ")[0].rstrip(" ,;:–—-") + "…"
