"""Finding names of people, organisations and teams in a text, in all their forms. Pure.

It compares folded words (`folding.py`) with all forms of each name (`declension.py`). What it cannot find: a nickname,
a name with a typing mistake or spelt out in letters, a given name alone, and what only a description says.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from incubator.names.contacts import contacts_in
from incubator.names.declension import forms_of
from incubator.names.dictionary import is_common, is_function_word
from incubator.names.diminutives import diminutives_of
from incubator.names.folding import Word, words_apart, words_of
from incubator.names.latin import sounds_of
from incubator.names.mentions import FoundName, NameKind, joined, replaced
from incubator.names.spellings import (
    Forms,
    Spelling,
    SpellingIndex,
    family_spellings,
    is_beside,
    is_inside,
    phrase_spellings,
    without_number_signs,
)

_WORDS_OF_ONE_LETTER = frozenset("авикосуя")


@dataclass(frozen=True, slots=True)
class PersonName:
    given: str = ""
    family: str = ""
    patronymic: str = ""


_SHORTEST_LATIN = 5
_MOST_BESIDE = 2
#: A shorter word is a name only with a capital letter that does not merely begin a sentence.
_SHORT = 4
_BEGINS = re.compile(r"[.!?…:]|^\s*[-*#>]")


@dataclass(frozen=True, slots=True)
class _Person:
    given: Forms
    """The given name and its short forms, declined."""
    patronymic: Forms
    initial: str
    """The first letter of the family name."""

    def has(self, word: Word) -> bool:
        return word.folded in self.given or word.folded in self.patronymic or (word.is_initial and self._begins(word))

    def _begins(self, word: Word) -> bool:
        """Return whether the letter may be the person's initial; of an unknown patronymic, any that is not a word itself."""
        known = {form[0] for form in (*self.given, *self.patronymic) if form}
        return word.folded in known or (not self.patronymic and word.folded not in _WORDS_OF_ONE_LETTER)


class NameMatcher:
    """Finds people, phrases (organisations, teams) and contacts. The numbers in ``which`` are places in the arguments."""

    def __init__(
        self, people: Iterable[PersonName] = (), phrases: Iterable[str] = (), *, contacts: bool = False
    ) -> None:
        self._family, self._phrases = SpellingIndex(), SpellingIndex()
        self._latin: dict[str, set[int]] = {}
        self._people = [self._person(which, name) for which, name in enumerate(people)]
        self._finds_contacts = contacts
        for which, phrase in enumerate(phrases):
            for words in phrase_spellings(phrase):
                self._phrases.add(Spelling(words, which))

    def _person(self, which: int, name: PersonName) -> _Person:
        parts = [word.folded for word in words_of(name.family)]
        for spelling in family_spellings(name.family, parts, which):
            self._family.add(spelling)
        for part in parts:
            self._add_in_latin(part, which)
        given = [word.folded for word in words_of(name.given)]
        called = [each for name in given for each in (name, *diminutives_of(name))]
        patronymic = [word.folded for word in words_of(name.patronymic)]
        return _Person(_all_forms(called), _all_forms(patronymic), parts[0][0] if parts else "")

    def _add_in_latin(self, part: str, which: int) -> None:
        if len(part) >= _SHORTEST_LATIN:
            for form in forms_of(part):
                for spoken in (form, *_with_yo(form)):
                    self._latin.setdefault(sounds_of(spoken), set()).add(which)

    def find(self, text: str) -> list[FoundName]:
        """Return everything found, in order, none overlapping."""
        words = words_of(text)
        found = [*self._people_in(words), *self._phrases_in(text, words)]
        if self._people and len(apart := words_apart(text)) > len(words):
            found += self._people_in(apart)
        if self._finds_contacts:
            found += contacts_in(text)
        return joined(found)

    def replaced(self, text: str, by: str) -> str:
        """Return ``text`` with everything that was found replaced."""
        return replaced(text, self.find(text), by)

    # --- people --------------------------------------------------------------

    def _people_in(self, words: Sequence[Word]) -> Iterator[FoundName]:
        if not self._people:
            return
        for at, word in enumerate(words):
            spellings = self._family.longest_at(words, at, is_beside)
            for spelling in spellings:
                yield from self._with_given(words, at, spelling)
            if not spellings and (who := self._in_latin(word)):
                yield FoundName(word.start, word.end, NameKind.PERSON, who)
            yield from self._without_family(words, at)

    def _in_latin(self, word: Word) -> frozenset[int]:
        if not word.folded.isascii() or len(word.folded) < _SHORTEST_LATIN:
            return frozenset()
        return frozenset(self._latin.get(sounds_of(word.folded), ()))

    def _with_given(self, words: Sequence[Word], at: int, spelling: Spelling) -> Iterator[FoundName]:
        """Yield a family name with what stands beside it: given name, patronymic, initials."""
        person, last = self._people[spelling.which], at + len(spelling.words) - 1
        before = _run(person, [(words[n - 1], words[n]) for n in range(at, max(at - _MOST_BESIDE, 0), -1)], 0)
        after = _run(person, list(pairwise(words[last : last + _MOST_BESIDE + 1])), 1)
        beside = [*words[at - before : at], *words[last + 1 : last + 1 + after]]
        if any(not each.is_initial for each in beside) or _counts(
            words[at : last + 1], spelling, bool(beside), at == 0
        ):
            start, end = words[at - before].start, words[last + after].end
            yield FoundName(start, end, NameKind.PERSON, frozenset({spelling.which}))

    def _without_family(self, words: Sequence[Word], at: int) -> Iterator[FoundName]:
        """Yield a given name with a patronymic or with the first letter of the family name."""
        if at + 1 >= len(words) or not is_beside(words[at], words[at + 1]):
            return
        word, after = words[at], words[at + 1]
        for which, person in enumerate(self._people):
            if word.folded not in person.given:
                continue
            if after.folded in person.patronymic or (after.is_initial and after.folded == person.initial):
                yield FoundName(word.start, after.end, NameKind.PERSON, frozenset({which}))

    # --- organisations and teams ---------------------------------------------

    def _phrases_in(self, text: str, words: Sequence[Word]) -> Iterator[FoundName]:
        if not self._phrases.by_first:
            return
        words = without_number_signs(words)
        for at, word in enumerate(words):
            for spelling in self._phrases.longest_at(words, at, is_inside):
                last = at + len(spelling.words) - 1
                if last > at or word.is_capital or _is_quoted(words, at) or not is_common(word.folded):
                    end = _with_closing_quote(text, word.start, words[last].end)
                    yield FoundName(word.start, end, NameKind.PHRASE, frozenset({spelling.which}))


def _run(person: _Person, pairs: Sequence[tuple[Word, Word]], which: int) -> int:
    """Return how many words in a row, at most two, are the person's given name, patronymic or initials."""
    count = 0
    for pair in pairs:
        each = pair[which]
        if not (is_beside(*pair) and person.has(each)):
            break
        count += 1
    return count


def _with_yo(form: str) -> Iterator[str]:
    """Yield ``form`` with each «е» in turn as «ё» sounds: Королев is Korolev and Korolyov."""
    for at, letter in enumerate(form):
        if letter == "е":
            yield f"{form[:at]}о{form[at + 1 :]}"


def _all_forms(words: Iterable[str]) -> Forms:
    return frozenset(form for word in words for form in forms_of(word))


def _counts(words: Sequence[Word], spelling: Spelling, has_initial: bool, is_first: bool) -> bool:
    """Return whether a family name without a given name beside it is meant as a name."""
    word = words[0]
    if any(each.is_capital for each in words):
        begins = is_first or _BEGINS.search(word.before)
        return has_initial or not (begins and len(word.folded) < _SHORT and is_function_word(word.folded))
    return spelling.is_whole and len(word.folded) >= _SHORT and not is_common(word.folded)


def _is_quoted(words: Sequence[Word], at: int) -> bool:
    return words[at].before.endswith('"')


def _with_closing_quote(text: str, start: int, end: int) -> int:
    """Return the end of a phrase, behind the quotation mark that its own opening mark asks for."""
    inside = text[start:end]
    for opening, closing in ("«»", "“”", "„“", '""'):
        is_open = inside.count(opening) % 2 if opening == closing else inside.count(opening) > inside.count(closing)
        if is_open and text[end : end + 1] == closing:
            return end + 1
    return end
