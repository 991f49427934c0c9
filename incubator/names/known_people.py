"""How each part of a person's name is recognised, in Russian and in Latin letters. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from anyascii import anyascii

from incubator.language.dictionary import is_common, is_given_name, is_patronymic, may_name_people
from incubator.language.scripts import in_one_script
from incubator.names.declension import forms_of
from incubator.names.diminutives import diminutives_of
from incubator.names.first_name import first_name
from incubator.names.folding import Word, fold, words_of
from incubator.names.latin import latin_key, sounds_of
from incubator.names.spellings import Forms, Spelling, family_spellings, is_beside

_WORDS_OF_ONE_LETTER = frozenset("авикосуя")


@dataclass(frozen=True, slots=True)
class PersonName:
    given: str = ""
    family: str = ""
    patronymic: str = ""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    given: Forms
    """The given name and its short forms, declined; and the keys of all these in Latin letters."""
    patronymic: Forms
    initials: tuple[Forms, Forms, Forms]
    """What the family name, the given name and the patronymic may begin with."""

    def has(self, word: Word) -> bool:
        return word.folded in self.given or self.has_patronymic(word) or (word.is_initial and self._begins(word))

    def has_patronymic(self, word: Word) -> bool:
        """Return whether it is the person's patronymic; of an unknown one, any with a capital letter may be it."""
        if self.patronymic:
            return word.folded in self.patronymic
        return word.is_capital and is_patronymic(word.folded)

    def _begins(self, word: Word) -> bool:
        """Return whether the letter may be the person's initial; of an unknown patronymic, any that is not a word itself."""
        known = {form[0] for form in (*self.given, *self.patronymic) if form} | self.initials[1] | self.initials[2]
        return word.folded in known or (not self.patronymic and word.folded not in _WORDS_OF_ONE_LETTER)

    def is_family_initial(self, word: Word) -> bool:
        return word.is_initial and word.folded in self.initials[0]

    def has_letters_behind(self, words: Sequence[Word]) -> bool:
        """Return whether behind the first of three words stand the first letters of the patronymic and the family name."""
        if len(words) < 3 or not all(each.is_initial and each.is_capital for each in words[1:]):
            return False
        patronymic, family = words[1:]
        are_near = is_beside(words[0], patronymic) and is_beside(patronymic, family)
        return (
            are_near
            and patronymic.folded in (self.initials[2] or {patronymic.folded})
            and self.is_family_initial(family)
        )

    def has_initials(self, letters: str, *, is_acronym: bool) -> bool:
        """Return whether letters are the person's initials: «К. М.», «М. К.», «К. М. И.» or «М. И. К.» of Мария Ивановна Кузнецова."""
        family, given, patronymic = self.initials
        if not patronymic and not is_acronym:
            patronymic = frozenset(letters)  # an unknown one may be any
        orders = ((family, given), (given, family), (family, given, patronymic), (given, patronymic, family))
        return any(
            len(order) == len(letters) and all(each in forms for each, forms in zip(letters, order, strict=True))
            for order in orders
        )


def _in_its_parts(name: PersonName) -> PersonName:
    """Return the name with what was typed beside the given name, as in «Мария Ивановна» or «Мария Кузнецова», where it belongs."""
    words = name.given.split()
    if not name.patronymic and len(words) > 1 and (also := [w for w in words[1:] if is_patronymic(fold(w)[0])]):
        words.remove(also[0])
        name = PersonName(" ".join(words), name.family, also[0])
    if name.family or len(words) < 2:
        return name
    first = first_name(name.given)
    others = [word for word in words if word != first and not is_given_name(fold(word)[0])]
    return PersonName(first, " ".join(others or words[-1:]), name.patronymic)


def known_person(name: PersonName) -> KnownPerson:
    name = _in_its_parts(name)
    parts, given, patronymic = (
        [word.folded for word in words_of(part)] for part in (name.family, name.given, name.patronymic)
    )
    called = [each for name in given for each in (name, *diminutives_of(name))]
    return KnownPerson(
        _in_both_scripts(called),
        _in_both_scripts(patronymic),
        (_initials(parts), _initials(given), _initials(patronymic)),
    )


def spellings_of_family(name: PersonName, which: int) -> Iterator[Spelling]:
    """Yield the spellings of a family name, in Russian and in Latin letters; a number is no name."""
    name = _in_its_parts(name)
    parts = [word.folded for word in words_of(name.family) if word.folded.isalpha()]
    is_word = len(parts) == 1 and is_common(parts[0]) and not may_name_people(parts[0])
    for spelling in family_spellings(name.family, parts, which):
        yield Spelling(spelling.words, which, spelling.is_whole, is_word=is_word)
        # Whether a name in Latin letters is a word of another language, no dictionary here knows.
        is_other_word = is_word or any(part.isascii() for part in parts)
        yield Spelling(tuple(_keys(forms) for forms in spelling.words), which, spelling.is_whole, is_word=is_other_word)


def _in_both_scripts(words: Iterable[str]) -> Forms:
    forms = frozenset(form for word in words for form in forms_of(word))
    return forms | _keys(forms)


def _keys(forms: Iterable[str]) -> Forms:
    return frozenset(latin_key(spoken) for form in forms for spoken in (form, *_with_yo(form)))


def _with_yo(form: str) -> Iterator[str]:
    """Yield ``form`` with each «е» in turn as «ё» sounds: Королев is Korolev and Korolyov."""
    for at, letter in enumerate(form):
        if letter == "е":
            yield f"{form[:at]}о{form[at + 1 :]}"


def _initials(words: Sequence[str]) -> Forms:
    """Return the letters that stand for the first of ``words``: «ц», «c», «t»."""
    if not words or not words[0]:
        return frozenset()
    first = words[0][0]
    sounds = sounds_of(first)
    latin = {anyascii(first).lower()[:1], sounds[:1]}
    alike = {each for each in "abcehkmoptuxy" if in_one_script(f"{each}ъ")[0] == first}
    return frozenset({first} | latin | alike) - {""}
