"""Scores and their summaries."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.reviews.scoring.scores import (
    GivenScore,
    Mark,
    ScoreSummary,
    coverage,
    criteria_spreads,
    mean_level,
    percent,
    spread_of,
)

MARKS = st.lists(st.builds(Mark, st.integers(1, 50), st.just(3), st.one_of(st.none(), st.integers(0, 3))), max_size=8)


def test_weighted_share_in_percent() -> None:
    marks = [Mark(30, 3, 3), Mark(20, 3, 1), Mark(50, 3, 0)]
    assert percent(marks) == pytest.approx(100 * (90 + 20) / 300)
    assert mean_level(marks) == pytest.approx((90 + 20) / 100)


def test_nothing_scored_is_no_score() -> None:
    assert percent([Mark(30, 3, None)]) is None
    assert ScoreSummary().mean is None
    assert ScoreSummary().scores.deviation is None


def test_a_score_counts_from_the_lowest_level() -> None:
    assert percent([Mark(1, 5, 1, lowest=1), Mark(1, 5, 1, lowest=1)]) == 0
    assert percent([Mark(1, 5, 5, lowest=1)]) == 100
    assert percent([Mark(1, 5, 3, lowest=1)]) == 50
    assert percent([Mark(2, 10, 4, lowest=-2), Mark(1, 3, 3)]) == pytest.approx(100 * (2 * 6 + 3) / (2 * 12 + 3))
    assert percent([Mark(1, 1, 1, lowest=1)]) is None  # a scale of one level judges nothing


@given(MARKS, st.integers(-5, 5))
def test_moving_the_whole_scale_changes_no_score(marks: list[Mark], by: int) -> None:
    moved = [Mark(m.weight, m.highest + by, None if m.level is None else m.level + by, m.lowest + by) for m in marks]
    assert percent(moved) == percent(marks)


def test_coverage_is_the_share_of_the_weight_that_was_answered() -> None:
    assert coverage([Mark(10, 3, 3), Mark(90, 3, None)]) == pytest.approx(0.1)
    assert coverage([Mark(10, 3, 0)]) == 1
    assert coverage([]) == 0


@given(MARKS)
def test_not_applicable_leaves_the_score_alone(marks: list[Mark]) -> None:
    assert percent([*marks, Mark(7, 3, None)]) == percent(marks)


@given(MARKS, st.integers(2, 9))
def test_weights_are_free_of_scale(marks: list[Mark], factor: int) -> None:
    scaled = [Mark(m.weight * factor, m.highest, m.level) for m in marks]
    assert percent(scaled) == pytest.approx(percent(marks)) if percent(marks) is not None else percent(scaled) is None


@given(MARKS)
def test_a_better_level_never_lowers_the_score(marks: list[Mark]) -> None:
    better = [Mark(m.weight, m.highest, min(3, m.level + 1) if m.level is not None else None) for m in marks]
    before, after = percent(marks), percent(better)
    assert (before is None) is (after is None)
    assert before is None or after is None or after >= before


def of(
    *marks: Mark, recommendation: str = "advance", confidence: int | None = None, is_weighed: bool = False
) -> GivenScore:
    return GivenScore(percent(marks), coverage(marks), recommendation, confidence, is_weighed, mean_level(marks))


def scored(*percents: float) -> ScoreSummary:
    return ScoreSummary(tuple(GivenScore(p, 1.0, "advance") for p in percents))


def test_summary_of_two_reviews() -> None:
    summary = ScoreSummary((of(Mark(10, 3, 3), Mark(10, 3, 1)), of(Mark(10, 3, 1), Mark(10, 3, 1))))
    assert summary.count == 2
    assert summary.mean == pytest.approx((100 * 4 / 6 + 100 / 3) / 2)
    assert summary.level == pytest.approx(1.5)
    assert summary.scores.lowest == pytest.approx(100 / 3)
    assert summary.scores.highest == pytest.approx(200 / 3)


def test_range_and_deviation_have_their_definitions() -> None:
    spread = spread_of([40.0, 60.0, 80.0])
    assert (spread.lowest, spread.highest, spread.range) == (40, 80, 40)
    assert spread.deviation == pytest.approx(20)  # as СТАНДОТКЛОН and STDEV: divided by n − 1
    assert spread_of([7.0]).deviation is None
    assert spread_of([7.0]).range == 0


def test_a_review_that_answered_a_tenth_is_marked_and_ranks_last() -> None:
    """Alone it shows 100 %, which says nothing about the rest of the rubric."""
    tenth = ScoreSummary((of(Mark(10, 3, 3), Mark(90, 3, None)),))
    whole = ScoreSummary((of(Mark(10, 3, 1), Mark(90, 3, 1)),))
    assert tenth.mean == 100
    assert (tenth.covers_little, tenth.needs_another, tenth.partial) == (True, True, 1)
    assert (whole.covers_little, whole.needs_another, whole.partial) == (False, False, 0)
    assert sorted([tenth, whole, ScoreSummary()], key=lambda s: s.rank)[0] is whole


def test_a_review_counts_with_what_it_covers() -> None:
    summary = ScoreSummary((of(Mark(10, 3, 3), Mark(90, 3, None)), of(Mark(10, 3, 1), Mark(90, 3, 1))))
    pooled = percent([Mark(10, 3, 3), Mark(10, 3, 1), Mark(90, 3, 1)])
    assert summary.mean == pytest.approx(pooled)
    assert summary.mean == pytest.approx((0.1 * 100 + 1.0 * 100 / 3) / 1.1)
    assert summary.level == pytest.approx((0.1 * 3 + 1.0) / 1.1)
    assert summary.coverage == pytest.approx(0.55)
    assert summary.partial == 1


def test_confidence_weighs_where_the_season_says_so() -> None:
    sure, guess = Mark(1, 3, 3), Mark(1, 3, 0)
    plain = ScoreSummary((of(sure, confidence=3), of(guess, confidence=1)))
    assert plain.mean == 50
    weighed = ScoreSummary((of(sure, confidence=3, is_weighed=True), of(guess, confidence=1, is_weighed=True)))
    assert weighed.mean == 75
    unsaid = ScoreSummary((of(sure, is_weighed=True), of(guess, confidence=2, is_weighed=True)))
    assert unsaid.mean == 50
    assert (plain.is_unsure, unsaid.is_unsure) == (True, False)


def test_each_criterion_is_told_apart() -> None:
    reviews = [{1: Mark(10, 3, 3), 2: Mark(10, 3, 1)}, {1: Mark(10, 3, 2), 2: Mark(10, 3, None)}, {1: Mark(10, 3, 2)}]
    first, second = criteria_spreads(reviews).values()
    assert (first.count, first.median, first.lowest, first.highest) == (3, 2, 2, 3)
    assert first.mean == pytest.approx(7 / 3)
    assert first.deviation == pytest.approx(3**-0.5)
    assert (second.count, second.mean, second.median, second.range) == (1, 1, 1, 0)


@pytest.mark.parametrize(("one", "other", "expected"), [(25.0, 75.0, True), (26.0, 75.0, False), (0.0, 100.0, True)])
def test_half_of_the_scale_apart_needs_another_look(one: float, other: float, expected: bool) -> None:
    assert scored(one, other).needs_another is expected


def test_what_a_small_part_of_the_rubric_says_is_not_compared_with_the_whole() -> None:
    whole, other = GivenScore(20.0, 1.0, "return"), GivenScore(30.0, 1.0, "return")
    shred, half = GivenScore(100.0, 0.1, "return"), GivenScore(100.0, 0.5, "return")
    assert not ScoreSummary((whole, other, shred)).is_divided
    assert ScoreSummary((whole, other, half)).is_divided
    assert ScoreSummary((whole, other, GivenScore(30.0, 0.1, "advance"), GivenScore(20.0, 1.0, "stop"))).is_divided
    assert not ScoreSummary((shred, GivenScore(0.0, 0.2, "return"))).is_divided


@pytest.mark.parametrize(
    ("coverages", "required", "expected"),
    [
        ((1.0, 0.1), 2, True),  # the second review is not one
        ((1.0, 0.5), 2, False),
        ((1.0, 1.0, 0.1), 2, False),
        ((1.0,), 2, False),  # one is still awaited
        ((1.0, 0.1), 1, False),
        ((0.1,), 1, True),
        ((), 0, False),
    ],
)
def test_a_review_of_a_small_part_is_none_of_those_that_the_season_asks_for(
    coverages: tuple[float, ...], required: int, expected: bool
) -> None:
    assert ScoreSummary(tuple(GivenScore(50.0, c) for c in coverages)).is_short_of(required) is expected


@pytest.mark.parametrize("highest", [3, 5, 10, 100])
def test_the_same_difference_means_the_same_on_any_scale(highest: int) -> None:
    """One and a half levels apart were too far on 0–3 and are next to nothing on 0–10."""
    near = ScoreSummary((of(Mark(1, highest, 0)), of(Mark(1, highest, highest // 3))))
    far = ScoreSummary((of(Mark(1, highest, 0)), of(Mark(1, highest, -(-highest // 2)))))
    assert (near.needs_another, far.needs_another) == (False, True)


@pytest.mark.parametrize(
    ("recommendations", "expected"),
    [
        (("advance", "stop"), True),
        (("stop", "return", "advance"), True),
        (("advance", "return"), False),
        (("return", "stop"), False),
        (("advance", "advance"), False),
        ((), False),
    ],
)
def test_opposite_recommendations_need_another_look(recommendations: tuple[str, ...], expected: bool) -> None:
    assert ScoreSummary(tuple(GivenScore(66.0, 1.0, r) for r in recommendations)).needs_another is expected


REVIEWS = st.lists(MARKS, max_size=5)


@given(REVIEWS, st.randoms())
def test_the_order_of_reviews_does_not_matter(reviews: list[list[Mark]], random: Random) -> None:
    given = [of(*marks) for marks in reviews]
    before, after = ScoreSummary(tuple(given)), ScoreSummary(tuple(random.sample(given, len(given))))
    assert before.mean == pytest.approx(after.mean) if before.mean is not None else after.mean is None
    assert before.scores.range == after.scores.range
    assert before.scores.median == after.scores.median
    assert before.coverage == pytest.approx(after.coverage)


@given(REVIEWS)
def test_a_mean_lies_between_its_scores(reviews: list[list[Mark]]) -> None:
    scores = ScoreSummary(tuple(of(*marks) for marks in reviews)).scores
    if scores.mean is not None and scores.lowest is not None and scores.highest is not None:
        assert scores.lowest - 1e-9 <= scores.mean <= scores.highest + 1e-9
