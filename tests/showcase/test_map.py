"""The map: outlines made from the centres, borders from a file, counts and links."""

import json
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incubator.programme.install import install_defaults
from incubator.reference.defaults import default
from incubator.reference.tables import Municipality
from incubator.showcase.region_map.borders import NotBorders, projected
from incubator.showcase.region_map.load import forget_borders, load_borders
from incubator.showcase.region_map.outlines import outlined, shade
from tests.browser import Browser
from tests.sample import Source, each_source
from tests.showcase.test_catalogue import TOLD, show

CENTRES = {row["key"]: (row["lon"], row["lat"]) for row in default("municipalities")["municipality"]}


def polygon(path: str) -> list[tuple[float, float]]:
    """Return the points of a path; those of its rounded corners include the corners themselves."""
    numbers = [float(n) for n in re.findall(r"-?[0-9]+(?:[.][0-9]+)?", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def is_inside(point: tuple[float, float], path: str) -> bool:
    """Return whether a point lies in a convex outline: on one side of all its edges."""
    corners = polygon(path)
    turns = [
        (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)
        for (ax, ay), (bx, by) in pairwise([*corners, corners[0]])
        if (ax, ay) != (bx, by)
    ]
    return all(turn > -0.5 for turn in turns) or all(turn < 0.5 for turn in turns)


def test_every_district_lies_around_its_centre_and_beside_its_neighbours() -> None:
    outlines = outlined(CENTRES)
    assert set(outlines) == set(CENTRES)
    for key, outline in outlines.items():
        assert outline.path.startswith("M")
        assert outline.path.endswith("Z")
        assert is_inside(projected(*CENTRES[key]), outline.path)
        assert is_inside(outline.middle, outline.path)
        others = [other for other in CENTRES if other != key and is_inside(projected(*CENTRES[other]), outline.path)]
        assert others == []
        own, nearest = (
            projected(*CENTRES[key]),
            min(
                (projected(*centre) for other, centre in CENTRES.items() if other != key),
                key=lambda each: math.dist(each, projected(*CENTRES[key])),
            ),
        )
        between = ((own[0] + nearest[0]) / 2, (own[1] + nearest[1]) / 2)
        assert min(math.dist(point, between) for point in polygon(outline.path)) < math.dist(own, nearest)
    assert outlined(dict(reversed(CENTRES.items()))) == outlines
    assert sum(len(outline.path) for outline in outlines.values()) < 8000


@given(st.dictionaries(st.text(max_size=3), st.tuples(st.floats(20, 40), st.floats(55, 65)), max_size=12))
@example({"a": (20.0, 55.0), "b": (20.000000000000004, 65.0)})  # one above the other
@example(dict.fromkeys("abcdefghijkl", (30.0, 60.0)))  # all in one place
def test_any_centres_get_outlines_that_do_not_overlap(centres: dict[str, tuple[float, float]]) -> None:
    outlines = outlined(centres)
    assert set(outlines) == set(centres)
    middles = [outline.middle for outline in outlines.values()]
    assert len(set(middles)) == len(middles)
    for key, outline in outlines.items():
        assert "nan" not in outline.path
        assert is_inside(outline.middle, outline.path)
        assert not any(
            other.middle != outline.middle and is_strictly_inside(other.middle, outline.path)
            for other in outlines.values()
        ), key


def is_strictly_inside(point: tuple[float, float], path: str) -> bool:
    corners = polygon(path)
    turns = [
        (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)
        for (ax, ay), (bx, by) in pairwise([*corners, corners[0]])
    ]
    return min(turns) > 0.2 or max(turns) < -0.2


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
    made = await drawn(browser)
    assert len(made) == len(CENTRES)
    assert "Границы районов показаны условно" in browser.text
    assert await load_borders(geojson, credit="© участники OpenStreetMap") == districts >= 3
    loaded = await drawn(browser)
    assert len(loaded) == districts
    assert not set(loaded) & set(made)
    assert "© участники OpenStreetMap" in browser.text
    assert "Границы районов показаны условно" not in browser.text
    await forget_borders()
    assert await drawn(browser) == made
    assert "OpenStreetMap" not in browser.text


async def drawn(browser: Browser) -> list[str]:
    await browser.open("/showcase/map")
    return re.findall(r'<path d="(M[^"]+)" ?/>\s*</a>', browser.text)


async def test_a_place_that_nobody_has_said_is_in_the_list_alone(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, [*TOLD, {"id": "new", "title": "Новый", "municipality": "Гатчинский район"}])
    await Municipality.update({Municipality.lon: 0.0, Municipality.lat: 0.0}).where(Municipality.key == "gatchina")
    browser = Browser()
    assert len(await drawn(browser)) == len(CENTRES) - 1
    assert re.search(r'<a href="/showcase\?municipality=gatchina">Гатчинский район</a>', browser.text)
    frame = re.search(r'viewBox="([^"]+)" role="group"', browser.text)
    assert frame
    assert float(frame[1].split()[2]) < 600


async def test_without_districts_the_map_is_empty(database: Any) -> None:
    assert (await Browser().open("/showcase/map")).status_code == 200


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
