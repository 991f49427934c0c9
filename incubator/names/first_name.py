"""What somebody may be called where the family name is nobody's business, whatever they typed as their given name. Pure."""

import unicodedata

from incubator.language.dictionary import is_given_name
from incubator.names.folding import fold

_IN_NAMES = frozenset("'’ʼ‘`-.")


def name_words(typed: str) -> list[str]:
    """Return the words of a typed name that are letters: no addresses, numbers and signs."""
    return [word for word in typed.split() if word[0].isalpha() and all(map(_may_be_in_name, word))]


def first_name(typed: str) -> str:
    """Return the given name alone: «Мария» of «Кузнецова Мария», «Маша» of «Маша @masha_k»; empty if there is none."""
    words = name_words(typed)
    return next((word for word in words if is_given_name(fold(word)[0])), words[0] if words else "")


def _may_be_in_name(character: str) -> bool:
    return character in _IN_NAMES or unicodedata.category(character)[0] in "LM"
