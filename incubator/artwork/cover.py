"""Generated covers: a landscape for a project without a picture, determined by its title and cluster. Pure.

The cluster gives the motif and the colours; the title the hour and the weather, from which side one looks, and where everything stands,
so that projects of one cluster are told apart at a glance.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from struct import Struct

WIDTH, HEIGHT = 320, 160
#: Hues and motif of a project without a cluster.
PLAIN = (150, 170, "hills")

#: How many numbers are made at once.
_TOGETHER = 16
_unpack = Struct(f"<{_TOGETHER}I").unpack


def _following(state: int) -> Iterator[int]:
    """Yield the states after ``state``: xorshift32 (Marsaglia, 2003)."""
    for _n in range(_TOGETHER):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        yield state


@cache
def _steps() -> list[list[int]]:
    """Return for each of a state's four bytes, and each of its values, the states that follow, as one long number.

    The generator is linear over GF(2): what follows a state is the XOR of what follows its bytes.
    """
    bits = [sum(state << 32 * n for n, state in enumerate(_following(1 << bit))) for bit in range(32)]
    tables = []
    for place in range(0, 32, 8):
        table = [0]
        for bit in bits[place : place + 8]:
            table += [each ^ bit for each in table]
        tables.append(table)
    return tables


def _numbers(seed: str) -> Iterator[float]:
    """Yield endless numbers in [0, 1) seeded by a text: FNV-1a for the seed, then xorshift32."""
    state = 2166136261
    for byte in seed.encode("utf-8", "replace"):
        state = (state ^ byte) * 16777619 & 0xFFFFFFFF
    state = state or 1
    first, second, third, fourth = _steps()
    while True:
        ahead = first[state & 255] ^ second[state >> 8 & 255] ^ third[state >> 16 & 255] ^ fourth[state >> 24]
        states = _unpack(ahead.to_bytes(4 * _TOGETHER, "little"))
        for each in states:
            yield each / 2**32
        state = states[-1]


@dataclass(frozen=True, slots=True)
class _Hour:
    """What light a picture stands in: colours in OKLCH, heights from the top."""

    sky: tuple[float, float, int | None]
    """Lightness, chroma, hue; None: the cluster's own hue."""
    sun: str
    high: int
    low: int
    """Between which heights the sun stands, or the moon."""
    least: int
    most: int
    """Its radius."""
    light: float = 0.0
    """Added to the lightness of the land."""
    calm: float = 1.0
    """Times the chroma of the land."""


_HOURS = {
    "noon": _Hour((0.93, 0.045, None), "oklch(0.97 0.07 85)", 28, 62, 15, 32),
    "morning": _Hour((0.93, 0.06, 75), "oklch(0.87 0.14 65)", 58, 78, 26, 38),
    "evening": _Hour((0.86, 0.055, 325), "oklch(0.86 0.13 45)", 62, 84, 22, 34, light=-0.09, calm=1.1),
    "night": _Hour((0.4, 0.06, 265), "oklch(0.96 0.03 95)", 26, 50, 11, 17, light=-0.22),
    "mist": _Hour((0.95, 0.012, None), "oklch(0.985 0.02 95)", 30, 60, 20, 30, light=0.05, calm=0.55),
}
_NAMES = tuple(_HOURS)
#: By how many degrees the hues of a project may lie beside those of its cluster: what is green stays green.
_ASIDE = 22


@lru_cache(4096)
def _tone(hue_from: int, hue_to: int, hour: str, depth: float) -> str:
    """Return a colour: the nearer, the darker and more saturated."""
    light, calm = _HOURS[hour].light, _HOURS[hour].calm
    hue = (hue_from + (hue_to - hue_from) * depth / 3) % 360
    return f"oklch({0.82 + light - 0.13 * depth:.2f} {(0.07 + 0.012 * depth) * calm:.3f} {hue:.0f})"


@dataclass(frozen=True, slots=True)
class _Scene:
    """The random numbers and colours of one picture; depth runs from 0 (far) to 3 (near)."""

    chance: Iterator[float]
    hue_from: int
    hue_to: int
    hour: str = "noon"

    def between(self, low: float, high: float) -> int:
        return round(low + (high - low) * next(self.chance))

    def tone(self, depth: float) -> str:
        return _tone(self.hue_from, self.hue_to, self.hour, depth)

    def aloft(self, depth: float) -> str:
        """Return the colour of what stands before the sky: at night it catches light."""
        return _tone(self.hue_from, self.hue_to, "noon", 0.4) if self.hour == "night" else self.tone(depth)

    def fill(self, d: str, depth: float, colour: str = "") -> str:
        return f'<path d="{d}" fill="{colour or self.tone(depth)}"/>'

    def stroke(self, d: str, depth: float, width: float = 1.5, colour: str = "") -> str:
        return f'<path d="{d}" fill="none" stroke="{colour or self.tone(depth)}" stroke-width="{width}"/>'

    def ridge(self, y: float, depth: float, rise: float = 34) -> str:
        """Draw a smooth line of hills and the ground below it."""
        left, middle, right = (self.between(y - rise, y) for _n in range(3))
        d = f"M0 {HEIGHT}V{left}C60 {left - 20} 90 {middle} 160 {middle}S250 {right - 24} {WIDTH} {right}V{HEIGHT}Z"
        return self.fill(d, depth)


def _hills(s: _Scene) -> str:
    return "".join(s.ridge(84 + 23 * depth, depth) for depth in range(4))


def _waves(s: _Scene) -> str:
    """Draw water in four swells, and a sail on it."""
    swells = []
    for depth in range(4):
        half, lift, y = 26 + 5 * depth, s.between(5, 9), 84 + 21 * depth
        crests = f"q{half // 2} {-lift} {half} 0" + f"t{half} 0" * (WIDTH // half + 2)
        swells.append(s.fill(f"M{-s.between(0, 2 * half)} {HEIGHT}V{y}{crests}V{HEIGHT}Z", depth))
    x, size = s.between(50, 250), s.between(20, 30)
    sail = f'<path d="M{x} {96 - size}v{size}h{-size * 2 // 3}zm3 {size // 5}v{size * 4 // 5}h{size // 2}z" fill="oklch(0.985 0.01 95)"/>'
    return swells[0] + sail + s.fill(f"M{x - size} 97h{size * 2}l-7 8h{14 - size * 2}z", 3) + "".join(swells[1:])


def _pines(s: _Scene) -> str:
    """Draw a wood on the slopes: each tree in three tiers."""
    layers = [s.ridge(82, 0)]
    for depth in (1, 2, 3):
        y, d, x = 92 + 22 * depth, "", s.between(-14, 4)
        while x < WIDTH + 10:
            h = s.between(24, 40) + 6 * depth
            d += f"M{x} {y - h}{_pine(h)}"
            x += s.between(3 * (h // 5), 8 * (h // 5))
        layers.append(s.fill(f"{d}M0 {HEIGHT}V{y - 3}Q160 {y - 14} {WIDTH} {y - 3}V{HEIGHT}z", depth))
    return "".join(layers)


@cache
def _pine(height: int) -> str:
    """Return a tree from its top downwards."""
    w, third = height // 5, height // 3
    return f"l{w} {third}h-{w // 3}l{w} {third}h-{w // 3}l{w} {third + 4}h-{5 * w}l{w} -{third + 4}h-{w // 3}l{w} -{third}h-{w // 3}z"


def _fields(s: _Scene) -> str:
    """Draw furrows that run to the horizon."""
    middle, horizon, strips = s.between(90, 230), 98, 11
    edges = [middle + (n - strips / 2) * 76 for n in range(strips + 1)]
    furrows = "".join(
        f"M{middle} {horizon - 6}L{a:.0f} {HEIGHT}H{b:.0f}z" for a, b in zip(edges[::2], edges[1::2], strict=False)
    )
    ground = f"M0 {HEIGHT}V{horizon}Q160 {horizon - 12} {WIDTH} {horizon}V{HEIGHT}z"
    return s.ridge(92, 0, 26) + s.ridge(98, 1, 16) + s.fill(ground, 2) + s.fill(furrows, 3)


def _roofs(s: _Scene) -> str:
    """Draw streets of gabled houses with lit windows, one behind another."""
    layers, lit = [s.ridge(80, 0, 20)], ""
    for depth in (1, 2, 3):
        d, x = "", -s.between(0, 16)
        while x < WIDTH:
            w, top, gable = s.between(22, 40), 76 + 22 * depth - s.between(0, 24), s.between(8, 18)
            d += f"M{x} {HEIGHT}V{top}l{w // 2} {-gable} {w - w // 2} {gable}V{HEIGHT}z"
            if depth > 1 and next(s.chance) < 0.6:
                lit += f"M{x + w // 2 - 3} {top + 8}h6v8h-6z"
            x += w + s.between(0, 5)
        layers.append(s.fill(d, depth))
    return "".join(layers) + f'<path d="{lit}" fill="oklch(0.9 0.12 85)"/>'


def _lights(s: _Scene) -> str:
    """Draw pylons with their wires over the hills, and lit windows below."""
    feet = [s.between(20, 60), s.between(130, 180), s.between(250, 300)]
    towers = "".join(
        f"M{x - 9} 128L{x} 44 {x + 9} 128M{x - 16} 62h32M{x - 12} 76h24M{x - 6} 100l10 -16M{x + 6} 100l-10 -16"
        for x in feet
    )
    ends = [-60, *feet, 380]
    wires = "".join(f"M{a} {y}Q{(a + b) // 2} {y + 20} {b} {y}" for y in (62, 76) for a, b in pairwise(ends))
    windows = "".join(f"M{s.between(0, WIDTH)} {s.between(128, 154)}h3v4h-3z" for _n in range(26))
    hills = s.ridge(96, 0) + s.ridge(112, 1), s.ridge(132, 2.4, 16)
    lit = f'<path d="{windows}" fill="oklch(0.93 0.12 88)"/>'
    return hills[0] + s.stroke(wires, 2.6, 1, s.aloft(2.6)) + s.stroke(towers, 3, 2, s.aloft(3)) + hills[1] + lit


def _road(s: _Scene) -> str:
    """Draw a road that winds towards the hills."""
    end, bend, near = s.between(110, 210), s.between(-70, 70), s.between(60, 260)
    way = f"M{end - 2} 98C{end + bend} 110 {near - bend - 40} 124 {near - 46} {HEIGHT}h92C{near - bend + 44} 124 {end + bend + 14} 110 {end + 2} 98z"
    middle = f"M{end} 99C{end + bend + 7} 111 {near - bend + 2} 125 {near} {HEIGHT}"
    dashes = f'<path d="{middle}" fill="none" stroke="oklch(0.985 0.01 95)" stroke-width="2.5" stroke-dasharray="3 5 6 7 10 9"/>'
    return (
        s.ridge(84, 0)
        + s.ridge(98, 1, 26)
        + s.fill(f"M0 {HEIGHT}V104Q160 88 {WIDTH} 104V{HEIGHT}z", 2)
        + s.fill(way, 3.3)
        + dashes
    )


def _bricks(s: _Scene) -> str:
    """Draw a wall that is still being built."""
    courses: dict[int, str] = {1: "", 2: "", 3: ""}
    tops = [s.between(0, 3) for _n in range(6)]
    for row in range(6):
        for n, x in enumerate(range(-17 * (row % 2), WIDTH, 34)):
            if row >= tops[n * 6 // 11]:
                courses[s.between(0.6, 3.4)] += f"M{x} {88 + 13 * row}h31v10h-31z"
    mortar = "".join(f"M{n * 55} {HEIGHT}V{86 + 13 * top}h56V{HEIGHT}z" for n, top in enumerate(tops))
    return s.ridge(92, 0) + s.fill(mortar, 0.3) + "".join(s.fill(d, depth) for depth, d in courses.items())


def _drops(s: _Scene) -> str:
    """Draw drops over still water, and their rings."""
    drops, rings = "", ""
    for n in range(5):
        x, y, size = 34 + 63 * n + s.between(-14, 14), s.between(14, 62), s.between(8, 15)
        drops += f"M{x} {y}q{size} {size * 1.4:.0f} {size} {size * 2}a{size} {size} 0 0 1-{2 * size} 0q0-{size * 0.6:.0f} {size} -{size * 2}z"
        middle = 112 + s.between(0, 36)
        rings += "".join(
            f"M{x - w} {middle}a{w} {w // 4} 0 1 0 {2 * w} 0a{w} {w // 4} 0 1 0-{2 * w} 0" for w in (10, 20, 32)
        )
    water = s.ridge(96, 0, 24) + s.fill(f"M0 {HEIGHT}V98H{WIDTH}V{HEIGHT}z", 1.2)
    return water + s.stroke(rings, 0, 1.5) + s.fill(drops, 2, s.aloft(2))


def _grid(s: _Scene) -> str:
    """Draw a plain ruled into squares, with data points over it."""
    far, middle = 96, s.between(110, 210)
    lines = "".join(f"M{middle + n * 9} {far}L{middle + n * 62} {HEIGHT}" for n in range(-14, 15) if n)
    lines += "".join(f"M0 {far + n * n * 1.8:.0f}H{WIDTH}" for n in range(1, 6))
    tops = [(x, s.between(36, 88)) for x in range(16, WIDTH, 48)]
    line = "M" + "L".join(f"{x} {y}" for x, y in tops)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="5" fill="{s.aloft(3)}"/>' for x, y in tops)
    plain = s.fill(f"M0 {HEIGHT}V{far}H{WIDTH}V{HEIGHT}z", 2.6)
    return (
        s.ridge(98, 0, 30)
        + s.ridge(104, 1, 20)
        + plain
        + s.stroke(lines, 1, 1)
        + s.stroke(line, 3, 2, s.aloft(3))
        + dots
    )


_MOTIFS: dict[str, Callable[[_Scene], str]] = {
    "waves": _waves,
    "hills": _hills,
    "pines": _pines,
    "fields": _fields,
    "roofs": _roofs,
    "grid": _grid,
    "bricks": _bricks,
    "road": _road,
    "lights": _lights,
    "drops": _drops,
}
MOTIFS = tuple(_MOTIFS)


@lru_cache(1024)  # 1.3 kB each: a list draws twenty-four, mostly ones that it drew before
def cover(title: str, hue_from: int, hue_to: int, motif: str) -> str:
    """Return an SVG of 320 × 160 without ids or styles; hues in degrees of OKLCH, from the sky to the ground.

    The same title and cluster give the same picture. An unknown motif draws hills.
    """
    chance = _numbers(title + motif)
    hour, aside = _NAMES[int(next(chance) * len(_NAMES))], round((2 * next(chance) - 1) * _ASIDE)
    is_mirrored = next(chance) < 0.5
    scene = _Scene(chance, hue_from + aside, hue_to + aside, hour)
    land = _MOTIFS.get(motif, _hills)
    return (
        f'<svg class="cover" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f"{_sky(scene)}{_mirrored(land(scene)) if is_mirrored else land(scene)}</svg>"
    )


def _sky(s: _Scene) -> str:
    """Draw the sky with its sun, or its moon and stars, or its clouds."""
    hour = _HOURS[s.hour]
    lightness, chroma, hue = hour.sky
    colour = f"oklch({lightness} {chroma} {s.hue_from % 360 if hue is None else hue})"
    x, y, radius = s.between(40, 280), s.between(hour.high, hour.low), s.between(hour.least, hour.most)
    sky = (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colour}"/>'
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{hour.sun}"/>'
    )
    if s.hour == "night":
        bitten = f'<circle cx="{x + radius // 2}" cy="{y - radius // 4}" r="{radius - 1}" fill="{colour}"/>'
        stars = "".join(f"M{s.between(6, 314)} {s.between(6, 76)}h2v2h-2z" for _n in range(14))
        return f'{sky}{bitten}<path d="{stars}" fill="oklch(0.93 0.04 90)"/>'
    if s.hour == "mist":
        clouds = "".join(
            f"M{s.between(-20, 260)} {s.between(26, 66)}h{s.between(50, 110)}a8 8 0 0 0-10-12a14 14 0 0 0-26-4a11 11 0 0 0-18 16z"
            for _n in range(3)
        )
        return f'{sky}<path d="{clouds}" fill="oklch(0.995 0.003 95)"/>'
    return sky


def _mirrored(drawing: str) -> str:
    return f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">{drawing}</g>'
