"""Which passwords are refused: leaked ones, walks over the keyboard, dates, one's own name; and which are not."""

import subprocess
import sys

import pytest

from incubator.core.passwords import is_guessable

ABOUT = ("maria.k@example.org", "Мария", "Кузнецова")


@pytest.mark.parametrize(
    "password",
    [
        "12345678", "password1", "P@ssw0rd", "qwertyuiop", "1q2w3e4r", "iloveyou", "11111111", "abcd1234", "20102010",
        "dragon12", "leningrad", "a" * 200, "        ", "🐝" * 8, "\ud800" * 9,
        "пароль12", "Пароль123", "йцукенгш", "ПАРОЛЬПАРОЛЬ", "gfhjkm12", "любимая1", "спартак1922", "наставник1",
        "мария2010", "Мария-2010", "кузнецова1", "КУЗНЕЦОВА", "kuznetsova", "maria.k@example.org", "MariaK12",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert is_guessable(password, ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "синий чайник поёт", "жираф рисует облако", "три слова подряд", "кот пьёт молоко", "x7Hq!2Lm", "correct horse",
        "совсем другой пароль", "мария кормит жирафа", "🐝🏔🚲🎻🧂🪁🦊🌋", "Tr0ub4dor&3x",
    ],
)  # fmt: skip
def test_what_takes_long_to_guess_is_taken(password: str) -> None:
    assert not is_guessable(password, ABOUT)


def test_a_name_is_a_weakness_of_its_owner_alone() -> None:
    assert not is_guessable("тихомирова77")
    assert is_guessable("тихомирова77", ("t@example.org", "Ян", "Тихомирова"))


def test_the_lists_are_loaded_when_they_are_needed() -> None:
    """They take 13 MB, and a server that nobody signs up to does without."""
    code = "import sys, incubator.http.forms; assert 'zxcvbn' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
