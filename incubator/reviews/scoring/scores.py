"""Scores of reviews and their summaries. Pure.

Score of a review = Σ weight·(level − lowest) / Σ weight·(highest − lowest) over the criteria answered, in
percent (the programme's rules of reviewing); its level = Σ weight·level / Σ weight, in levels; its coverage =
Σ weight of the criteria answered / Σ weight of the rubric. A criterion answered "not applicable" (None) or not
at all leaves score and level alone, and lowers the coverage.

Mean of a submission = Σ coverage·confidence·score / Σ coverage·confidence over its reviews: a review counts with
what it covers, and with its author's confidence where the season weighs it (elsewhere confidence is 1 for all).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt
from statistics import fmean, median


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion of one review. ``level`` None: not applicable, or not answered."""

    weight: int
    highest: int
    level: int | None
    lowest: int = 0


def percent(marks: Iterable[Mark]) -> float | None:
    """Return the review's score, 0–100; None if nothing was scored."""
    given = [(m.weight, m.level - m.lowest, m.highest - m.lowest) for m in marks if m.level is not None]
    whole = sum(weight * most for weight, _above, most in given)
    return 100 * sum(weight * above for weight, above, _most in given) / whole if whole else None


def mean_level(marks: Iterable[Mark]) -> float | None:
    """Return the review's weighted mean level; None if nothing was scored."""
    given = [(m.weight, m.level) for m in marks if m.level is not None]
    whole = sum(weight for weight, _level in given)
    return sum(weight * level for weight, level in given) / whole if whole else None


def coverage(marks: Iterable[Mark]) -> float:
    """Return the share of the rubric's weight that was answered, 0–1. ``marks``: of the whole rubric."""
    every = list(marks)
    whole = sum(m.weight for m in every)
    return sum(m.weight for m in every if m.level is not None) / whole if whole else 0.0


#: A review or submission of which less of the weight was answered is marked, and ranks after the others.
LITTLE = 0.5
#: Range of the reviews' scores, in percent of the scale, from which one more mentor is needed (the programme's rules).
WIDE = 50.0
#: Recommendations that no single decision can follow.
OPPOSITE = frozenset({"advance", "stop"})
#: Confidence of a review whose author did not state it: the middle of the scale.
USUAL_CONFIDENCE = 2


@dataclass(frozen=True, slots=True)
class Spread:
    """Several values of one quantity, in its own unit. All None if there are none."""

    values: tuple[float, ...]
    mean: float | None
    """Weighted, where the values have weights; everything else takes each value as it is."""

    @property
    def count(self) -> int:
        return len(self.values)

    @property
    def median(self) -> float | None:
        return float(median(self.values)) if self.values else None

    @property
    def lowest(self) -> float | None:
        return min(self.values, default=None)

    @property
    def highest(self) -> float | None:
        return max(self.values, default=None)

    @property
    def range(self) -> float:
        """Return the distance between the lowest and the highest value."""
        return max(self.values) - min(self.values) if self.values else 0.0

    @property
    def deviation(self) -> float | None:
        """Return the sample standard deviation (n − 1), as a spreadsheet's STDEV; None for fewer than two values.

        The length of the vector of differences from the mean, over √(n − 1): as exact as ``statistics.stdev``, which
        works with fractions, and thirty times as fast.
        """
        if len(self.values) < 2:
            return None
        mean = fmean(self.values)
        return hypot(*(value - mean for value in self.values)) / sqrt(len(self.values) - 1)


def spread_of(values: Sequence[float], weights: Sequence[float] | None = None) -> Spread:
    """Return the spread of ``values``. ``weights`` concern the mean alone."""
    return Spread(tuple(map(float, values)), fmean(values, weights) if values else None)


@dataclass(frozen=True, slots=True)
class GivenScore:
    """One review, as the summary of its submission counts it."""

    percent: float | None
    """None: nothing was scored."""
    coverage: float
    """Share of the rubric's weight that it answered, 0–1."""
    recommendation: str = ""
    confidence: int | None = None
    """What its author stated; None: nothing."""
    is_weighed: bool = False
    """The season weighs reviews by confidence."""
    level: float | None = None
    """Mean level."""

    @property
    def weight(self) -> float:
        """Return the weight with which it counts in the mean."""
        stated = USUAL_CONFIDENCE if self.confidence is None else self.confidence
        return self.coverage * (stated if self.is_weighed else 1)

    @property
    def covers_little(self) -> bool:
        return self.coverage < LITTLE


@dataclass
class ScoreSummary:
    """Summary of the reviews of a submission."""

    reviews: tuple[GivenScore, ...] = ()

    @property
    def count(self) -> int:
        return len(self.reviews)

    @cached_property
    def scores(self) -> Spread:
        """Return the spread of the reviews' scores, in percent."""
        scored = [(r.percent, r.weight) for r in self.reviews if r.percent is not None and r.weight > 0]
        return spread_of([p for p, _weight in scored], [weight for _p, weight in scored])

    @property
    def mean(self) -> float | None:
        return self.scores.mean

    @property
    def level(self) -> float | None:
        """Return the mean of the reviews' levels, weighted like the scores."""
        levels = [(r.level, r.weight) for r in self.reviews if r.level is not None and r.weight > 0]
        return fmean([x for x, _weight in levels], [weight for _x, weight in levels]) if levels else None

    @cached_property
    def coverage(self) -> float:
        """Return how much of the weight was answered on average, 0–1."""
        return fmean(r.coverage for r in self.reviews) if self.reviews else 0.0

    @property
    def covers_little(self) -> bool:
        """Return whether the reviews together answered too little to be compared with others."""
        return bool(self.reviews) and self.coverage < LITTLE

    @property
    def partial(self) -> int:
        """Return how many reviews answered less than half of the weight."""
        return sum(r.covers_little for r in self.reviews)

    @cached_property
    def recommendations(self) -> Counter[str]:
        return Counter(r.recommendation for r in self.reviews)

    @property
    def is_unsure(self) -> bool:
        """Return whether a mentor calls their own review a guess."""
        return any(r.confidence == 1 for r in self.reviews)

    @cached_property
    def compared(self) -> Spread:
        """Return the spread of the scores that answered enough of the rubric to be compared with each other."""
        return spread_of([r.percent for r in self.reviews if r.percent is not None and not r.covers_little])

    def is_short_of(self, required: int) -> bool:
        """Return whether the season's number of reviews is there, but not of those that answered half of the weight."""
        return self.count - self.partial < required <= self.count

    @cached_property
    def is_divided(self) -> bool:
        """Return whether the reviews that can be compared differ by half of the scale, or any recommend opposite things."""
        return self.compared.range >= WIDE or {r.recommendation for r in self.reviews} >= OPPOSITE

    @property
    def needs_another(self) -> bool:
        """Return whether one more review is needed: they differ widely, or answered little of the rubric."""
        return self.is_divided or self.covers_little

    @property
    def rank(self) -> tuple[bool, float]:
        """Return the sort key of a ranking, best first: what was hardly answered comes after what was judged."""
        return rank_of(self.mean, covers_little=self.covers_little)


def rank_of(value: float | None, *, covers_little: bool) -> tuple[bool, float]:
    """Return the sort key of a score, best first; scores of little, and none, come last."""
    return value is None or covers_little, 1.0 if value is None else -value


def criteria_spreads(reviews: Iterable[dict[int, Mark]]) -> dict[int, Spread]:
    """Return the spread of the levels by criterion id; "not applicable" is ignored. ``reviews``: the marks of each."""
    by_criterion: dict[int, list[float]] = {}
    for marks in reviews:
        for criterion, mark in marks.items():
            given = by_criterion.setdefault(criterion, [])
            if mark.level is not None:
                given.append(mark.level)
    return {criterion: spread_of(given) for criterion, given in by_criterion.items()}
