"""What only the acceptance run does twice still runs once on every change."""

import pytest

from tests.scale import is_second_telling


@pytest.mark.parametrize("other", [{}, {"js": 0}, {"js": 1}, {"who": 2, "is_gone": 1}])
def test_each_case_is_left_out_on_one_engine_and_runs_on_the_other(other: dict[str, int]) -> None:
    left_out = [is_second_telling("tests/gates/test_file_pages.py::test_it", {"database": n, **other}) for n in (0, 1)]
    assert sorted(left_out) == [False, True]


def test_both_engines_get_their_share() -> None:
    names = [f"tests/gates/test_file_pages.py::test_{number}" for number in range(100)]
    assert 30 < sum(is_second_telling(name, {"database": 0}) for name in names) < 70


def test_a_story_with_and_without_scripts_is_told_on_both_engines() -> None:
    told = {
        (engine, js)
        for engine in (0, 1)
        for js in (0, 1)
        if not is_second_telling("tests/stories/test_in_chromium.py::test_the_long_way", {"database": engine, "js": js})
    }
    assert told in ({(0, 0), (1, 1)}, {(0, 1), (1, 0)})
