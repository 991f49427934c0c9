"""Outlines of districts made from their centres, for a map without borders: a Voronoi partition with soft corners. Pure."""

import math
from collections.abc import Iterable, Mapping
from itertools import count, pairwise
from statistics import median
from typing import NamedTuple

from incubator.showcase.region_map.borders import projected

Point = tuple[float, float]

#: In units of the map (``borders.projected``): half the gap between neighbours, and how far corners are cut.
_GAP, _SOFT = 0.9, 6.0
#: How far a district reaches where it has no neighbour, as a multiple of the median distance to the nearest one; and how many sides that edge has.
_REACH, _SIDES = 1.05, 28
#: The reach where there is nobody to measure a distance to.
_ALONE = 40.0


class Outline(NamedTuple):
    path: str
    """For SVG, in units of the map."""
    middle: Point


def outlined(centres: Mapping[str, Point]) -> dict[str, Outline]:
    """Return the outline around each (longitude, latitude), by key; deterministic, whatever their order.

    Each point of a path is nearer to its own centre than to any other (Voronoi, 1908), and no farther than a district reaches.
    """
    places = _apart({key: projected(*centre) for key, centre in centres.items()})
    reach = _reach(list(places.values()))
    cells = {key: _cell(own, places.values(), reach) for key, own in places.items()}
    return {key: Outline(_soft(cell), _middle(cell)) for key, cell in cells.items()}


def _apart(points: Mapping[str, Point]) -> dict[str, Point]:
    """Return the points on a grid of one unit, each on a place of its own: of two in one place, the second in order moves."""
    taken: dict[Point, str] = {}
    for key in sorted(points):
        x, y = (round(n) for n in points[key])
        at = next((x + dx, y + dy) for r in count() for dx, dy in _ring(r) if (x + dx, y + dy) not in taken)
        taken[at] = key
    return {key: at for at, key in taken.items()}


def _ring(r: int) -> Iterable[tuple[int, int]]:
    return ((dx, dy) for dx in range(-r, r + 1) for dy in range(-r, r + 1) if max(abs(dx), abs(dy)) == r)


def _reach(points: list[Point]) -> float:
    nearest = [min((math.dist(a, b) for b in points if b != a), default=0.0) for a in points]
    return max(_REACH * median(nearest), 1.0) if len(points) > 1 else _ALONE


def _cell(own: Point, others: Iterable[Point], reach: float) -> list[Point]:
    """Return the polygon of the points within ``reach`` of ``own`` that are nearer to it than to any other, less the gap."""
    x, y = own
    turns = [2 * math.pi * n / _SIDES for n in range(_SIDES)]
    cell = [(x + reach * math.cos(turn), y + reach * math.sin(turn)) for turn in turns]
    for other in sorted(others, key=lambda each: (math.dist(own, each), each)):
        far = math.dist(own, other)
        if far > 2 * reach:
            break
        if far:
            cell = _cut(cell, own, other, far / 2 - min(_GAP, far / 4))
    return cell


def _cut(cell: list[Point], own: Point, other: Point, far: float) -> list[Point]:
    """Return the part of a convex polygon that lies less than ``far`` from ``own`` in the direction of ``other`` (Sutherland & Hodgman, 1974)."""
    whole = math.dist(own, other)
    ux, uy = (other[0] - own[0]) / whole, (other[1] - own[1]) / whole

    def beyond(point: Point) -> float:
        return (point[0] - own[0]) * ux + (point[1] - own[1]) * uy - far

    kept: list[Point] = []
    for a, b in pairwise([*cell, cell[0]]):
        before, after = beyond(a), beyond(b)
        if before <= 0:
            kept.append(a)
        if before * after < 0:
            part = before / (before - after)
            kept.append((a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part))
    return kept


def _middle(cell: list[Point]) -> Point:
    """Return the centroid of a polygon (Bourke, 1988), where its name has most room."""
    x = y = area = 0.0
    for (ax, ay), (bx, by) in pairwise([*cell, cell[0]]):
        part = ax * by - bx * ay
        x, y, area = x + (ax + bx) * part, y + (ay + by) * part, area + part
    return round(x / (3 * area), 1), round(y / (3 * area), 1)


def _soft(cell: list[Point]) -> str:
    """Return the polygon as a path whose corners are rounded."""
    said: list[str] = []
    for before, corner, after in zip([cell[-1], *cell], cell, [*cell[1:], cell[0]], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        said.append(f"{'L' if said else 'M'}{_at(start)}Q{_at(corner)} {_at(end)}")
    return "".join(said) + "Z"


def _towards(corner: Point, other: Point) -> Point:
    part = min(_SOFT / (math.dist(corner, other) or 1.0), 0.5)
    return corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part


def _at(point: Point) -> str:
    return f"{round(point[0], 1):g} {round(point[1], 1):g}"


def shade(number: int, most: int, shades: int = 5) -> int:
    """Return 0 for none, else 1 to ``shades - 1`` according to the share of the maximum."""
    return 0 if number <= 0 else min(shades - 1, 1 + (number * (shades - 1) - 1) // max(most, 1))
