"""Ways to write a name, and where in a text one of them begins. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from incubator.core.text import quoted_names
from incubator.names.declension import forms_of, plural_forms_of
from incubator.names.folding import Word, words_of

#: What may stand between two words of one name: blanks, emphasis, a dot after an initial, a hyphen or an apostrophe.
_BETWEEN = re.compile(r"[\s*_~`'-]*(?P<dot>\.?)[\s*_~`-]*")
#: What may stand inside the name of an organisation; a dot only after an abbreviation.
_INSIDE = re.compile(r"(?P<dot>\.?)[#\s\"'(&+/№*_~`-]{0,8}")
_LONGEST_ABBREVIATION = 4
#: Letters that stand for "№".
_NUMBER_SIGNS = frozenset({"n", "no", "номер", "номера", "номером", "номеру"})
#: A school by its number, whatever it is called.
_SCHOOLS = ("школа", "сош", "оош", "лицей", "гимназия")
Forms = frozenset[str]
Between = Callable[[Word, Word], bool]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a name: the forms of its words, in order."""

    words: tuple[Forms, ...]
    which: int
    is_whole: bool = True
    """Otherwise it is a part of a double name, and counts only with a capital letter."""
    is_word: bool = False
    """It is an ordinary word after which hardly anybody is called, such as «Проект»."""


@dataclass(slots=True)
class SpellingIndex:
    """Spellings by every form of their first word."""

    by_first: dict[str, list[Spelling]] = field(default_factory=dict)

    def add(self, spelling: Spelling) -> None:
        for form in spelling.words[0]:
            self.by_first.setdefault(form, []).append(spelling)

    def longest_at(self, words: Sequence[Word], at: int, between: Between) -> list[Spelling]:
        """Return the spellings that begin at word ``at``, only those with the most words."""
        fitting = [s for s in self.by_first.get(words[at].folded, ()) if _fits(s, words, at, between)]
        most = max((len(s.words) for s in fitting), default=0)
        return [s for s in fitting if len(s.words) == most]


def _fits(spelling: Spelling, words: Sequence[Word], at: int, between: Between) -> bool:
    if at + len(spelling.words) > len(words):
        return False
    return all(
        words[at + n].folded in forms and between(words[at + n - 1], words[at + n])
        for n, forms in enumerate(spelling.words)
        if n
    )


def is_beside(word: Word, after: Word) -> bool:
    m = _BETWEEN.fullmatch(after.before)
    return m is not None and (not m["dot"] or len(word.folded) == 1)


def is_inside(word: Word, after: Word) -> bool:
    m = _INSIDE.fullmatch(after.before)
    return m is not None and (not m["dot"] or (len(word.folded) <= _LONGEST_ABBREVIATION and word.folded.isalpha()))


def family_spellings(family: str, parts: Sequence[str], which: int) -> Iterator[Spelling]:
    if not parts:
        return
    yield Spelling(tuple(forms_of(part) for part in parts), which)
    if len(parts) > 1:
        for part in parts:
            if len(part) > 3:
                yield Spelling((forms_of(part),), which, is_whole=False)
    # «О'Коннор» is also written with a blank or a hyphen.
    apart = [word.folded for word in words_of(re.sub(r"['’ʼ‘`´′]", " ", family))]
    if apart != list(parts):
        yield Spelling(tuple(forms_of(part) for part in apart), which)


def phrase_spellings(phrase: str) -> Iterator[tuple[Forms, ...]]:
    """Yield a name, what stands in its quotation marks, and a school by its number."""
    for part in dict.fromkeys((phrase, *quoted_names(phrase))):
        words = [word.folded for word in without_number_signs(words_of(part))]
        if sum(map(len, words)) >= 3:
            yield tuple(forms_of(word) | plural_forms_of(word) for word in words)
    yield from _numbered(words_of(phrase))


def _numbered(words: Sequence[Word]) -> Iterator[tuple[Forms, ...]]:
    numbers = [word.folded for word in words if word.folded.isdigit()]
    if len(numbers) == 1 and any(word.folded in _SCHOOLS or word.folded == "школы" for word in words):
        school = frozenset(form for each in _SCHOOLS for form in forms_of(each))
        yield (school, frozenset(numbers))
        yield (frozenset(numbers), school)
        yield (frozenset(numbers), frozenset({"я", "ой", "й", "ю", "го", "му", "м"}), school)


def without_number_signs(words: Sequence[Word]) -> list[Word]:
    """Return the words without «N», «No.», «номер» before a number."""
    kept: list[Word] = []
    for word in words:
        if word.folded.isdigit() and kept and kept[-1].folded in _NUMBER_SIGNS:
            word = replace(word, before=kept.pop().before)
        kept.append(word)
    return kept
