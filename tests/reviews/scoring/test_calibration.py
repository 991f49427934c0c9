"""Simulated severities are recovered; where there are none, none are invented.

``python -m tests.reviews.scoring.test_calibration`` prints the figures of docs/reviewing.md.
"""

from random import Random
from statistics import fmean

import pytest

from incubator.reviews.scoring.calibration import ENOUGH, Score, calibrate

SEASONS = 20


def season(seed: int, *, severity: float, projects: int = 200, mentors: int = 40, each: int = 3) -> tuple[
    dict[int, float], dict[int, float], list[Score]
]:  # fmt: skip
    """Return true qualities (sd 12), true severities (sd ``severity``), and scores with noise of sd 10, in percent."""
    random = Random(seed)
    quality = {p: random.gauss(60, 12) for p in range(projects)}
    harsh = {m: random.gauss(0, severity) for m in range(mentors)}
    scores = [
        Score(p, m, min(100.0, max(0.0, quality[p] - harsh[m] + random.gauss(0, 10))))
        for p in quality for m in random.sample(range(mentors), each)
    ]  # fmt: skip
    return quality, harsh, scores


def likeness(one: dict[int, float], other: dict[int, float]) -> float:
    """Return Spearman's rank correlation."""
    first, second = _ranks(one), _ranks(other)
    n = len(first)
    return 1 - 6 * sum((first[k] - second[k]) ** 2 for k in first) / (n * (n * n - 1))


def _ranks(values: dict[int, float]) -> dict[int, int]:
    return {key: rank for rank, key in enumerate(sorted(values, key=lambda k: values[k]))}


def compare(severity: float) -> tuple[float, float]:
    """Return the correlation of raw and of calibrated scores with the true ranking; means over SEASONS seasons."""
    raw, calibrated = [], []
    for seed in range(SEASONS):
        quality, _harsh, scores = season(seed, severity=severity)
        found = calibrate(scores).submissions
        raw.append(likeness(quality, {p: found[p].raw for p in quality}))
        calibrated.append(likeness(quality, {p: found[p].calibrated for p in quality}))
    return fmean(raw), fmean(calibrated)


def test_planted_severities_are_corrected() -> None:
    raw, calibrated = compare(12.0)
    assert calibrated > raw + 0.04


def test_without_bias_it_is_no_worse() -> None:
    raw, calibrated = compare(0.0)
    assert calibrated > raw - 0.005


def test_a_severity_lies_within_its_error() -> None:
    inside = total = 0
    for seed in range(5):
        _quality, harsh, scores = season(seed, severity=8.0)
        centre = fmean(harsh.values())
        for mentor, found in calibrate(scores).mentors.items():
            assert isinstance(mentor, int)
            total += 1
            inside += abs(found.severity - (harsh[mentor] - centre)) < 2 * found.error
    assert inside / total > 0.85


def test_few_reviews_say_nothing() -> None:
    scores = [Score(p, "strict", 20.0) for p in range(ENOUGH - 1)]
    scores += [Score(p, "mild", 80.0) for p in range(20)]
    found = calibrate(scores)
    assert set(found.mentors) == {"mild"}
    assert found.submissions[0].raw == 50


def test_nothing_and_one() -> None:
    assert calibrate([]).submissions == {}
    alone = calibrate([Score(1, 1, 70.0)]).submissions[1]
    assert (alone.raw, alone.calibrated, alone.reviews) == (70, 70, 1)


def test_weights_are_free_of_scale_and_decide_the_raw_mean() -> None:
    _quality, _harsh, scores = season(4, severity=9.0, projects=40, mentors=10)
    one = calibrate(scores)
    doubled = calibrate([Score(s.submission, s.mentor, s.percent, 2.0) for s in scores])
    for mentor, found in one.mentors.items():
        assert doubled.mentors[mentor].severity == pytest.approx(found.severity)
    assert doubled.chance == pytest.approx(one.chance)
    alone = calibrate([Score(1, "a", 100.0, 0.1), Score(1, "b", 40.0, 1.0)]).submissions[1]
    assert alone.raw == pytest.approx((0.1 * 100 + 40) / 1.1)


def test_the_order_does_not_matter() -> None:
    _quality, _harsh, scores = season(3, severity=9.0, projects=40, mentors=10)
    one, other = calibrate(scores), calibrate(scores[::-1])
    assert one.mentors.keys() == other.mentors.keys() == set(range(10))
    for mentor, found in one.mentors.items():
        assert found.severity == pytest.approx(other.mentors[mentor].severity, abs=0.05)


if __name__ == "__main__":
    for sd in (0, 4, 8, 12, 16):
        print(f"| {sd} | {' | '.join(f'{x:.3f}' for x in compare(float(sd)))} |")
