"""Masking the authors of a text, as far as words can identify them. Pure.

An aid for double-blind seasons, not a guarantee: `names/matcher.py` says what it cannot find, and a detailed
description of one's own school is still recognisable. The pages of mentors and seasons say so.
"""

from collections.abc import Iterable

from incubator.names.inside_html import replaced_in_html
from incubator.names.matcher import NameMatcher, PersonName
from incubator.names.mentions import FoundName, NameKind, joined, replaced
from incubator.names.personal_data import places_in

MASK = "▮▮▮"


class Mask:
    """Replaces the names of people, of the team and its school, contacts, homes, papers and dates of birth."""

    def __init__(self, people: Iterable[PersonName] = (), phrases: Iterable[str] = ()) -> None:
        self._matcher = NameMatcher(people, phrases, contacts=True)

    def __call__(self, text: str) -> str:
        return replaced(text, self._find(text), MASK)

    def html(self, html: str) -> str:
        return replaced_in_html(html, self._find, MASK)

    def _find(self, text: str) -> list[FoundName]:
        found = self._matcher.find(text)
        places = places_in(text, self._matcher, found)
        return joined([*found, *(FoundName(each.start, each.end, NameKind.PLACE) for each in places)])


class _NoMask(Mask):
    """Hides nothing: for seasons in which mentors know the teams."""

    def __call__(self, text: str) -> str:
        return text

    def html(self, html: str) -> str:
        return html


NO_MASK: Mask = _NoMask()
