"""Which word of a written name is which: «Иванова Мария Петровна», «Мария Петровна Иванова», «Мария Иванова». Pure."""

from collections.abc import Callable, Sequence

from incubator.language.dictionary import is_given_name, is_patronymic
from incubator.names.folding import fold
from incubator.names.known_people import PersonName


def name_in_order(words: Sequence[str]) -> PersonName:
    """Return the name that two words or more make, whichever of the two usual orders they are in; one alone is a given name."""
    if len(words) < 2:
        return PersonName(" ".join(words))
    first, second, *rest = words
    if len(rest) == 1 and _is(is_patronymic, second) and not _is(is_patronymic, rest[0]):
        return PersonName(first, rest[0], second)
    if not rest and _is(is_given_name, first) and not _is(is_given_name, second):
        return PersonName(first, second)
    return PersonName(second, first, " ".join(rest))


def _is(kind: Callable[[str], bool], word: str) -> bool:
    return kind(fold(word)[0])
