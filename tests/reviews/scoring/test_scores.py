"""Scores and their summaries."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.reviews.scoring.scores import Mark, mean_level, percent, summarise

MARKS = st.lists(st.builds(Mark, st.integers(1, 50), st.just(3), st.one_of(st.none(), st.integers(0, 3))), max_size=8)


def test_weighted_share_in_percent() -> None:
    marks = [Mark(30, 3, 3), Mark(20, 3, 1), Mark(50, 3, 0)]
    assert percent(marks) == pytest.approx(100 * (90 + 20) / 300)
    assert mean_level(marks) == pytest.approx((90 + 20) / 100)


def test_nothing_scored_is_no_score() -> None:
    assert percent([Mark(30, 3, None)]) is None
    assert summarise([]).mean is None


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


def test_summary_of_two_reviews() -> None:
    summary = summarise([{1: Mark(10, 3, 3), 2: Mark(10, 3, 1)}, {1: Mark(10, 3, 1), 2: Mark(10, 3, None)}])
    assert summary.count == 2
    assert summary.mean == pytest.approx((100 * 4 / 6 + 100 / 3) / 2)
    assert summary.spread == 2
    assert summary.needs_another


def test_each_criterion_is_told_apart() -> None:
    reviews = [{1: Mark(10, 3, 3), 2: Mark(10, 3, 1)}, {1: Mark(10, 3, 2), 2: Mark(10, 3, None)}, {1: Mark(10, 3, 2)}]
    first, second = summarise(reviews).criteria.values()
    assert (first.count, first.median, first.spread) == (3, 2, 1)
    assert first.mean == pytest.approx(7 / 3)
    assert (second.count, second.mean, second.median, second.spread) == (1, 1, 1, 0)


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
    assert summarise([{1: Mark(10, 3, 2)}, {1: Mark(10, 3, 2)}], recommendations).needs_another is expected


REVIEWS = st.lists(
    st.dictionaries(
        st.integers(1, 4), st.builds(Mark, st.integers(1, 50), st.just(3), st.one_of(st.none(), st.integers(0, 3)))
    ),
    max_size=5,
)


@given(REVIEWS, st.randoms())
def test_the_order_of_reviews_does_not_matter(reviews: list[dict[int, Mark]], random: Random) -> None:
    shuffled = random.sample(reviews, len(reviews))
    before, after = summarise(reviews), summarise(shuffled)
    assert before.mean == pytest.approx(after.mean) if before.mean is not None else after.mean is None
    assert before.spread == after.spread
    assert before.scores.median == pytest.approx(after.scores.median) if before.count else after.scores.median is None
