"""The map of the region: the number of matching projects in every district, each linked to its projects."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get

from incubator.core.languages import localized
from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.reference.tables import Municipality
from incubator.showcase.addresses import at_canonical, links_of
from incubator.showcase.catalogue import find
from incubator.showcase.filter_options import active_choices, stage_chips
from incubator.showcase.filters import Wish
from incubator.showcase.reference_titles import reference_lists
from incubator.showcase.region_map.borders import frame_of, projected
from incubator.showcase.region_map.outlines import Outline, outlined, shade


@dataclass(frozen=True, slots=True)
class District:
    key: str
    title: str
    short: str
    count: int
    shade: int
    url: str
    is_on: bool
    x: float
    y: float
    """Where its name and number stand."""
    path: str
    """Empty: it has no border while others have one, or nobody has said where it is."""


@get("/showcase/map")
async def show_map(request: AnyRequest) -> Response[Any]:
    wish = Wish.of(request.query_params.multi_items())
    if elsewhere := at_canonical(request, wish.query()):
        return elsewhere
    met = await find(wish, size=1)
    rows = await Municipality.objects().order_by(Municipality.title_ru)
    has_borders = any(row.border for row in rows)
    districts = _districts(rows, _bordered(rows) if has_borders else _outlined(rows), met.counts["municipality"], wish)
    frame = frame_of([d.path for d in districts if d.path] or ["0 0"])
    return page(
        request, "showcase/map.html", wish=wish, found=met, districts=districts, frame=" ".join(f"{n:g}" for n in frame),
        has_borders=has_borders, credit=next((row.border_credit for row in rows if row.border_credit), ""),
        links=links_of(request, canonical="/showcase/map"), chips=stage_chips(wish, met, path="/showcase/map"),
        active=active_choices(wish, await reference_lists(), path="/showcase/map"),
    )  # fmt: skip


def _bordered(rows: list[Municipality]) -> dict[str, Outline]:
    """Return the borders that an organiser has loaded; of a district without one, its place."""
    return {row.key: Outline(row.border, projected(row.lon, row.lat)) for row in rows if row.lon or row.lat}


def _outlined(rows: list[Municipality]) -> dict[str, Outline]:
    return outlined({row.key: (row.lon, row.lat) for row in rows if row.lon or row.lat})


def _districts(
    rows: list[Municipality], outlines: dict[str, Outline], counts: dict[str, int], wish: Wish
) -> list[District]:
    most = max(counts.values(), default=0)

    def district(row: Municipality) -> District:
        count, title = counts.get(row.key, 0), localized(row, "title")
        outline = outlines.get(row.key, Outline(row.border, (0, 0)))
        return District(
            row.key, title, title.removesuffix(" район").removesuffix(" District"), count, shade(count, most),
            wish.url(municipality=row.key), row.key in wish.values("municipality"), *outline.middle, outline.path,
        )  # fmt: skip

    return [district(row) for row in rows]


PAGES: list[Any] = [show_map]
