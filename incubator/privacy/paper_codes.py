"""The codes on paper consents. Pure."""

import re

from incubator.core.printed_codes import ALPHABET, typed_code

#: Characters: 80 bits for a family's page, which needs no account, and 60 for a sheet, which only those entitled can file.
FAMILY, SHEET = 16, 12

#: Codes of one family that open one page together.
CHILDREN = 8

_SHEET = re.compile(rf"/consents/sheet/([{ALPHABET}]{{{SHEET}}})\b")


def sheet_address(code: str) -> str:
    """Return the path that a sheet's QR code leads to."""
    return f"/consents/sheet/{code}"


def family_codes_in(typed: str) -> list[str]:
    """Return the codes for families that somebody typed one after the other, each once; none if it is something else."""
    codes = typed_code(re.sub(r"[,;+]", " ", typed))
    if len(codes) % FAMILY or len(codes) > FAMILY * CHILDREN:
        return []
    return list(dict.fromkeys(codes[n : n + FAMILY] for n in range(0, len(codes), FAMILY)))


def sheet_code_in(text: str) -> str:
    """Return the code of a sheet from what its QR code says; empty if it is another QR code."""
    found = _SHEET.search(text)
    return found[1] if found else ""
