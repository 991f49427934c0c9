"""Codes that are printed and typed: short enough to type, long enough that nobody guesses one. Pure."""

import re
import secrets

#: Without letters and digits that look alike (Crockford's base 32): five bits a character.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_LOOK_ALIKE = str.maketrans("OILАВСЕНКМОРТХ", "011ABCEHKM0PTX")
_BETWEEN = re.compile(r"[\s\-–—_.]")


def new_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(length))


def typed_code(text: str) -> str:
    """Return a code as it is stored, from what somebody typed: in any case, with dashes and blanks, in Cyrillic letters that look alike."""
    plain = _BETWEEN.sub("", text).upper().translate(_LOOK_ALIKE)
    return plain if all(letter in ALPHABET for letter in plain) else ""


def in_groups(code: str, between: str = "-") -> str:
    """Return the code as it is shown: ``ABCD-EFGH-JKMN``."""
    return between.join(code[n : n + 4] for n in range(0, len(code), 4))
