"""Which passwords are guessed first: leaked and common ones, keyboard walks, dates, and what everybody knows of their owner.

The lists are those of the package zxcvbn (13 MB of memory), loaded when somebody first chooses a password. Pure.
"""

import re
from collections.abc import Iterable

from incubator.core.text import slugify

SHORTEST, LONGEST = 8, 200
#: Fewer guesses than that are no obstacle (zxcvbn's score below 2: what throttling alone has to hold).
FEWEST_GUESSES = 1_000_000
#: Estimating takes longer than linear time; what begins with so many strong characters is strong.
_JUDGED = 32

#: Frequent words of Russian passwords and of this site, which the package's English lists lack.
_RUSSIAN = [
    "пароль",
    "привет",
    "любовь",
    "люблю",
    "любимая",
    "любимый",
    "солнце",
    "солнышко",
    "зайка",
    "котик",
    "котенок",
    "малыш",
    "мама",
    "мамочка",
    "папа",
    "семья",
    "счастье",
    "жизнь",
    "надежда",
    "вера",
    "спартак",
    "зенит",
    "динамо",
    "локомотив",
    "россия",
    "москва",
    "питер",
    "ленинград",
    "гатчина",
    "выборг",
    "победа",
    "наташа",
    "марина",
    "светлана",
    "татьяна",
    "елена",
    "ирина",
    "екатерина",
    "анастасия",
    "кристина",
    "виктория",
    "александр",
    "дмитрий",
    "сергей",
    "андрей",
    "максим",
    "алексей",
    "никита",
    "ангел",
    "принцесса",
    "король",
    "богатырь",
    "учитель",
    "школа",
    "лицей",
    "колледж",
    "ученик",
    "студент",
    "наставник",
    "педагог",
    "организатор",
    "проект",
    "идея",
    "инкубатор",
    "витрина",
    "команда",
]
_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Return whether a password is among the first million guesses; ``about`` is its owner's name and address."""
    typed = password[:_JUDGED].casefold()
    known = [*_RUSSIAN, *_words(about)]
    # Cyrillic words are often typed on a Latin layout: «пароль» is «gfhjkm», which the leaked lists know.
    keys = typed.translate(_KEYS)
    bare = re.sub(r"[\W_]+", "", typed)
    return any(_guesses(form, known) < FEWEST_GUESSES for form in {password[:_JUDGED], typed, keys, bare} - {""})


def _words(about: Iterable[str]) -> list[str]:
    wholes = [text.casefold() for text in about]
    found = [word for text in wholes for word in (text, *re.split(r"[\W_]+", text)) if len(word) > 2]
    return found + [slugify(word) for word in found]


def _guesses(password: str, known: list[str]) -> float:
    from zxcvbn import zxcvbn

    return float(zxcvbn(password, user_inputs=known)["guesses"])
