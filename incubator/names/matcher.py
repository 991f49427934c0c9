"""Finding names of people, organisations and teams in a text, in all their forms. Pure.

It compares folded words (`folding.py`) with all forms of each name (`declension.py`), in Russian and in Latin letters, also
where somebody spelt a name out or broke it up (`disguises.py`), or mistyped a long one (`misspellings.py`). What it cannot
find: a nickname, a short name with a typing mistake, a given name alone unless it is asked to, and what only a
description says.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from incubator.language.dictionary import is_common, is_known
from incubator.names.contacts import contacts_in
from incubator.names.disguises import Disguises
from incubator.names.folding import Word, with_latin_keys, words_apart, words_of
from incubator.names.known_people import KnownPerson, PersonName, known_person, spellings_of_family
from incubator.names.latin import latin_key
from incubator.names.meant import (
    calls_somebody,
    counts,
    initials_at,
    is_initial_before,
    is_part,
    lowered,
    may_be_word,
    name_somebody,
)
from incubator.names.mentions import FoundName, NameKind, joined, replaced
from incubator.names.misspellings import Misspellings
from incubator.names.spellings import (
    Spelling,
    SpellingIndex,
    is_beside,
    is_inside,
    phrase_spellings,
    without_number_signs,
)

__all__ = ["NameMatcher", "PersonName"]

_MOST_BESIDE = 2
#: Of a given and a family name that are one word; of a family name with one letter of the given name.
_SHORTEST_TOGETHER, _SHORTEST_WITH_LETTER = 7, 6


class NameMatcher:
    """Finds people, phrases (organisations, teams) and contacts. The numbers in ``which`` are places in the arguments."""

    def __init__(
        self,
        people: Iterable[PersonName] = (),
        phrases: Iterable[str] = (),
        *,
        contacts: bool = False,
        given_alone: bool = False,
    ) -> None:
        self._family, self._phrases = SpellingIndex(), SpellingIndex()
        self._disguises, self._misspellings = Disguises(), Misspellings()
        self._called: dict[str, list[int]] = {}
        self._people = [self._person(which, name) for which, name in enumerate(people)]
        self._finds_contacts, self._finds_given_alone = contacts, given_alone
        for which, phrase in enumerate(phrases):
            for words in phrase_spellings(phrase):
                is_word = len(words) == 1 and any(is_common(form) for form in words[0])
                self._phrases.add(Spelling(words, which, is_word=is_word))

    def _person(self, which: int, name: PersonName) -> KnownPerson:
        person = known_person(name)
        for spelling in spellings_of_family(name, which):
            self._family.add(spelling)
            for forms in spelling.words:
                self._disguises.add(forms)
                if not spelling.is_word:
                    self._misspellings.add(forms)
        for form in person.given:
            self._called.setdefault(form, []).append(which)
        self._disguises.add(person.given)
        self._disguises.add(person.patronymic)
        return person

    def find(self, text: str) -> list[FoundName]:
        """Return everything found, in order, none overlapping."""
        words = words_of(text)
        found = [*self._people_of(text, words), *self._phrases_in(text, words)]
        if self._finds_contacts:
            found += contacts_in(text)
        return joined(found)

    def _people_of(self, text: str, words: Sequence[Word]) -> Iterator[FoundName]:
        """Yield the people in each way to read the words."""
        if not self._people:
            return
        readings = [words, self._disguises.undone(words), self._misspellings.corrected(words, self._called)]
        apart = words_apart(text)
        if len(apart) > len(words):
            readings.append(apart)
        for word in words:
            yield from self._run_together(word)
        for reading in readings:
            if reading:
                yield from self._people_in(with_latin_keys(reading))
        if self._finds_given_alone:
            yield from self._given_alone(with_latin_keys(words))

    def called_in(self, text: str) -> list[tuple[int, int]]:
        """Return where names of somebody stand, also a given name alone."""
        words = with_latin_keys(words_of(text))
        return [
            (word.start, word.end)
            for word in words
            if word.folded in self._called or word.folded in self._family.by_first
        ]

    def replaced(self, text: str, by: str) -> str:
        """Return ``text`` with everything that was found replaced."""
        return replaced(text, self.find(text), by)

    # --- people --------------------------------------------------------------

    def _people_in(self, words: Sequence[Word]) -> Iterator[FoundName]:
        small = lowered(words)
        for at in range(len(words)):
            for spelling in self._family.longest_at(words, at, is_beside):
                yield from self._with_given(words, at, spelling, small)
            yield from self._without_family(words, at)
            yield from self._with_two_letters(words, at)
            yield from self._by_initials(words, at)

    def _with_given(
        self, words: Sequence[Word], at: int, spelling: Spelling, small: frozenset[str]
    ) -> Iterator[FoundName]:
        """Yield a family name with what stands beside it: given name, patronymic, initials."""
        person, last = self._people[spelling.which], at + len(spelling.words) - 1
        before = _run(person, [(words[n - 1], words[n]) for n in range(at, max(at - _MOST_BESIDE, 0), -1)], 0)
        after = _run(person, list(pairwise(words[last : last + _MOST_BESIDE + 1])), 1)
        family, beside = words[at : last + 1], [*words[at - before : at], *words[last + 1 : last + 1 + after]]
        names = [each for each in beside if not each.is_initial]
        is_meant = not is_part(words, at, last) and counts(family, spelling, bool(beside), at == 0, small)
        if is_meant or (names and name_somebody([*family, *names])):
            start, end = words[at - before].start, words[last + after].end
            yield FoundName(start, end, NameKind.PERSON, frozenset({spelling.which}))

    def _without_family(self, words: Sequence[Word], at: int) -> Iterator[FoundName]:
        """Yield a given name with a patronymic, or with the first letter of the family name: «Мария К.», «К. Мария»."""
        if at + 1 >= len(words) or not is_beside(words[at], words[at + 1]):
            return
        word, after = words[at], words[at + 1]
        for which in self._called.get(word.folded, ()):
            person = self._people[which]
            is_whole = person.has_patronymic(after) and name_somebody([word, after])
            if is_whole or (person.is_family_initial(after) and name_somebody([word])):
                yield FoundName(word.start, after.end, NameKind.PERSON, frozenset({which}))
        for which in self._called.get(after.folded, ()) if is_initial_before(words, at) else ():
            if self._people[which].is_family_initial(word):
                yield FoundName(word.start, after.end, NameKind.PERSON, frozenset({which}))

    def _given_alone(self, words: Sequence[Word]) -> Iterator[FoundName]:
        """Yield a given name or its short form without anything beside it: «вместе с Машей»."""
        small = lowered(words)
        for at, word in enumerate(words):
            who = self._called.get(word.folded)
            if who and calls_somebody(words, at, small):
                yield FoundName(word.start, word.end, NameKind.PERSON, frozenset(who))

    def _with_two_letters(self, words: Sequence[Word], at: int) -> Iterator[FoundName]:
        """Yield a given name with the first letters of patronymic and family name: «Мария И. К.»."""
        for which in self._called.get(words[at].folded, ()):
            if self._people[which].has_letters_behind(words[at : at + 3]) and name_somebody(words[at : at + 1]):
                yield FoundName(words[at].start, words[at + 2].end, NameKind.PERSON, frozenset({which}))

    def _with_letter(self, word: Word, written: str, key: str) -> Iterator[FoundName]:
        """Yield a family name and the first letter of the given name written as one word: mkuznetsova, petrovi."""
        for letter, family in ((written[0], written[1:]), (written[-1], written[:-1])):
            spelt = self._family.by_first.get(key + family, ()) if len(family) >= _SHORTEST_WITH_LETTER else ()
            for each in spelt:
                if len(each.words) == 1 and not each.is_word and letter in self._people[each.which].initials[1]:
                    yield FoundName(word.start, word.end, NameKind.PERSON, frozenset({each.which}))

    def _run_together(self, word: Word) -> Iterator[FoundName]:
        """Yield a given and a family name written as one word: «мариякузнецова», kuznetsovamaria."""
        folded, key = (latin_key(word.folded), "~") if word.folded.isascii() else (word.folded, "")
        written = folded.removeprefix(key)
        if len(written) < _SHORTEST_TOGETHER or not written.isalpha() or is_known(word.folded):
            return
        yield from self._with_letter(word, written, key)
        for at in range(2, len(written) - 1):
            one, other = key + written[:at], key + written[at:]
            for family, given in ((one, other), (other, one)):
                spelt = {each.which for each in self._family.by_first.get(family, ()) if len(each.words) == 1}
                if who := spelt & set(self._called.get(given, ())):
                    yield FoundName(word.start, word.end, NameKind.PERSON, frozenset(who))

    def _by_initials(self, words: Sequence[Word], at: int) -> Iterator[FoundName]:
        """Yield the initials of somebody where they stand for the name: «К. М. И.», «К. М.», «КМИ»."""
        letters = initials_at(words, at)
        if letters:
            one = words[at].is_acronym
            who = frozenset(n for n, each in enumerate(self._people) if each.has_initials(letters, is_acronym=one))
            if who:
                end = words[at if one else at + len(letters) - 1].end
                yield FoundName(words[at].start, end, NameKind.PERSON, who)

    # --- organisations and teams ---------------------------------------------

    def _phrases_in(self, text: str, words: Sequence[Word]) -> Iterator[FoundName]:
        if not self._phrases.by_first:
            return
        words = without_number_signs(words)
        small = lowered(words)
        for at, word in enumerate(words):
            for spelling in self._phrases.longest_at(words, at, is_inside):
                last = at + len(spelling.words) - 1
                is_name = word.is_capital and not may_be_word(words[at : at + 1], spelling, at == 0, small)
                if last > at or is_name or _is_quoted(words, at) or not is_common(word.folded):
                    end = _with_closing_quote(text, word.start, words[last].end)
                    yield FoundName(word.start, end, NameKind.PHRASE, frozenset({spelling.which}))


def _run(person: KnownPerson, pairs: Sequence[tuple[Word, Word]], which: int) -> int:
    """Return how many words in a row, at most two, are the person's given name, patronymic or initials."""
    count = 0
    for pair in pairs:
        each = pair[which]
        if not (is_beside(*pair) and person.has(each)):
            break
        count += 1
    return count


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
