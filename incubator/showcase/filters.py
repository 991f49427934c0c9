"""A visitor's search and filters, as expressed in the catalogue's address. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from incubator.core import limits
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.text import clean_line
from incubator.programme.stages import Stage
from incubator.publication.facets import FACETS, GRADUATED
from incubator.search.query import in_quotes

CATALOGUE = "/showcase"

#: Selectable orders; empty: by relevance if there are words, else newest first.
SORTS = ("newest", "graduated")

STAGES = (*(stage.value for stage in Stage), GRADUATED)

#: Format of a cursor.
AFTER = "([0-2])[.]([1-9][0-9]{0,8})"
_AFTER = re.compile(AFTER)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last card of the previous page: its tier (0: words in the title, 2: words that are only like them) and its place."""

    tier: int
    place: int

    def __str__(self) -> str:
        return f"{self.tier}.{self.place}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        found = _AFTER.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None


class TooManyValues(Refusal):
    """A filter names more values than it may; to show what some of them find would be another answer than the one asked for."""

    status = 400

    def __init__(self) -> None:
        super().__init__(
            _(
                "В одном условии может быть не больше значений, чем %(n)s. Уберите часть из адреса.",
                n=limits.FILTER_VALUES,
            )
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """A search with filters; empty means any."""

    words: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by facet, sorted, each once; only facets with a choice. One of its values is enough to pass a facet; every facet must be passed."""
    sort: str = ""
    after: Cursor | None = None

    @classmethod
    def of(cls, query: Iterable[tuple[str, str]]) -> "Wish":
        """Parse query parameters, in any order; invalid ones are ignored. Raises TooManyValues."""
        said: dict[str, list[str]] = {}
        for name, value in query:
            said.setdefault(name, []).append(value)

        def first(name: str) -> str:
            return said.get(name, [""])[0]

        chosen = {name: _values(name, said[name]) for name in FACETS if name in said}
        return cls(
            words=_clean(first("q"), limits.SEARCH_WORDS),
            chosen={name: values for name, values in chosen.items() if values},
            sort=first("sort") if first("sort") in SORTS else "",
            after=Cursor.read(first("after")),
        )

    @property
    def is_any(self) -> bool:
        return not (self.words or self.chosen)

    @property
    def exactly(self) -> "Wish | None":
        """Return the same with each word in quotes, for which nothing else is searched; None if there are quotes already."""
        quoted = in_quotes(self.words)
        return replace(self, words=quoted, after=None) if quoted and len(quoted) <= limits.SEARCH_WORDS else None

    def values(self, facet: str) -> tuple[str, ...]:
        return self.chosen.get(facet, ())

    def toggled(self, facet: str, value: str) -> tuple[str, ...]:
        """Return the values of ``facet`` without ``value`` if it is among them, else with it."""
        return tuple(sorted({value} ^ set(self.values(facet))))

    def query(self, **changes: Any) -> str:
        """Return the query string with ``changes``; any change except of ``after`` returns to the first page.

        Sorted, so that there is one for each search (``catalogue.js`` sorts in the same way).
        """
        said = {"q": self.words, **self.chosen, "sort": self.sort, **changes}
        given = sorted((name, each if isinstance(each, tuple) else str(each)) for name, each in said.items() if each)
        return urlencode(given, doseq=True)

    def url(self, path: str = CATALOGUE, **changes: Any) -> str:
        """Return the address for this search with ``changes``."""
        query = self.query(**changes)
        return f"{path}?{query}" if query else path

    def canonical(self) -> str:
        """Return the address for search engines: the whole catalogue or a single value, not every combination."""
        is_own = not self.words and sum(map(len, self.chosen.values())) <= 1 and not self.sort
        return self.url(after=self.after or "") if is_own else CATALOGUE


def _values(facet: str, said: Iterable[str]) -> tuple[str, ...]:
    given = {each for each in said if each}
    if len(given) > limits.FILTER_VALUES:
        raise TooManyValues
    values = {_clean(each, limits.FILTER_VALUE) for each in given} - {""}
    return tuple(sorted(values & set(STAGES) if facet == "stage" else values))


def _clean(text: str, longest: int) -> str:
    return clean_line(text[:longest])
