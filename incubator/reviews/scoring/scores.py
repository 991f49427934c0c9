"""Scores of reviews and their summaries. Pure.

Score of a review = Σ weight·level / Σ weight·highest over the criteria answered, in
percent (the programme's rules of reviewing); its level = Σ weight·level / Σ weight, in levels.
A criterion answered "not applicable" (None) leaves both alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion of one review. ``level`` None: not applicable."""

    weight: int
    highest: int
    level: int | None


def percent(marks: Iterable[Mark]) -> float | None:
    """Return the review's score, 0–100; None if nothing was scored."""
    given = [m for m in marks if m.level is not None]
    whole = sum(m.weight * m.highest for m in given)
    return 100 * sum(m.weight * (m.level or 0) for m in given) / whole if whole else None


def mean_level(marks: Iterable[Mark]) -> float | None:
    """Return the review's weighted mean level; None if nothing was scored."""
    given = [m for m in marks if m.level is not None]
    whole = sum(m.weight for m in given)
    return sum(m.weight * (m.level or 0) for m in given) / whole if whole else None


#: Distance in levels on one criterion from which one more mentor is needed (the programme's rules of reviewing).
WIDE = 1.5
#: Recommendations that no single decision can follow.
OPPOSITE = frozenset({"advance", "stop"})


def needs_another(spread: float, recommendations: Iterable[str]) -> bool:
    """Return whether the reviews differ so widely that one more is needed; ``spread``: the widest criterion's."""
    return spread >= WIDE or set(recommendations) >= OPPOSITE


@dataclass(frozen=True, slots=True)
class Spread:
    """Several mentors' values for one quantity, in its own unit. All zero and None if nobody scored it."""

    count: int
    mean: float | None
    median: float | None
    spread: float
    """Largest distance between two values."""


def spread_of(values: Sequence[float]) -> Spread:
    if not values:
        return Spread(0, None, None, 0.0)
    return Spread(len(values), fmean(values), float(median(values)), float(max(values) - min(values)))


@dataclass(frozen=True, slots=True)
class Summary:
    """Summary of all reviews of a submission."""

    count: int
    scores: Spread
    """The reviews' scores, in percent."""
    level: float | None
    """Mean of the reviews' mean levels."""
    criteria: dict[int, Spread]
    """By criterion id, in levels; "not applicable" is ignored."""
    recommendations: frozenset[str]

    @property
    def mean(self) -> float | None:
        return self.scores.mean

    @property
    def spread(self) -> float:
        """Return the widest range of a criterion, in levels."""
        return max((c.spread for c in self.criteria.values()), default=0.0)

    @property
    def needs_another(self) -> bool:
        return needs_another(self.spread, self.recommendations)


def summarise(reviews: Sequence[dict[int, Mark]], recommendations: Iterable[str] = ()) -> Summary:
    """Summarise ``reviews``: the marks of each, by criterion id."""
    by_criterion: dict[int, list[float]] = {}
    for marks in reviews:
        for criterion, mark in marks.items():
            given = by_criterion.setdefault(criterion, [])
            if mark.level is not None:
                given.append(mark.level)
    levels = [x for x in (mean_level(r.values()) for r in reviews) if x is not None]
    return Summary(
        count=len(reviews),
        scores=spread_of([p for p in (percent(r.values()) for r in reviews) if p is not None]),
        level=fmean(levels) if levels else None,
        criteria={criterion: spread_of(given) for criterion, given in by_criterion.items()},
        recommendations=frozenset(recommendations),
    )
