"""Word diffs: nothing lost, nothing invented, fast even on hostile texts."""

from hypothesis import given
from hypothesis import strategies as st

from incubator.projects.diff import diff, is_changed

TEXTS = st.text(alphabet="аб \n.x", max_size=80)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_it(before: str, after: str) -> None:
    parts = diff(before, after)
    assert "".join(t for op, t in parts if op != "ins") == before
    assert "".join(t for op, t in parts if op != "del") == after
    assert is_changed(parts) == (before != after)


def test_words_are_the_unit() -> None:
    assert diff("датчик звука", "датчик тепла") == [("same", "датчик "), ("del", "звука"), ("ins", "тепла")]


def test_a_space_between_changed_words_belongs_to_the_change() -> None:
    assert diff("раз два три", "one two три") == [("del", "раз два"), ("ins", "one two"), ("same", " три")]


def test_equal_texts_have_one_part() -> None:
    assert diff("то же", "то же") == [("same", "то же")]
