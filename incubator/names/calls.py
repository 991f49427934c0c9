"""People called by "@" in a text: «@Орлова», «@Анну Орлову», «@О'Коннор», «@АннаОрлова», «@«Анна Орлова»», «@anna.orlova». Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from incubator.names.declension import forms_of
from incubator.names.diminutives import diminutives_of
from incubator.names.folding import Word, words_of
from incubator.names.matcher import PersonName
from incubator.names.spellings import is_beside

#: An "@" that begins a word, so that addresses of mail are none.
_SIGN = re.compile(r"(?<![\w@.+-])[@＠]{1,2}[«„“\"']?")
_HANDLE = re.compile(r"[\w.+-]*\w")
#: How far behind the sign a name is looked for, in characters and in words.
_REACH = 130
_MOST_WORDS = 4
#: Letters of a word that stands for a name of several; «де» and «ла» are in many.
_SHORTEST_HALF = 3


@dataclass(frozen=True, slots=True)
class Call:
    """``start`` is the place of the "@"; ``who`` are numbers of the people it fits, empty if it fits nobody."""

    start: int
    end: int
    who: frozenset[int]


def calls_in(text: str, people: Sequence[PersonName], handles: Sequence[str] = ()) -> list[Call]:
    """Return the calls in ``text``. ``handles``: another name for each person, as the first part of an address."""
    return [call for sign in _SIGN.finditer(text) if (call := _call(text, sign, people, handles))]


def _call(text: str, sign: re.Match[str], people: Sequence[PersonName], handles: Sequence[str]) -> Call | None:
    start, name = sign.span()
    behind = text[name : name + _REACH]
    words = words_of(behind)[:_MOST_WORDS]
    if not words or words[0].start != 0:
        return None
    if by_handle := _by_handle(behind, sign, handles):
        return by_handle
    lengths = [_length(words, person) for person in people]
    if not any(lengths):
        lengths = [int(_is_half(words[0].folded, person)) for person in people]
    most = max(lengths, default=0)
    who = frozenset(n for n, length in enumerate(lengths) if length == most > 0)
    return Call(start, name + words[max(most, 1) - 1].end, who)


def _by_handle(behind: str, sign: re.Match[str], handles: Sequence[str]) -> Call | None:
    handle = _HANDLE.match(behind)
    if handle is None:
        return None
    who = frozenset(n for n, each in enumerate(handles) if each and each.casefold() == handle[0].casefold())
    return Call(sign.start(), sign.end() + handle.end(), who) if who else None


def _length(words: Sequence[Word], person: PersonName) -> int:
    """Return how many of the first words call the person; 0 if they do not."""
    family, given = _forms(person.family), _given(person.given)
    if family and given and _is_run_together(words[0].folded, given[0], family):
        return 1
    orders = ((family, given), (given, family), (family,), (given,))
    return max((_fits(words, [forms for part in order for forms in part]) for order in orders if all(order)), default=0)


def _is_half(word: str, person: PersonName) -> bool:
    """Return whether it is one of several words of a name: «Анна» for Анна-Мария."""
    parts = [*_forms(person.family), *_given(person.given)]
    return len(word) >= _SHORTEST_HALF and any(word in forms for forms in parts)


def _fits(words: Sequence[Word], parts: Sequence[frozenset[str]]) -> int:
    if len(parts) > len(words):
        return 0
    pairs = list(zip(words, parts, strict=False))
    if any(word.folded not in forms for word, forms in pairs):
        return 0
    return len(parts) if all(is_beside(words[n - 1], words[n]) for n in range(1, len(parts))) else 0


def _is_run_together(word: str, given: frozenset[str], family: Sequence[frozenset[str]]) -> bool:
    return len(family) == 1 and any(
        word.startswith(name) and word.removeprefix(name) in family[0] for name in given if name
    )


def _forms(name: str) -> list[frozenset[str]]:
    return [forms_of(word.folded) for word in words_of(name)]


def _given(name: str) -> list[frozenset[str]]:
    words = [word.folded for word in words_of(name)]
    if len(words) == 1:
        return [frozenset(form for each in (words[0], *diminutives_of(words[0])) for form in forms_of(each))]
    return [forms_of(word) for word in words]
