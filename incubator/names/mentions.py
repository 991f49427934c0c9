"""A name found in a text. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class NameKind(StrEnum):
    PERSON = "person"
    PHRASE = "phrase"
    """The name of an organisation or a team."""
    EMAIL = "email"
    HANDLE = "handle"
    """A name in a messenger or social network, or an address there."""
    PHONE = "phone"
    PLACE = "place"
    """What only ``personal_data.py`` finds: a home, a paper, a date of birth."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """``start`` and ``end`` are places in the text as it was written; ``which`` are numbers of the names it fits."""

    start: int
    end: int
    kind: NameKind
    which: frozenset[int] = frozenset()


def joined(found: Iterable[FoundName]) -> list[FoundName]:
    """Return ``found`` in order, with those that overlap made one; the longer one says what it is and whom it fits."""
    kept: list[FoundName] = []
    for each in sorted(found, key=lambda f: (f.start, -f.end)):
        if kept and each.start < kept[-1].end:
            kept[-1] = _one(kept[-1], each)
        else:
            kept.append(each)
    return kept


def _one(first: FoundName, second: FoundName) -> FoundName:
    """Return one for two that overlap; ``first`` begins earlier or ends later."""
    end = max(first.end, second.end)
    longer = first if first.end - first.start >= second.end - second.start else second
    is_equal = (first.start, first.end, first.kind) == (second.start, second.end, second.kind)
    return FoundName(first.start, end, longer.kind, first.which | second.which if is_equal else longer.which)


def replaced(text: str, found: Iterable[FoundName], by: str) -> str:
    """Return ``text`` with everything that was found replaced."""
    parts: list[str] = []
    last = 0
    for each in found:
        parts += [text[last : each.start], by]
        last = each.end
    return "".join([*parts, text[last:]])
