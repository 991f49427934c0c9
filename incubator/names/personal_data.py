"""Finding what says who or where somebody is: names, telephone numbers, addresses, papers, dates of birth, ages, classes. Pure.

What it cannot find: a nickname, a home that is only described, a birthday without a name or a word that says so, an age
that does not stand beside a name. An organiser reads the text anyway.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from incubator.language.dictionary import is_common, is_family_genitive
from incubator.names import personal_patterns as patterns
from incubator.names.folding import fold
from incubator.names.matcher import NameMatcher
from incubator.names.mentions import FoundName, NameKind
from incubator.names.streets import STREETS


class PersonalKind(StrEnum):
    PERSON = "person"
    EMAIL = "email"
    HANDLE = "handle"
    """A name in a messenger or social network, or an address there."""
    PHONE = "phone"
    HOME = "home"
    """A street with a number, a flat, a postal address, a point on the map."""
    PAPER = "paper"
    """The number of a passport, of an insurance, of a bank card."""
    BIRTH = "birth"
    """A date of birth; beside a name also an age or a class."""


@dataclass(frozen=True, slots=True)
class Mention:
    """``start`` and ``end`` are places in the text as it was written; ``who``: numbers of the people it may mean."""

    start: int
    end: int
    kind: PersonalKind
    who: frozenset[int] = frozenset()


_KINDS = {
    NameKind.PERSON: PersonalKind.PERSON,
    NameKind.EMAIL: PersonalKind.EMAIL,
    NameKind.HANDLE: PersonalKind.HANDLE,
    NameKind.PHONE: PersonalKind.PHONE,
}


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_PATTERNS = {
    PersonalKind.HOME: _compiled((*patterns.HOMES, *patterns.HOMES_BY_NAME)),
    PersonalKind.PAPER: _compiled(patterns.PAPERS),
    PersonalKind.BIRTH: _compiled(patterns.BIRTHS),
}
_DATE_BEHIND, _DATE_BEFORE = re.compile(patterns.DATE_BEHIND), re.compile(patterns.DATE_BEFORE)
_LONGEST_DATE = 60
#: All of these have a digit or such a word.
_TELLING = re.compile(r"\d|классни|надцатилетн")
_LIKE_STREETS = ("ова", "ева", "ина", "ского", "цкого", "цкая")


def mentions_in(text: str, people: NameMatcher) -> list[Mention]:
    """Return everything found, in order, none overlapping. ``people`` finds names and contacts."""
    named = people.find(text)
    found = [Mention(each.start, each.end, _KINDS[each.kind], each.which) for each in named if each.kind in _KINDS]
    return _joined([*found, *places_in(text, people, named)])


def places_in(text: str, people: NameMatcher, named: Iterable[FoundName]) -> Iterator[Mention]:
    """Yield homes, papers and dates of birth; ``named``: what ``people`` found."""
    folded, places = fold(text)
    if not _TELLING.search(folded):
        return
    names = {
        *people.called_in(text),
        *((each.start, each.end) for each in named if each.kind is NameKind.PERSON),
    }
    yield from _by_pattern(text, folded, places)
    yield from _dates_beside(names, folded, places)


def _by_pattern(text: str, folded: str, places: Sequence[int]) -> Iterator[Mention]:
    for kind, compiled in _PATTERNS.items():
        for pattern in compiled:
            for each in pattern.finditer(folded):
                if "street" in pattern.groupindex and not _is_street(
                    each["street"], text[places[each.start("street")]]
                ):
                    continue
                yield _mention(each, each.lastgroup if each.lastgroup != "street" else None, folded, places, kind)


def _mention(each: re.Match[str], group: str | None, folded: str, places: Sequence[int], kind: PersonalKind) -> Mention:
    start, end = each.span(group or 0)
    while end > start and folded[end - 1] in " ,.(:-":
        end -= 1
    return Mention(places[start], places[end - 1] + 1, kind)


def _is_street(word: str, first: str) -> bool:
    """Return whether people call a street so: «Ленина», «Школьная», «Мира»; not «Глава», «Ленинград»."""
    is_like_one = word.endswith(_LIKE_STREETS) and not is_common(word)
    return first.isupper() and (is_family_genitive(word) or word in STREETS or word.endswith("ская") or is_like_one)


def _dates_beside(names: Iterable[tuple[int, int]], folded: str, places: Sequence[int]) -> Iterator[Mention]:
    """Yield dates that could be of birth, ages and classes, right before or behind somebody's name."""
    for start, end in names:
        if found := _DATE_BEHIND.match(folded, bisect_left(places, end)):
            yield _mention(found, "date", folded, places, PersonalKind.BIRTH)
        at = bisect_left(places, start)
        if found := _DATE_BEFORE.search(folded, max(0, at - _LONGEST_DATE), at):
            yield _mention(found, None, folded, places, PersonalKind.BIRTH)


def _joined(found: list[Mention]) -> list[Mention]:
    """Return ``found`` with those that overlap made one, of the kind of the longest."""
    kept: list[Mention] = []
    for each in sorted(found, key=lambda m: (m.start, -m.end)):
        last = kept[-1] if kept else None
        if last is None or each.start >= last.end:
            kept.append(each)
            continue
        longest = last if last.end - last.start >= each.end - each.start else each
        kept[-1] = Mention(last.start, max(last.end, each.end), longest.kind, last.who | each.who)
    return kept
