"""A visitor's search and filters, as expressed in the catalogue's address. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from incubator.core import limits
from incubator.core.text import clean_line
from incubator.programme.stages import Stage
from incubator.publication.facets import FACETS, GRADUATED

CATALOGUE = "/showcase"

#: Selectable orders; empty: by relevance if there are words, else newest first.
SORTS = ("newest", "graduated")

STAGES = (*(stage.value for stage in Stage), GRADUATED)

#: Format of a cursor.
AFTER = "([01])[.]([1-9][0-9]{0,8})"
_AFTER = re.compile(AFTER)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last card of the previous page: its tier (0: words in the title) and its place."""

    tier: int
    place: int

    def __str__(self) -> str:
        return f"{self.tier}.{self.place}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        found = _AFTER.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Wish:
    """A search with filters; empty means any."""

    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """Value by facet; only chosen ones."""
    sort: str = ""
    after: Cursor | None = None

    @classmethod
    def of(cls, query: Any) -> "Wish":
        """Parse query parameters; invalid ones are ignored."""
        sort = str(query.get("sort", ""))
        values = {name: clean_line(str(query.get(name, ""))[: limits.FILTER_VALUE]) for name in FACETS}
        if values["stage"] not in STAGES:
            values["stage"] = ""
        return cls(
            words=clean_line(str(query.get("q", ""))[: limits.SEARCH_WORDS]),
            chosen={name: value for name, value in values.items() if value},
            sort=sort if sort in SORTS else "",
            after=Cursor.read(str(query.get("after", ""))),
        )

    @property
    def is_any(self) -> bool:
        return not (self.words or self.chosen)

    def value(self, facet: str) -> str:
        return self.chosen.get(facet, "")

    def query(self, **changes: Any) -> str:
        """Return the query string with ``changes``; any change except of ``after`` returns to the first page."""
        values = {"q": self.words, **self.chosen, "sort": self.sort, **changes}
        kept = {name: str(values[name]) for name in ("q", *FACETS, "sort", "after") if values.get(name)}
        return urlencode(kept)

    def url(self, path: str = CATALOGUE, **changes: Any) -> str:
        """Return the address for this search with ``changes``."""
        query = self.query(**changes)
        return f"{path}?{query}" if query else path

    def canonical(self) -> str:
        """Return the address for search engines: the whole catalogue or a single filter, not every combination."""
        is_own = not self.words and len(self.chosen) <= 1 and not self.sort
        return self.url(after=self.after or "") if is_own else CATALOGUE
