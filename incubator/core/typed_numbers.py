"""Numbers as people type them in Russian or English: «1 200,50», «1.200,50», «12 тыс.», «1,5 млн ₽». Pure."""

import re
from decimal import Decimal
from functools import lru_cache

#: The largest amount that is taken for meant: a thousand billion.
LARGEST = Decimal(10) ** 12

_BLANKS = re.compile(r"[\s'’_]")
_MINUS = re.compile(r"^[-−–]")
_MULTIPLIERS = (
    (re.compile(r"(?:млрд|bn)\.?$"), Decimal(10) ** 9),
    (re.compile(r"(?:млн|mln|m)\.?$"), Decimal(10) ** 6),
    (re.compile(r"(?:тыс(?:яч[аи]?)?|т|к|k)\.?$"), Decimal(10) ** 3),
)
_CURRENCY = re.compile(r"(?:₽|руб(?:л(?:ей|я|ь))?\.?|rub|р\.?|%)$")
_PLAIN = re.compile(r"\d*\.?\d+|\d+\.")


class NotANumber(ValueError):
    """The text is no number, or larger than anybody means."""


@lru_cache(2048)
def typed_number(text: str, *, places: int = 2) -> Decimal:
    """Return the number that somebody typed, with at most ``places`` decimal places.

    The last of comma and point parts the fraction, all before it group thousands. A single one with exactly three digits behind
    it groups, too, where so many decimal places are not asked for: «1.200 ₽» is not one rouble and twenty kopecks.
    Raises NotANumber.
    """
    plain = _BLANKS.sub("", text).casefold()
    plain = _CURRENCY.sub("", plain)
    factor = Decimal(1)
    for ending, times in _MULTIPLIERS:
        if ending.search(plain):
            plain, factor = ending.sub("", plain), times
            break
    is_negative = bool(_MINUS.match(plain))
    plain = _with_point(_MINUS.sub("", plain), places if factor == 1 else 9)
    if len(plain) > 40 or not plain.isascii() or not _PLAIN.fullmatch(plain):
        raise NotANumber(text)
    number = Decimal(plain) * factor
    if number > LARGEST or number != round(number, places):
        raise NotANumber(text)
    number = number.quantize(Decimal(1).scaleb(-places)).normalize()
    return -number if is_negative else number


def _with_point(digits: str, places: int) -> str:
    """Return the digits without grouping, a point before the fraction."""
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return digits
    whole, mark, rest = digits[:last], digits[last], digits[last + 1 :]
    other = "." if mark == "," else ","
    if other in whole:  # «1.200,50»: what stands before the last one groups
        return f"{_ungrouped(whole, other)}.{rest}" if mark not in whole else digits + "?"
    if mark in whole:  # «1,234,567»
        return _ungrouped(digits, mark)
    is_grouping = len(rest) == 3 and places < 3 and 0 < len(whole) <= 3 and whole != "0"
    return whole + rest if is_grouping else f"{whole}.{rest}"


def _ungrouped(digits: str, mark: str) -> str:
    """Return the digits without grouping marks; something that is no number if the groups are not of three."""
    first, *groups = digits.split(mark)
    return "".join((first, *groups)) if 0 < len(first) <= 3 and all(len(group) == 3 for group in groups) else "?"


def plain_number(number: Decimal) -> str:
    """Return the number as it is stored and typed again in any language: «1200.5»."""
    return f"{number:f}"
