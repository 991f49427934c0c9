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
from incubator.showcase.region_map.tiles import arranged, shade

#: Width and height of a tile, and the gap between tiles, in units of the drawing.
TILE, GAP = (128, 92), 8


@dataclass(frozen=True, slots=True)
class District:
    key: str
    title: str
    short: str
    count: int
    shade: int
    url: str
    x: float
    y: float
    """Upper left corner of its tile, or the position of its number inside its border."""
    path: str = ""


@get("/showcase/map")
async def show_map(request: AnyRequest) -> Response[Any]:
    wish = Wish.of(request.query_params.multi_items())
    if elsewhere := at_canonical(request, wish.query()):
        return elsewhere
    met = await find(wish, size=1)
    rows = await Municipality.objects().order_by(Municipality.title_ru)
    has_borders = any(row.border for row in rows)
    districts = _districts(rows, met.counts["municipality"], wish, has_borders=has_borders)
    if has_borders:
        frame = frame_of([row.border for row in rows if row.border])
    else:
        frame = (
            (0, 0, max(d.x for d in districts) + TILE[0], max(d.y for d in districts) + TILE[1])
            if districts
            else (0, 0, 1, 1)
        )
    return page(
        request, "showcase/map.html", wish=wish, found=met, districts=districts, frame=" ".join(f"{n:g}" for n in frame),
        has_borders=has_borders, credit=next((row.border_credit for row in rows if row.border_credit), ""), tile=TILE,
        links=links_of(request, canonical="/showcase/map"), chips=stage_chips(wish, met, path="/showcase/map"),
        active=active_choices(wish, await reference_lists(), path="/showcase/map"),
    )  # fmt: skip


def _districts(rows: list[Municipality], counts: dict[str, int], wish: Wish, *, has_borders: bool) -> list[District]:
    cells = arranged({row.key: (row.lon, row.lat) for row in rows})
    most = max(counts.values(), default=0)

    def district(row: Municipality) -> District:
        count = counts.get(row.key, 0)
        x, y = (
            projected(row.lon, row.lat)
            if has_borders
            else (n * (side + GAP) for n, side in zip(cells[row.key], TILE, strict=True))
        )
        title = localized(row, "title")
        return District(
            row.key, title, title.removesuffix(" район").removesuffix(" District"), count, shade(count, most),
            wish.url(municipality=row.key), x, y, row.border,
        )  # fmt: skip

    return [district(row) for row in rows]


PAGES: list[Any] = [show_map]
