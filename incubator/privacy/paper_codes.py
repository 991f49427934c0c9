"""Codes that are printed: short enough to type, long enough that nobody guesses one. Pure."""

import re
import secrets

#: Without letters and digits that look alike (Crockford's base 32): five bits a character.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Characters: 80 bits for a family's page, which needs no account, and 60 for a sheet, which only those entitled can file.
FAMILY, SHEET = 16, 12

_LOOK_ALIKE = str.maketrans("OILАВСЕНКМОРТХ", "011ABCEHKM0PTX")
_SHEET = re.compile(rf"/consents/sheet/([{ALPHABET}]{{{SHEET}}})\b")


def new_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(length))


def typed_code(text: str) -> str:
    """Return a code as it is stored, from what somebody typed: in any case, with dashes and blanks, in Cyrillic letters that look alike."""
    plain = re.sub(r"[\s\-–—_.]", "", text).upper().translate(_LOOK_ALIKE)
    return plain if all(letter in ALPHABET for letter in plain) else ""


def in_groups(code: str) -> str:
    """Return the code as it is printed: ``ABCD-EFGH-JKMN``."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def sheet_address(code: str) -> str:
    """Return the path that a sheet's QR code leads to."""
    return f"/consents/sheet/{code}"


def sheet_code_in(text: str) -> str:
    """Return the code of a sheet from what its QR code says; empty if it is another QR code."""
    found = _SHEET.search(text)
    return found[1] if found else ""
