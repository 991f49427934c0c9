"""The names in a cell of a table that lists people, however an office writes them. Pure."""

import re
from collections.abc import Callable, Sequence

from incubator.language.dictionary import is_given_name, is_known, is_name, is_patronymic
from incubator.names.first_name import name_words
from incubator.names.folding import fold
from incubator.names.known_people import PersonName

#: Between people who stand in one line.
_BETWEEN = re.compile(r"[;/|&\n]|\s(?:и|and)\s")
#: What stands around the words of a name.
_AROUND = " \t,:;<>()[]«»\"'–—-"
_INITIALS = re.compile(r"(?:[А-ЯЁA-Z]\.[\s-]?){1,3}")


def names_in_cell(text: str) -> list[PersonName]:
    """Return the names with a family name: «Журавлёва; А. Лебедев», «капитан – Анна Журавлёва / Пётр Лебедев, 8 «А»»."""
    return [name for part in _BETWEEN.split(text) for name in _in_part(part)]


def _in_part(part: str) -> list[PersonName]:
    words = [stripped for word in name_words(_spaced(part)) if len(stripped := word.strip(_AROUND)) > 1]
    given, patronymics, families = _parted(words)
    if not families and len(given) > 1:  # «Мартин Павел»: in lists the family name is the first
        families, given = given[:1], given[1:]
    first = next(iter(given), "".join(_INITIALS.findall(part)).strip())
    return [PersonName(first, family, next(iter(patronymics), "")) for family in families]


def _parted(words: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Return given names, patronymics and family names."""
    given = [word for word in words if _is(is_given_name, word) and not _is_only_family(word, words)]
    others = [word for word in words if word not in given]
    patronymics = [word for word in others if _is(is_patronymic, word)]
    return given, patronymics, _families([word for word in others if word not in patronymics])


def _spaced(part: str) -> str:
    """Return the part without initials, its signs as blanks: hyphens inside a word stay."""
    return re.sub(r"[^\w\s'’-]|(?<!\w)-|-(?!\w)", " ", _INITIALS.sub(" ", part))


def _families(words: Sequence[str]) -> list[str]:
    """Return the words that are family names: those that the dictionary calls so, and those that it does not know.

    Where there is none, a word with a capital is one, as «Заяц Анна»: whatever else it means.
    """
    written = [word for word in words if word[0].isupper()] or list(words)
    sure = [word for word in written if _is(is_name, word) or not _is(is_known, word)]
    return sure or [word for word in written if word[0].isupper()][:1]


def _is_only_family(word: str, words: Sequence[str]) -> bool:
    """Return whether a given name is more likely a family name: it ends so, and another given name stands beside it."""
    others = [each for each in words if each != word and _is(is_given_name, each)]
    return bool(others) and word == words[0] and word.casefold().endswith(("ов", "ев", "ин", "ова", "ева", "ина"))


def _is(kind: Callable[[str], bool], word: str) -> bool:
    return kind(fold(word)[0])
