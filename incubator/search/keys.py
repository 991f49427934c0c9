"""What a word is found by: its basic forms. Pure.

A word of the dictionary has the basic forms of everything that it may be a form of, «стали» those of «сталь» and «стать»; any
other word has its stem. Two words are the same to search if they have one key in common.
"""

from functools import lru_cache

from incubator.language.dictionary import inflected, lemmas, lemmas_within
from incubator.language.scripts import is_cyrillic
from incubator.search.stemming import stem, words

#: The keys of one word, in order.
Keys = tuple[str, ...]

#: A word that nobody knows and that has no more letters than this is an abbreviation: it has no ending.
_ABBREVIATION = 3
#: Letters from which on the dictionary completes a word, and up to how many of its forms are read for that.
_COMPLETED_FROM, _MOST_FORMS = 4, 200
#: Between the keys of one word in a stored text.
_OR = "|"


@lru_cache(maxsize=20_000)
def keys_of(word: str) -> Keys:
    """Return the keys of one folded word."""
    known = lemmas(word) if is_cyrillic(word) else ()
    if known:
        return tuple(sorted(known))
    return (stem(word) if word.isalpha() and len(word) > _ABBREVIATION else word,)


def keys(text: str) -> list[Keys]:
    """Return the keys of each word in order."""
    return [keys_of(word) for word in words(text)]


def index_of(*texts: str) -> str:
    """Return the keys of all words in order: the text that is stored with a publication."""
    return " ".join(_OR.join(each) for text in texts for each in keys(text))


def keys_in(index: str) -> set[str]:
    """Return all keys in what ``index_of`` returned."""
    return set(index.replace(_OR, " ").split())


def words_in(index: str) -> list[Keys]:
    """Return the keys of each word in what ``index_of`` returned."""
    return [tuple(word.split(_OR)) for word in index.split()]


@lru_cache(maxsize=200)
def completions(start: str) -> Keys:
    """Return the keys of what an incomplete word may become where they begin otherwise: «рынк» of «рынок»."""
    if len(start) < _COMPLETED_FROM or not is_cyrillic(start):
        return ()
    return tuple(sorted(key for key in lemmas_within(start, _MOST_FORMS) if not key.startswith(start)))


def forms_of(key: str) -> frozenset[str]:
    """Return the forms of a key that is in the dictionary; of any other one the key, with which its words begin.

    Not remembered: a verb has more than a hundred.
    """
    return inflected(key) | {key}
