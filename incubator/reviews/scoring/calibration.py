"""Severity of each mentor, and scores corrected for it. Pure; advisory, never applied automatically.

The additive model y = quality of the submission + severity of the mentor + noise, with
severities distributed around 0, and noise whose variance is inversely proportional to the review's weight: best linear unbiased prediction (G. K. Robinson, "That BLUP is
a good thing", Statistical Science 6 (1991) 15–32), as S. R. Paul proposed for examiners
("Bayesian methods for calibration of examiners", Brit. J. Math. Stat. Psychol. 34 (1981)
213–223). Both variances are estimated from the same scores, so severities shrink
towards 0 as far as chance explains them.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

#: With fewer reviews, nothing is said about a mentor (the programme's rules of reviewing).
ENOUGH = 5
_SWEEPS = 200
_STILL = 1e-4

#: Reviews as (mentor, percent, weight) by submission or (submission, percent, weight) by mentor.
Reviews = list[tuple[Hashable, float, float]]
Rows = dict[Hashable, Reviews]


@dataclass(frozen=True, slots=True)
class Score:
    """One sent review's score, in percent."""

    submission: Hashable
    mentor: Hashable
    percent: float
    weight: float = 1.0
    """With which it counts in the mean of its submission (``scores.py``)."""


@dataclass(frozen=True, slots=True)
class Severity:
    """Severity of one mentor, in percentage points."""

    reviews: int
    severity: float
    """How much lower than others they score the same work; negative: more generous."""
    error: float
    """Standard error of ``severity``."""
    spread: float
    """Standard deviation of their scores around the others' scores of the same work, corrected for severity."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Quality of one submission, in percent."""

    raw: float
    """The weighted mean of its reviews, as everywhere."""
    calibrated: float
    error: float
    """Standard error of ``calibrated``: noise of the individual reviews, and uncertainty about their mentors."""
    reviews: int


@dataclass(frozen=True, slots=True)
class Calibration:
    mentors: dict[Hashable, Severity]
    """Mentors with ENOUGH reviews."""
    submissions: dict[Hashable, Quality]
    chance: float
    """Standard deviation of a single review of average weight around its submission's quality, corrected for severity."""


def calibrate(scores: Iterable[Score]) -> Calibration:
    """Estimate everything from all ``scores`` of a season and stage."""
    model = _Model(scores)
    for _sweep in range(_SWEEPS):
        if model.sweep() < _STILL:
            break
    return Calibration(model.severities(), model.qualities(), chance=sqrt(model.chance))


class _Model:
    """The scores and the current estimates."""

    def __init__(self, scores: Iterable[Score]) -> None:
        self.by_submission: Rows = defaultdict(list)
        by_mentor: Rows = defaultdict(list)
        given = list(scores)
        usual = fmean(score.weight for score in given) if given else 1.0  # so that an average review weighs 1
        for score in given:
            weight = score.weight / usual
            self.by_submission[score.submission].append((score.mentor, score.percent, weight))
            by_mentor[score.mentor].append((score.submission, score.percent, weight))
        self.judged = {m: rows for m, rows in by_mentor.items() if len(rows) >= ENOUGH}
        self.whole = {s: sum(w for _m, _p, w in rows) for s, rows in self.by_submission.items()}
        """Sum of the weights of each submission's reviews."""
        self.shared = {m: sum(w * (1 - w / self.whole[s]) for s, _p, w in rows) for m, rows in self.judged.items()}
        """Effective weight of the reviews that compare a mentor with others."""
        self.raw = {s: sum(w * p for _m, p, w in rows) / self.whole[s] for s, rows in self.by_submission.items()}
        self.quality = dict(self.raw)
        self.leniency = dict.fromkeys(self.judged, 0.0)
        self.chance, self.between = _first_guess(self.by_submission, self.quality)
        """Variances of a single review and of the mentors' severities."""
        self.doubt = dict.fromkeys(self.judged, self.between)
        """Variance of each estimated severity."""

    def sweep(self) -> float:
        """Update each estimate from the others; return the largest change of a severity."""
        before, ratio = dict(self.leniency), self.chance / self.between
        for m, rows in self.judged.items():
            given = sum(w for _s, _p, w in rows)
            self.leniency[m] = sum(w * (p - self.quality[s]) for s, p, w in rows) / (given + ratio)
        for s, reviews in self.by_submission.items():
            self.quality[s] = sum(w * (p - self.leniency.get(m, 0.0)) for m, p, w in reviews) / self.whole[s]
        self.doubt = {m: 1 / (self.shared[m] / self.chance + 1 / self.between) for m in self.judged}
        self.chance, self.between = _variances(
            self.by_submission, self.quality, self.leniency, self.doubt, self.between
        )
        return max((abs(before[m] - self.leniency[m]) for m in self.judged), default=0.0)

    def severities(self) -> dict[Hashable, Severity]:
        return {
            m: Severity(
                len(rows),
                -self.leniency[m],
                sqrt(self.doubt[m]),
                _spread(rows, self.quality, self.leniency[m], self.shared[m]),
            )
            for m, rows in self.judged.items()
        }

    def qualities(self) -> dict[Hashable, Quality]:
        return {
            s: Quality(self.raw[s], self.quality[s], self._error(rows, self.whole[s]), len(rows))
            for s, rows in self.by_submission.items()
        }

    def _error(self, rows: Reviews, whole: float) -> float:
        doubt = sum(w * w * self.doubt.get(m, self.between) for m, _p, w in rows)
        return sqrt(self.chance / whole + doubt / whole**2)


def _first_guess(by_submission: Rows, quality: dict[Hashable, float]) -> tuple[float, float]:
    """Attribute half of the variance within submissions to noise, and half to severities."""
    within = [w * (p - quality[s]) ** 2 for s, rows in by_submission.items() for _m, p, w in rows]
    free = sum(len(rows) - 1 for rows in by_submission.values())
    half = max(sum(within) / max(free, 1) / 2, 1.0)
    return half, half


def _variances(
    by_submission: Rows, quality: dict[Hashable, float],
    leniency: dict[Hashable, float], doubt: dict[Hashable, float], between: float,
) -> tuple[float, float]:  # fmt: skip
    """Update the variances of noise and severities by one step of expectation–maximisation; never exactly 0."""
    rest = sum(
        w * (p - quality[s] - leniency.get(m, 0.0)) ** 2 for s, rows in by_submission.items() for m, p, w in rows
    )
    free = sum(len(rows) - 1 for rows in by_submission.values()) - sum(1 - d / between for d in doubt.values())
    severities = [leniency[m] ** 2 + doubt[m] for m in leniency]
    return max(rest / max(free, 1.0), 1.0), max(fmean(severities) if severities else 0.0, 0.01)


def _spread(rows: Reviews, quality: dict[Hashable, float], own: float, shared: float) -> float:
    return sqrt(sum(w * (p - quality[s] - own) ** 2 for s, p, w in rows) / max(shared, 1.0))
