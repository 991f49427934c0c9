"""Whether words that fit a name are meant as one: capital letters, ordinary words, initials. Pure."""

import re
from collections.abc import Sequence

from incubator.language.dictionary import is_common, is_function_word, is_given_name, is_known, is_name
from incubator.names.folding import Word
from incubator.names.latin import is_latin_key
from incubator.names.spellings import Spelling, is_beside

_SHORTEST_LATIN = 5
#: What stands between two parts of one word.
_JOINS = frozenset({"", "-", "_", "+"})
#: A shorter word is a name only with a capital letter that does not merely begin a sentence.
_SHORT = 4
#: Words with which no sentence begins: a capital letter there is that of «Ли».
_ENCLITICS = frozenset({"ли", "ль", "же", "бы", "ка", "де"})
_BEGINS = re.compile(r"[.!?…:]|^\s*[-*#>]")


def lowered(words: Sequence[Word]) -> frozenset[str]:
    """Return the words that stand somewhere without a capital letter."""
    return frozenset(word.folded for word in words if not word.is_capital)


def name_somebody(words: Sequence[Word]) -> bool:
    """Return whether words that fit a name are meant so: «наш проект» is not, whoever is called that."""
    return any(word.is_capital or is_name(word.folded) or not is_common(word.folded) for word in words)


def counts(words: Sequence[Word], spelling: Spelling, has_initial: bool, is_first: bool, small: frozenset[str]) -> bool:
    """Return whether a family name without a given name beside it is meant as a name."""
    word = words[0]
    if any(each.is_capital for each in words):
        return has_initial or not may_be_word(words, spelling, is_first, small)
    if word.folded.isdigit() or not spelling.is_whole or len(word.folded) < _SHORT:
        return False
    if is_latin_key(word.folded):
        return not spelling.is_word and word.end - word.start >= _SHORTEST_LATIN
    return not is_common(word.folded)


def calls_somebody(words: Sequence[Word], at: int, small: frozenset[str]) -> bool:
    """Return whether a given name that stands alone is meant as one: not where the text has it as a word, nor «Мария Кюри», who is another."""
    word = words[at]
    shortest = _SHORT if is_latin_key(word.folded) else _SHORT - 1
    if not word.is_capital or word.end - word.start < shortest:
        return False
    if (at == 0 or _BEGINS.search(word.before)) and word.folded in small:
        return False
    return not any(_is_family_of_another(words, at, beside) for beside in (at - 1, at + 1))


def _is_family_of_another(words: Sequence[Word], at: int, beside: int) -> bool:
    if not 0 <= beside < len(words) or not is_beside(*words[min(at, beside) : max(at, beside) + 1]):
        return False
    word = words[beside]
    return word.is_capital and is_name(word.folded) and not is_given_name(word.folded)


def is_part(words: Sequence[Word], at: int, last: int) -> bool:
    """Return whether a short word in Latin letters is only a part of another: «Ju» of «JuMP», «Li» of «Li-ion»."""
    if not is_latin_key(words[at].folded) or words[at].end - words[at].start >= _SHORTEST_LATIN:
        return False
    after = words[last + 1].before if last + 1 < len(words) else " "
    return (at > 0 and words[at].before in _JOINS) or after in _JOINS


def may_be_word(words: Sequence[Word], spelling: Spelling, is_first: bool, small: frozenset[str]) -> bool:
    """Return whether a capital letter only shows that a sentence begins.

    What is an ordinary word elsewhere in the same text is one here, too: whoever calls themselves «Проект» hides no «Проект».
    """
    word = words[0]
    if not (is_first or _BEGINS.search(word.before)):
        return False
    if len(word.folded) < _SHORT and is_function_word(word.folded):
        return word.folded not in _ENCLITICS
    if is_latin_key(word.folded) and word.end - word.start < _SHORTEST_LATIN:
        return True
    return spelling.is_word and not small.isdisjoint(spelling.words[0])


def initials_at(words: Sequence[Word], at: int) -> str:
    """Return the two or three letters at ``at`` that stand for a whole name: «К. М.», «К. М. И.», «КМИ»; empty if none do.

    A fourth letter beside them, or a name that they belong to, as in «М. К. Аммосов», makes them something else.
    """
    if words[at].is_acronym:
        return words[at].folded
    count = 0
    while count < _MOST_INITIALS and _is_initial_at(words, at, at + count):
        count += 1
    is_closed = at + count == len(words) or words[at + count].before.startswith(".")
    if not 1 < count < _MOST_INITIALS or (count == 2 and not is_closed):
        return ""
    if _belongs_to_a_name(words, at - 1, at) or _belongs_to_a_name(words, at + count, at + count):
        return ""
    return "".join(word.folded for word in words[at : at + count])


def is_initial_before(words: Sequence[Word], at: int) -> bool:
    """Return whether a single letter with a dot stands at ``at``, before a name: «К. Мария», and not «А. К. Мария»."""
    if not words[at].is_initial or not words[at + 1].is_capital or not words[at + 1].before.startswith("."):
        return False
    return not _belongs_to_a_name(words, at - 1, at)


_MOST_INITIALS = 4


def _is_initial_at(words: Sequence[Word], first: int, at: int) -> bool:
    if at >= len(words) or not words[at].is_initial:
        return False
    return at == first or words[at].before.strip() == "."


def _belongs_to_a_name(words: Sequence[Word], which: int, second: int) -> bool:
    """Return whether the word ``which`` is an initial or a name beside initials; ``second`` is the later one of both."""
    if not 0 <= which < len(words) or not is_beside(words[second - 1], words[second]):
        return False
    word = words[which]
    return word.is_capital and (word.is_initial or is_name(word.folded) or not is_known(word.folded))
