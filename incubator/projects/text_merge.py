"""Bringing two texts together that two people made of one, word by word. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from incubator.projects.diff import words_of

_Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class MergedText:
    text: str
    clashes: int
    """Places where both changed the same words: there the text has both, theirs first; what one of them deleted stays."""


def merge(base: str, mine: str, theirs: str) -> MergedText:
    """Return ``base`` with what both have changed in it.

    Between words that all three share, the passage of whoever changed it is taken (diff3: Khanna, Kunal and Pierce, "A formal
    investigation of diff3", 2007).
    """
    a, b, o = words_of(mine), words_of(theirs), words_of(base)
    out: list[str] = []
    clashes = at_a = at_b = at_o = 0
    for in_o, in_a, in_b, length in _shared(o, a, b):
        passage, is_clash = _between(o[at_o:in_o], a[at_a:in_a], b[at_b:in_b])
        out += [*passage, *o[in_o : in_o + length]]
        clashes += is_clash
        at_o, at_a, at_b = in_o + length, in_a + length, in_b + length
    return MergedText("".join(out), clashes)


def _between(base: _Words, mine: _Words, theirs: _Words) -> tuple[_Words, bool]:
    """Return what a passage becomes that not all share, and whether both changed it."""
    if mine in (base, theirs):
        return theirs, False
    if theirs == base:
        return mine, False
    between = [] if not theirs or not mine else [" "] if base else ["\n\n"]
    return [*theirs, *between, *mine], True


def _shared(base: _Words, mine: _Words, theirs: _Words) -> Iterator[tuple[int, int, int, int]]:
    """Yield the runs that all three share: where each begins in base, mine and theirs, and its length; at last the ends."""
    in_mine, in_theirs = _blocks(base, mine), _blocks(base, theirs)
    m = t = 0
    while m < len(in_mine) and t < len(in_theirs):
        base_m, at_m, length_m = in_mine[m]
        base_t, at_t, length_t = in_theirs[t]
        start, end = max(base_m, base_t), min(base_m + length_m, base_t + length_t)
        if start < end:
            yield start, at_m + start - base_m, at_t + start - base_t, end - start
        if base_m + length_m < base_t + length_t:
            m += 1
        else:
            t += 1
    yield len(base), len(mine), len(theirs), 0


def _blocks(base: _Words, other: _Words) -> list[tuple[int, int, int]]:
    return [(i, j, n) for i, j, n in SequenceMatcher(None, base, other).get_matching_blocks() if n]
