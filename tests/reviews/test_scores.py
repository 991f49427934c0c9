"""What scores add up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.reviews.scores import Mark, mean_level, percent, summarise

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
    assert (before is None and after is None) or (after or 0) >= (before or 0)


def test_summary_of_two_reviews() -> None:
    summary = summarise([{1: Mark(10, 3, 3), 2: Mark(10, 3, 1)}, {1: Mark(10, 3, 1), 2: Mark(10, 3, None)}])
    assert summary.count == 2
    assert summary.mean == pytest.approx((100 * 4 / 6 + 100 / 3) / 2)
    assert summary.spread == 2
    assert summary.needs_another
