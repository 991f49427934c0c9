"""What scores add up to. Pure.

Score of a review = Σ weight·level / Σ weight·highest over the criteria answered, in
percent (the programme's rules of reviewing); its level = Σ weight·level / Σ weight, in levels.
A criterion answered "not applicable" (None) leaves both alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion of one review. ``level`` None: not applicable."""

    weight: int
    highest: int
    level: int | None


def percent(marks: Iterable[Mark]) -> float | None:
    """The review's score, 0–100; None when nothing was scored."""
    given = [m for m in marks if m.level is not None]
    whole = sum(m.weight * m.highest for m in given)
    return 100 * sum(m.weight * (m.level or 0) for m in given) / whole if whole else None


def mean_level(marks: Iterable[Mark]) -> float | None:
    """The review's weighted mean level; None when nothing was scored."""
    given = [m for m in marks if m.level is not None]
    whole = sum(m.weight for m in given)
    return sum(m.weight * (m.level or 0) for m in given) / whole if whole else None


@dataclass(frozen=True, slots=True)
class Summary:
    """All reviews of a submission together."""

    count: int
    mean: float | None
    """Of the reviews' scores, in percent."""
    level: float | None
    """Of the reviews' mean levels."""
    spread: float
    """Largest distance of two levels on one criterion, in levels."""

    @property
    def needs_another(self) -> bool:
        """The mentors see it so differently that one more should look."""
        return self.spread >= 1.5


def summarise(reviews: Sequence[dict[int, Mark]]) -> Summary:
    """``reviews``: of each, its marks by criterion id."""
    percents = [p for p in (percent(r.values()) for r in reviews) if p is not None]
    levels = [x for x in (mean_level(r.values()) for r in reviews) if x is not None]
    return Summary(
        count=len(reviews),
        mean=fmean(percents) if percents else None,
        level=fmean(levels) if levels else None,
        spread=max((spread(reviews, c) for c in {c for r in reviews for c in r}), default=0.0),
    )


def spread(reviews: Sequence[dict[int, Mark]], criterion: int) -> float:
    """Largest distance of two levels on ``criterion``, in levels."""
    levels = [r[criterion].level for r in reviews if criterion in r]
    given = [x for x in levels if x is not None]
    return float(max(given) - min(given)) if given else 0.0
