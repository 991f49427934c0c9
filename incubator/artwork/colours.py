"""Colours for programs that cannot read OKLCH: sRGB in hexadecimal. Pure."""

import re
from functools import lru_cache
from math import cos, radians, sin

_OKLCH = re.compile(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)")


@lru_cache(4096)
def hex_of(lightness: float, chroma: float, hue: float) -> str:
    """Return ``#rrggbb`` for a colour in OKLCH (hue in degrees), clipped to sRGB. Ottosson, "A perceptual color space", 2020."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, part)))):02x}" for part in linear)


def _gamma(linear: float) -> float:
    """Apply the transfer function of sRGB (IEC 61966-2-1)."""
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def in_srgb(svg: str) -> str:
    """Return one of our SVGs with colours that any program can read."""
    return _OKLCH.sub(lambda m: hex_of(float(m[1]), float(m[2]), float(m[3])), svg)
