"""The catalogue: published projects, searched, filtered, counted and paged."""

from dataclasses import dataclass, replace
from typing import Any

from pyroaring import BitMap

from incubator.attachments.showing import public_among
from incubator.db.conditions import among
from incubator.projects.kinds.file_ref import FileRef
from incubator.publication.entry import found_by
from incubator.publication.facets import GRADUATED
from incubator.publication.tables import Publication
from incubator.publication.withdrawals import projects_with_lapsed_names
from incubator.search.postings import EVERYTHING, counts_within
from incubator.search.query import parse
from incubator.showcase.facet_sets import Counts, facet_sets
from incubator.showcase.filters import Wish
from incubator.showcase.graduation_order import graduation_page
from incubator.showcase.paging import Order, Page
from incubator.showcase.search import Matches, matches

PER_PAGE = 24

_project: Any = Publication.project

CARD = (
    Publication.place,
    Publication.title,
    Publication.pitch,
    Publication.cover,
    Publication.files,
    Publication.facets,
    Publication.number,
    Publication.published_at,
    Publication.changed_at,
    Publication.team_name,
    Publication.help_wanted,
    _project.id.as_alias("project"),
    _project.slug.as_alias("slug"),
)


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[dict[str, Any]]
    total: int
    counts: Counts
    """Number of results for every value of every facet, ignoring that facet's own filter."""
    page: Page
    matches: Matches
    places: BitMap
    """Of all results."""
    without_unknown: int = 0
    """How many there are for ``matches.rest``, where nothing was found."""


async def find(wish: Wish, *, size: int = PER_PAGE) -> Found:
    """Return one page of results. At most two queries without words; with words a few more, for index sets, not rows."""
    facets = await facet_sets()
    met = await matches(parse(wish.words), facets.everything)
    found = facets.within(met.found, wish.chosen)
    if wish.sort == "graduated":
        found = found & facets.having("stage", GRADUATED)
        page = await graduation_page(found, wish.after, size)
    else:
        title = met.title & found if wish.words and wish.sort != "newest" else BitMap()
        near = met.near & found if wish.sort != "newest" else BitMap()
        page = Order(title, found - title - near, near).page(wish.after, size)
    places = [place for _tier, place in page.rows]
    rows = await cards_at(places, by_words=bool(wish.words))
    # What is left out is not counted either: whoever looks for a name would learn that a text has it.
    gone = BitMap(places) - BitMap(row["place"] for row in rows)
    # Only a search of its own says whether somebody sees the other words: a text that is about to go is in the index.
    others = (await find(replace(wish, words=met.rest, after=None), size=1)).total if met.rest and not rows else 0
    return Found(rows, len(found - gone), facets.counts(met.found - gone, wish.chosen), page, met, found - gone, others)


async def cards_at(places: list[int], *, by_words: bool = False) -> list[dict[str, Any]]:
    """Return the cards' data for the publications at ``places``, in that order. Two queries, a few more if a text names somebody, or there are pictures.

    ``by_words``: words found them, so none is left that a caption could have found which is no more public.
    """
    if not places:
        return []
    rows = await Publication.select(*CARD).where(among(Publication.place, places))
    by_place = {row["place"]: row for row in await _seen_now(rows, by_words=by_words)}
    return [by_place[place] for place in places if place in by_place]


async def newest(limit: int) -> list[dict[str, Any]]:
    """Return the cards of the latest publications. Two queries, a few more if a text names somebody, or a picture is a cover."""
    rows = (
        await Publication.select(*CARD)
        .where(Publication.place.is_not_null())
        .order_by(Publication.place, ascending=False)
        .limit(limit)
    )
    return await _seen_now(rows)


async def _seen_now(rows: list[dict[str, Any]], *, by_words: bool = False) -> list[dict[str, Any]]:
    """Leave out what people have just taken their consent back from: whole projects until the name is out of the texts, and pictures."""
    lapsed = set(await projects_with_lapsed_names([row["project"] for row in rows]))
    seen = [row for row in rows if row["project"] not in lapsed]
    named = {row["project"]: _files_of(row, by_words=by_words) for row in seen}
    shown = await public_among({each: project for project, ids in named.items() for each in ids})
    return [
        {**row, "cover": file if (file := FileRef.of(row["cover"])) and file.id in shown else None}
        for row in seen
        if not by_words or found_by(row["files"]) <= shown
    ]


def _files_of(row: dict[str, Any], *, by_words: bool) -> set[int]:
    """Return the files that a card shows, and those whose captions may have found it."""
    cover = FileRef.of(row["cover"])
    return (found_by(row["files"]) if by_words else set()) | ({cover.id} if cover else set())


async def figures() -> dict[str, int]:
    """Return the figures of the landing page: published projects, graduates, districts, and who looks for help. One query."""
    counts = await counts_within(EVERYTHING)
    return {
        "projects": counts.get(EVERYTHING, 0),
        "graduated": counts.get(f"f:stage={GRADUATED}", 0),
        "municipalities": sum(n > 0 for term, n in counts.items() if term.startswith("f:municipality=")),
        "help": counts.get("f:help=yes", 0),
    }
