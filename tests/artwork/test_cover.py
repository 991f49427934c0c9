"""Covers: the same for the same title, for every motif, small and safe to embed in a page."""

import re
from itertools import islice
from xml.etree import ElementTree

import pytest

from incubator.artwork.cover import MOTIFS, _numbers, cover
from incubator.reference.defaults import default

LARGEST = 3000


@pytest.mark.parametrize("motif", MOTIFS)
def test_same_title_same_picture_and_others_differ(motif: str) -> None:
    assert cover("Тихий улей", 95, 125, motif) == cover("Тихий улей", 95, 125, motif)
    titles = ["Тихий улей", "Тихий улей 2", "Quiet hive", "Щ", ""]
    assert len({cover(title, 95, 125, motif) for title in titles}) == len(titles)


@pytest.mark.parametrize("motif", MOTIFS)
def test_twelve_projects_of_one_cluster_are_told_apart_at_a_glance(motif: str) -> None:
    """By hour, side and hue: what one sees before any detail."""
    titles = [f"Проект {n}" for n in range(120)]
    glances = []
    for title in titles:
        svg = cover(title, 95, 125, motif)
        sky = re.search(r'<rect [^>]*fill="([^"]+)"', svg)
        land = frozenset(re.findall(r'<path [^>]*(?:fill|stroke)="(oklch[^"]+)"', svg))
        assert sky
        glances.append((sky[1], land, "matrix" in svg))
    for start in range(0, 120, 12):
        twelve = glances[start : start + 12]
        assert len({sky for sky, _land, _side in twelve}) >= 3
        assert len(set(twelve)) >= 10


def test_motifs_and_hues_are_told_apart() -> None:
    assert len({cover("Улей", 95, 125, motif) for motif in MOTIFS}) == len(MOTIFS)
    assert cover("Улей", 95, 125, "hills") != cover("Улей", 225, 200, "hills")


@pytest.mark.parametrize("motif", MOTIFS)
@pytest.mark.parametrize("title", ["Тихий улей", "<script>&\"'", "\ud800", "Ю" * 120])
def test_picture_is_well_formed_small_and_plain(motif: str, title: str) -> None:
    svg = cover(title, 0, 359, motif)
    assert len(svg.encode()) < LARGEST
    names = {name for element in ElementTree.fromstring(svg).iter() for name in (element.tag, *element.attrib)}
    assert not names & {"id", "style", "script", "href"}
    assert not re.search(r"nan|inf|e-\d", svg)


def test_unknown_motif_draws_something() -> None:
    assert ElementTree.fromstring(cover("Улей", 95, 125, "volcano")).find("path") is not None


def test_every_cluster_of_the_region_has_a_motif_of_its_own() -> None:
    motifs = [row["motif"] for row in default("clusters")["cluster"]]
    assert sorted(motifs) == sorted(MOTIFS)


def test_numbers_are_those_of_xorshift() -> None:
    found = list(islice(_numbers("Тихий улей"), 100))
    state = 2166136261
    for byte in "Тихий улей".encode():
        state = (state ^ byte) * 16777619 % 2**32
    for number in found:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        assert number == state / 2**32
