"""Borders of the region's districts from GeoJSON, as SVG paths. Pure."""

import math
import re
from collections.abc import Iterator
from typing import Any

#: Coordinates on the map: degrees of longitude and latitude × these, from this corner. Equirectangular, true at 60° north.
_WEST, _NORTH, _X, _Y = 26.0, 62.0, 50.0, 100.0
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class NotBorders(Exception):
    """The file is not GeoJSON with polygons, or describes another region."""


def projected(lon: float, lat: float) -> tuple[float, float]:
    """Return a point's coordinates on the map."""
    return round((lon - _WEST) * _X, 1), round((_NORTH - lat) * _Y, 1)


def paths_of(data: Any, keys: dict[str, str]) -> dict[str, str]:
    """Return an SVG path by municipality. ``keys``: key by OKTMO code and by name. Raises NotBorders."""
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise NotBorders("not a FeatureCollection")
    paths: dict[str, str] = {}
    for number, feature in enumerate(data["features"], start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        names = [str(value) for value in (properties or {}).values()]
        key = next((keys[name] for name in names if name in keys), "")
        if key:
            paths[key] = _path(feature.get("geometry"), number)
    if not paths:
        raise NotBorders("no district of ours in it: properties must hold its OKTMO code or its name")
    return paths


def _path(geometry: Any, number: int) -> str:
    try:
        rings = list(_rings(geometry))
        said = [
            "M" + "L".join(f"{x:g} {y:g}" for x, y in (projected(*_point(p)) for p in ring)) + "Z" for ring in rings
        ]
    except (TypeError, KeyError, ValueError, IndexError) as error:
        raise NotBorders(f"feature {number} has no polygon that can be read ({error})") from None
    if not said:
        raise NotBorders(f"feature {number} has no polygon")
    return "".join(said)


def _rings(geometry: Any) -> Iterator[Any]:
    kind = geometry["type"]
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"a {kind}")
    for polygon in [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]:
        yield from polygon


def _point(point: Any) -> tuple[float, float]:
    lon, lat = float(point[0]), float(point[1])
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("a point outside of the world")
    return lon, lat


def frame_of(paths: list[str], *, margin: float = 6) -> tuple[float, float, float, float]:
    """Return x, y, width and height of the box around all ``paths``."""
    numbers = [[float(n) for n in _NUMBER.findall(path)] for path in paths]
    xs, ys = [n for path in numbers for n in path[::2]], [n for path in numbers for n in path[1::2]]
    left, top = min(xs) - margin, min(ys) - margin
    return left, top, round(max(xs) + margin - left, 1), round(max(ys) + margin - top, 1)
