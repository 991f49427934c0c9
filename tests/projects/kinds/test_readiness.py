"""Readiness: a level, what proves it, and what the next one takes."""

from decimal import Decimal

import pytest

from incubator.core.languages import LOCALES, override_locale
from incubator.projects.drawing import draw, drawn_results
from incubator.projects.kinds.readiness import HIGHEST, KIND, levels, results
from tests.projects.kinds.test_sheets import form


def stored(level: str, proof: str = "", link: str = "") -> str:
    return KIND.typed(form(level=level, proof=proof, proof_link=link))


def test_a_chosen_level_is_kept_and_none_is_nothing() -> None:
    assert stored("") == stored("nonsense") == ""
    assert KIND.sheet(stored("4")).fields == {"level": "4"}
    with override_locale("ru"):
        assert [each.message for each in KIND.problems(stored("", "Работает"))] == ["Уровень: заполните"]
        assert [each.message for each in KIND.problems(stored("4", link="видео у Киры"))] == [
            "Ссылка на подтверждение: «видео у Киры» – не ссылка: нужна вся, с https://"
        ]


def test_a_level_that_nothing_proves_is_advice() -> None:
    with override_locale("ru"):
        assert [(each.place, each.message) for each in KIND.advice(stored("4", "…"))] == [
            ("proof", "уровень 4 ничем не подтверждён")
        ]
    assert KIND.advice(stored("4", "Видела Елена Петровна")) == ()
    assert KIND.advice(stored("4", link="https://rutube.ru/video/1/")) == ()
    assert KIND.advice(stored("", "Работает")) == ()


@pytest.mark.parametrize("number", range(1, HIGHEST + 1))
def test_each_level_marks_one_step_and_says_what_the_next_one_takes(number: int) -> None:
    with override_locale("ru"):
        found = results(KIND.sheet(stored(str(number), "да")))
        html = str(drawn_results(KIND, KIND.sheet(stored(str(number), "да"))))
    assert found.reached
    assert [step.state for step in found.steps] == (
        ["passed"] * (number - 1) + ["reached"] + ["ahead"] * (HIGHEST - number)
    )
    assert all(Decimal(0) <= step.x < Decimal("89.6") for step in found.steps)
    assert (found.following.number if found.following else None) == (number + 1 if number < HIGHEST else None)
    assert f"Уровень {number} из 9: {found.reached.title}" in html
    assert html.count("step-flag") == html.count("сейчас") == html.count('aria-current="step"') == 1
    assert (f"До уровня {number + 1}" in html) == (number < HIGHEST)


@pytest.mark.parametrize("locale", LOCALES)
def test_nine_levels_say_nine_different_things(locale: str) -> None:
    with override_locale(locale):
        said = [words for each in levels() for words in (each.title, each.means, each.needs)]
    assert len(set(said)) == len(said) == 27


def test_nothing_chosen_shows_the_levels_to_the_team_and_nothing_to_readers() -> None:
    with override_locale("ru"):
        assert "Что значат девять уровней" in str(drawn_results(KIND, KIND.sheet("")))
        shown = str(draw(KIND, KIND.sheet("Макет <b>стоит</b> в шкафу")))
    assert "девять уровней" not in shown
    assert "Макет &lt;b&gt;стоит&lt;/b&gt; в шкафу" in shown


def test_the_text_says_what_the_level_means_and_where_the_proof_lies() -> None:
    with override_locale("ru"):
        text = KIND.text(stored("9", "Заказы", "https://xn--80aswg.xn--p1ai/otzyvy"))
        shown = str(draw(KIND, KIND.sheet(stored("9", "Заказы", "https://сайт.рф/otzyvy"))))
    assert "* Уровень: 9. Служит людям" in text
    assert "* Ссылка на подтверждение: https://сайт.рф/otzyvy" in text
    assert "* Где лежит: сайт.рф" in text
    assert "Что нужно для следующего" not in text
    assert "(xn--80aswg.xn--p1ai)" in shown
