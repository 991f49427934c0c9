"""The map: stable tiles, borders from a file, counts and links."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incubator.programme.install import install_defaults
from incubator.reference.defaults import default
from incubator.reference.tables import Municipality
from incubator.showcase.region_map.borders import NotBorders
from incubator.showcase.region_map.load import forget_borders, load_borders
from incubator.showcase.region_map.tiles import arranged, shade
from tests.browser import Browser
from tests.sample import Source, each_source
from tests.showcase.test_catalogue import TOLD, show

CENTRES = {row["key"]: (row["lon"], row["lat"]) for row in default("municipalities")["municipality"]}


def test_every_district_has_a_tile_of_its_own_near_its_place() -> None:
    cells = arranged(CENTRES)
    assert len(set(cells.values())) == 18
    assert max(x for x, _y in cells.values()) <= 7
    assert max(y for _x, y in cells.values()) <= 5
    assert cells["vyborg"][0] < cells["priozersk"][0] < cells["podporozhye"][0]
    assert cells["vyborg"][1] < cells["luga"][1]
    assert cells["slantsy"][0] < cells["luga"][0]
    assert arranged(dict(reversed(CENTRES.items()))) == cells


@given(st.dictionaries(st.text(max_size=3), st.tuples(st.floats(20, 40), st.floats(55, 65)), max_size=12))
@example({"a": (20.0, 55.0), "b": (20.000000000000004, 65.0)})  # one above the other
def test_any_points_get_different_cells(centres: dict[str, tuple[float, float]]) -> None:
    cells = arranged(centres)
    assert set(cells) == set(centres)
    assert len(set(cells.values())) == len(centres)


def test_shades() -> None:
    assert [shade(n, 100) for n in (0, 1, 25, 26, 50, 75, 76, 100)] == [0, 1, 1, 2, 2, 3, 4, 4]
    assert shade(0, 0) == 0


async def test_numbers_and_links(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, TOLD)
    browser = Browser()
    await browser.open("/showcase/map?cluster=agro")
    assert browser.page.status_code == 200
    for key, count in (("luga", 1), ("tosno", 1), ("vyborg", 0)):
        found = re.search(
            rf'href="/showcase\?cluster=agro&(?:amp;)?municipality={key}"\s+aria-label="[^"]+ (\d+)"', browser.text
        )
        assert found
        assert int(found[1]) == count


@each_source
async def test_borders_from_a_file(database: Any, source: Source) -> None:
    await install_defaults()
    geojson = source.borders.read_text("utf-8")
    districts = len(json.loads(geojson)["features"])
    browser = Browser()
    await browser.open("/showcase/map")
    tiles = browser.text.count('<path d="M')
    assert await load_borders(geojson, credit="© участники OpenStreetMap") == districts >= 3
    await browser.open("/showcase/map")
    assert browser.text.count('<path d="M') == tiles + districts
    assert "© участники OpenStreetMap" in browser.text
    await forget_borders()
    await browser.open("/showcase/map")
    assert "OpenStreetMap" not in browser.text


@pytest.mark.parametrize(
    "said",
    [
        "", "{", "[]", '{"features": 7}', '{"features": []}', '{"features": [null, 3, {"properties": null}]}',
        '{"features": [{"properties": {"name": "luga"}, "geometry": null}]}',
        '{"features": [{"properties": {"name": "luga"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
        '{"features": [{"properties": {"name": "luga"}, "geometry": {"type": "Polygon", "coordinates": [[["x", 2]]]}}]}',
        '{"features": [{"properties": {"name": "luga"}, "geometry": {"type": "Polygon", "coordinates": [[[NaN, 2]]]}}]}',
        '{"features": [{"properties": {"name": "luga"}, "geometry": {"type": "Polygon", "coordinates": []}}]}',
        '{"features": [{"properties": {"name": "elsewhere"}, "geometry": {"type": "Polygon", "coordinates": [[[1, 2]]]}}]}',
    ],
)  # fmt: skip
async def test_what_is_no_map_is_said(sqlite: object, said: str) -> None:
    await install_defaults()
    with pytest.raises(NotBorders):
        await load_borders(said, credit="©")
    assert not await Municipality.exists().where(Municipality.border != "")
