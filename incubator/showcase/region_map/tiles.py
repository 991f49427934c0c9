"""A tile map: every district is a square, as close to its real position as a grid allows. Pure."""

from collections.abc import Mapping
from itertools import combinations

#: A degree of longitude is half as long as one of latitude at 60° north.
_STRETCH = 0.5


def arranged(centres: Mapping[str, tuple[float, float]], *, columns: int = 8) -> dict[str, tuple[int, int]]:
    """Return column and row of each key from its (longitude, latitude), deterministically, with a small sum of squared shifts.

    Each gets the nearest free cell, the easternmost first; then pairs are swapped as long as that helps.
    """
    if not centres:
        return {}
    wanted = _scaled(centres, columns)
    rows = range(-1, max(round(y) for _x, y in wanted.values()) + 2)
    free = {(x, y) for x in range(columns) for y in rows}
    places: dict[str, tuple[int, int]] = {}
    for key in sorted(wanted, key=lambda key: (-wanted[key][0], key)):
        places[key] = min(free, key=lambda cell: (_far(wanted[key], cell), cell))
        free.remove(places[key])
    while _exchange(places, wanted):
        pass
    top = min(y for _x, y in places.values())
    left = min(x for x, _y in places.values())
    return {key: (x - left, y - top) for key, (x, y) in places.items()}


def _scaled(centres: Mapping[str, tuple[float, float]], columns: int) -> dict[str, tuple[float, float]]:
    west, east = min(x for x, _y in centres.values()), max(x for x, _y in centres.values())
    south, north = min(y for _x, y in centres.values()), max(y for _x, y in centres.values())
    # Where all lie on one meridian, their latitudes have to fit into as many rows as there are places.
    unit = max((east - west) / (columns - 1), (north - south) / (_STRETCH * max(columns, len(centres)))) or 1.0
    return {key: ((x - west) / unit, (north - y) / (unit * _STRETCH)) for key, (x, y) in centres.items()}


def _far(wanted: tuple[float, float], cell: tuple[int, int]) -> float:
    return (wanted[0] - cell[0]) ** 2 + (wanted[1] - cell[1]) ** 2


def _exchange(places: dict[str, tuple[int, int]], wanted: dict[str, tuple[float, float]]) -> bool:
    """Swap one pair if that is an improvement; return False if there is none."""
    for a, b in combinations(sorted(places), 2):
        now = _far(wanted[a], places[a]) + _far(wanted[b], places[b])
        if _far(wanted[a], places[b]) + _far(wanted[b], places[a]) < now - 1e-9:
            places[a], places[b] = places[b], places[a]
            return True
    return False


def shade(count: int, most: int, shades: int = 5) -> int:
    """Return 0 for no projects, else 1 to ``shades - 1`` according to the share of the maximum."""
    return 0 if count <= 0 else min(shades - 1, 1 + (count * (shades - 1) - 1) // max(most, 1))
