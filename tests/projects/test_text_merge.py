"""Two texts of one are brought together word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.projects.text_merge import MergedText, merge

BASE = "Пасеки теряют пчёл зимой. Никто не считает."


@pytest.mark.parametrize(
    ("mine", "theirs", "both", "clashes"),
    [
        ("Пасеки теряют пчёл зимой. Никто не считает. Мы спросили.", "Все пасеки теряют пчёл зимой. Никто не считает.",
         "Все пасеки теряют пчёл зимой. Никто не считает. Мы спросили.", 0),
        ("Пасеки теряют пчёл. Никто не считает.", "Пасеки теряют много пчёл зимой. Никто не считает.",
         "Пасеки теряют много пчёл. Никто не считает.", 0),
        ("Пасеки теряют семьи зимой. Никто не считает.", "Пасеки теряют рои зимой. Никто не считает.",
         "Пасеки теряют рои семьи зимой. Никто не считает.", 1),
        ("", BASE + " Ещё.", BASE + " Ещё.", 1),
    ],
)  # fmt: skip
def test_what_both_changed_stands_together(mine: str, theirs: str, both: str, clashes: int) -> None:
    found = merge(BASE, mine, theirs)
    assert (found.text.lower(), found.clashes) == (both.lower(), clashes)


_text = st.lists(st.sampled_from(["рой", "улей", "мёд", " ", ",", "\n"]), max_size=30).map("".join)


@given(_text, _text)
def test_who_changed_nothing_takes_nothing_away(base: str, other: str) -> None:
    assert merge(base, base, other) == MergedText(other, 0)
    assert merge(base, other, base) == MergedText(other, 0)
    assert merge(base, other, other) == MergedText(other, 0)


@given(_text, _text, _text)
def test_no_word_that_somebody_added_is_lost(base: str, mine: str, theirs: str) -> None:
    found = merge(base, mine + "ДОБАВЛЕНО", theirs + "НАПИСАНО")
    assert "ДОБАВЛЕНО" in found.text
    assert "НАПИСАНО" in found.text


def test_long_texts_are_brought_together_at_once() -> None:
    base = " ".join(f"слово{n}" for n in range(700))
    found = merge(base, base + "моё", "чужое " + base)
    assert found.text == "чужое " + base + "моё"
