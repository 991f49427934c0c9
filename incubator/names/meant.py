"""Whether words that fit a name are meant as one: capital letters, ordinary words, initials. Pure."""

import re
from collections.abc import Sequence

from incubator.names.dictionary import is_common, is_function_word, is_name
from incubator.names.folding import Word
from incubator.names.latin import is_latin_key
from incubator.names.spellings import Spelling, is_beside

_SHORTEST_LATIN = 5
#: What stands between two parts of one word.
_JOINS = frozenset({"", "-", "_", "+"})
#: A shorter word is a name only with a capital letter that does not merely begin a sentence.
_SHORT = 4
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
        return True
    if is_latin_key(word.folded) and word.end - word.start < _SHORTEST_LATIN:
        return True
    return spelling.is_word and not small.isdisjoint(spelling.words[0])


def are_initials(words: Sequence[Word], at: int) -> bool:
    """Return whether three letters with dots stand at ``at``, and no fourth one beside them."""
    first, second, third = words[at : at + 3]
    if not (first.is_initial and second.is_initial and third.is_initial):
        return False
    if second.before.strip() != "." or third.before.strip() != ".":
        return False
    return not (_is_initial_beside(words, at - 1, at) or _is_initial_beside(words, at + 3, at + 3))


def _is_initial_beside(words: Sequence[Word], which: int, second: int) -> bool:
    """Return whether the word ``which`` is an initial that belongs to its neighbour; ``second`` is the later one of both."""
    return 0 <= which < len(words) and words[which].is_initial and is_beside(words[second - 1], words[second])
