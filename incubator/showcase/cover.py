"""A landscape for a project without a picture: drawn from its title and cluster, always the same. Pure."""

from collections.abc import Callable, Iterator

WIDTH, HEIGHT = 320, 160
_LAYERS = 4


def _numbers(seed: str) -> Iterator[float]:
    """Endless numbers in [0, 1) from a text: FNV-1a to begin with, xorshift32 (Marsaglia, 2003) to go on."""
    state = 2166136261
    for byte in seed.encode("utf-8", "replace"):
        state = (state ^ byte) * 16777619 % 2**32
    state = state or 1
    while True:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        yield state / 2**32


def _points(r: Iterator[float], y: float, step: int, height: float) -> list[tuple[int, int]]:
    return [(x, round(y - height * next(r))) for x in range(0, WIDTH + step, step)]


def _polygon(points: list[tuple[int, int]]) -> str:
    return f"M0 {HEIGHT}" + "".join(f"L{x} {y}" for x, y in points) + f"L{WIDTH} {HEIGHT}Z"


def _waves(r: Iterator[float], y: float) -> str:
    d = f"M0 {HEIGHT}V{round(y)}"
    for x in range(0, WIDTH, 40):
        d += f"S{x + 12} {round(y - 4 - 18 * next(r))} {x + 40} {round(y + 12 * next(r))}"
    return d + f"V{HEIGHT}Z"


def _hills(r: Iterator[float], y: float) -> str:
    left, middle, right = (round(y - 34 * next(r)) for _n in range(3))
    return f"M0 {HEIGHT}V{left}C60 {left - 20} 90 {middle} 160 {middle}S250 {right - 24} {WIDTH} {right}V{HEIGHT}Z"


def _pines(r: Iterator[float], y: float) -> str:
    points = []
    x = -10
    while x < WIDTH:
        width, height = 14 + round(16 * next(r)), 22 + round(34 * next(r))
        points += [(x, round(y + 8)), (x + width // 2, round(y + 8 - height)), (x + width, round(y + 8))]
        x += width - 2
    return _polygon(points)


def _fields(r: Iterator[float], y: float) -> str:
    tilt = 30 * next(r) - 15
    return f"M0 {HEIGHT}V{round(y - tilt)}L{WIDTH} {round(y + tilt)}V{HEIGHT}Z"


def _roofs(r: Iterator[float], y: float) -> str:
    points = []
    x = -6
    while x < WIDTH:
        width, top = 22 + round(26 * next(r)), round(y - 34 * next(r))
        points += [(x, top), (x + width // 2, top - 6 - round(14 * next(r))), (x + width, top)]
        x += width
    return _polygon(points)


def _grid(r: Iterator[float], y: float) -> str:
    points = []
    for x in range(0, WIDTH, 20):
        top = round(y - 8 * round(5 * next(r)))
        points += [(x, top), (x + 20, top)]
    return _polygon(points)


def _bricks(r: Iterator[float], y: float) -> str:
    points = []
    for n, x in enumerate(range(-16, WIDTH, 32)):
        top = round(y - 12 * (n % 2) - 12 * round(2 * next(r)))
        points += [(x, top), (x + 28, top), (x + 28, top + 5), (x + 32, top + 5)]
    return _polygon(points)


def _road(r: Iterator[float], y: float) -> str:
    a, b = round(y - 20 * next(r)), round(y + 10 - 26 * next(r))
    return f"M0 {HEIGHT}V{a}C{100 + round(40 * next(r))} {a - 30} {180 + round(30 * next(r))} {b + 40} {WIDTH} {b}V{HEIGHT}Z"


_SHAPES: dict[str, Callable[[Iterator[float], float], str]] = {
    "waves": _waves,
    "hills": _hills,
    "pines": _pines,
    "fields": _fields,
    "roofs": _roofs,
    "grid": _grid,
    "bricks": _bricks,
    "road": _road,
    "lights": _hills,
    "drops": _waves,
}
MOTIFS = tuple(_SHAPES)


def _specks(r: Iterator[float], motif: str) -> str:
    """What hangs in the sky of two motifs: lights, or drops."""
    if motif == "lights":
        dots = ((round(WIDTH * next(r)), round(20 + 70 * next(r)), 1.5 + 2.5 * next(r)) for _n in range(14))
        return "".join(f'<circle cx="{x}" cy="{y}" r="{s:.1f}" fill="oklch(0.97 0.08 85)"/>' for x, y, s in dots)
    if motif == "drops":
        dots = ((round(WIDTH * next(r)), round(10 + 60 * next(r)), 5 + 6 * next(r)) for _n in range(9))
        return "".join(
            f'<path d="M{x} {y}q{s:.0f} {1.6 * s:.0f} 0 {2 * s:.0f}q-{s:.0f} -{0.4 * s:.0f} 0 -{2 * s:.0f}z"'
            f' fill="oklch(0.99 0.02 230)" opacity=".7"/>'
            for x, y, s in dots
        )
    return ""


def cover(title: str, hue_from: int, hue_to: int, motif: str) -> str:
    """An SVG of 320 × 160 without ids or styles; hues in degrees of OKLCH, from the sky to the ground.

    The same title and cluster give the same picture. An unknown motif draws hills.
    """
    r = _numbers(title + motif)
    shape = _SHAPES.get(motif, _hills)
    sun = f'<circle cx="{40 + 240 * next(r):.0f}" cy="{30 + 40 * next(r):.0f}" r="{16 + 20 * next(r):.0f}" fill="oklch(0.97 0.07 85)"/>'
    layers = "".join(
        f'<path d="{shape(r, 78 + 22 * n)}" fill="oklch({0.82 - 0.13 * n:.2f} {0.07 + 0.012 * n:.3f}'
        f' {hue_from + (hue_to - hue_from) * n / (_LAYERS - 1):.0f})"/>'
        for n in range(_LAYERS)
    )
    return (
        f'<svg class="cover" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="oklch(0.93 0.045 {hue_from})"/>'
        f"{sun}{_specks(r, motif)}{layers}</svg>"
    )
