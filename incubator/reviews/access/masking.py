"""Masking the authors of a text, as far as words can identify them. Pure.

An aid for double-blind seasons, not a guarantee: `names/matcher.py` says what it cannot find, and a detailed
description of one's own school is still recognisable. The pages of mentors and seasons say so.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from incubator.names.inside_html import replaced_in_html
from incubator.names.matcher import NameMatcher, PersonName
from incubator.names.mentions import FoundName, NameKind, joined, replaced
from incubator.names.personal_data import places_in

MASK = "▮▮▮"

#: Between cells of a table: what is said in several of them is read in one go. Lengths stay.
_EDGE = re.compile(r"(?<!\\)\|")
_RUN = re.compile(r"[^\s|()<>]+")


class Mask:
    """Replaces the names of people, also a given name alone, of the team and its school, contacts, homes, papers and dates of birth."""

    def __init__(self, people: Iterable[PersonName] = (), phrases: Iterable[str] = ()) -> None:
        self._matcher = NameMatcher(people, phrases, contacts=True, given_alone=True)

    def __call__(self, text: str) -> str:
        across = self._find(_EDGE.sub(" ", text)) if "|" in text else ()
        return replaced(text, joined([*self._find(text), *across]), MASK)

    def html(self, html: str) -> str:
        return replaced_in_html(html, self._find, MASK)

    def _find(self, text: str) -> list[FoundName]:
        return joined([*self._said(text), *self._encoded(text)])

    def _said(self, text: str) -> list[FoundName]:
        found = self._matcher.find(text)
        places = places_in(text, self._matcher, found)
        return [*found, *(FoundName(each.start, each.end, NameKind.PLACE) for each in places)]

    def _encoded(self, text: str) -> Iterator[FoundName]:
        """Yield the words in which letters of an address, written as «%D0%9A», say a name."""
        for run in _RUN.finditer(text) if "%" in text else ():
            if "%" in run[0] and self._said(unquote(run[0])):
                yield FoundName(run.start(), run.end(), NameKind.PLACE)


class _NoMask(Mask):
    """Hides nothing: for seasons in which mentors know the teams."""

    def __call__(self, text: str) -> str:
        return text

    def html(self, html: str) -> str:
        return html


NO_MASK: Mask = _NoMask()
