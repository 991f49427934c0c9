"""The check of a review before teenagers read it."""

import pytest

from incubator.reviews.reviewing.advice_check import JudgedCriterion, concerns

AUDIENCE = JudgedCriterion("Аудитория", "Аудитория Audience Можно ли представить себе человека", 1)


@pytest.mark.parametrize(
    ("advice", "expected"),
    [
        ("Молодцы! Отличная работа, так держать!", True),
        ("Great work, keep it up!", True),
        ("", False),  # not praise but nothing: the form says so
        ("Хорошо. Поговорите с тремя пасечниками до пятницы.", False),
        ("Ask three beekeepers before you build.", False),
    ],
)
def test_praise_alone_is_empty(advice: str, expected: bool) -> None:
    assert concerns(advice, [], []).is_empty_praise is expected


def test_a_low_level_wants_a_word_in_advice_or_beside_a_section() -> None:
    advice = "Посчитайте ещё раз, сколько стоит станок."
    assert concerns(advice, [], [AUDIENCE]).unexplained == ("Аудитория",)
    assert not concerns(advice + " И опишите аудиторию.", [], [AUDIENCE])
    assert not concerns(advice, ["Для какого человека это?"], [AUDIENCE])


@pytest.mark.parametrize("level", [2, 3, None])
def test_a_good_level_or_none_wants_nothing(level: int | None) -> None:
    judged = JudgedCriterion(AUDIENCE.title, AUDIENCE.words, level)
    assert not concerns("Посчитайте ещё раз, сколько стоит станок.", [], [judged])
