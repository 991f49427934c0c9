"""Masking the authors of a text, as far as words can identify them. Pure.

An aid for double-blind seasons, not a guarantee: `names/matcher.py` says what it cannot find, and a detailed
description of one's own school is still recognisable. The pages of mentors and seasons say so.
"""

from collections.abc import Iterable

from incubator.names.inside_html import replaced_in_html
from incubator.names.matcher import NameMatcher, PersonName

MASK = "▮▮▮"


class Mask:
    """Replaces the names of people, of the team and its school, and addresses of mail and networks."""

    def __init__(self, people: Iterable[PersonName] = (), phrases: Iterable[str] = ()) -> None:
        self._matcher = NameMatcher(people, phrases, contacts=True)

    def __call__(self, text: str) -> str:
        return self._matcher.replaced(text, MASK)

    def html(self, html: str) -> str:
        return replaced_in_html(html, self._matcher.find, MASK)


class _NoMask(Mask):
    """Hides nothing: for seasons in which mentors know the teams."""

    def __call__(self, text: str) -> str:
        return text

    def html(self, html: str) -> str:
        return html


NO_MASK: Mask = _NoMask()
