"""Any text renders safely, and no text needs its process killed."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubator.core.text import clean
from incubator.http.markdown.grammar import to_html
from incubator.http.markdown.scanning import lines_of
from tests.http.markdown_safety import shown, unsafe
from tests.http.markdown_samples import ANYTHING, ATTACKS, HOSTILE, LONGEST, MARKUP, ORDINARY, REPEATED, recorded
from tests.sample import Source, each_source
from tests.scale import scaled

PROFILE = settings(
    max_examples=scaled(3000, share=50),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_are_disarmed(text: str) -> None:
    assert not unsafe(to_html(text))


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_texts_lose_no_word(text: str) -> None:
    html = to_html(text)
    assert not unsafe(html)
    for word in ("датчик", "пасек", "снег", "List<String>", "snake_case_name", "5*3*2", "a < b && c > d"):
        assert (word in text) == (word in shown(html))


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_hostile_texts_end(piece: str) -> None:
    """Count the output instead of seconds: a backtracking parser would never finish at this size."""
    many = piece * (LONGEST // len(piece))
    some = piece * (5000 // len(piece))
    for text in (many, f"|a|b|\n|-|-|\n{some}", f"- {some}", f"[^1]\n\n[^1]: {some}", some + some[::-1]):
        html = to_html(text)
        assert not unsafe(html)
        assert len(html) < 25 * len(text) + 1000


@PROFILE
@given(MARKUP)
def test_any_markup_renders_safely(text: str) -> None:
    assert not unsafe(to_html(text))


@PROFILE
@given(REPEATED)
def test_any_repetition_renders_safely(text: str) -> None:
    assert not unsafe(to_html(text))


@PROFILE
@given(ANYTHING)
def test_anything_renders_safely(text: str) -> None:
    assert not unsafe(to_html(text))


@PROFILE
@given(st.text(st.characters(categories=["L", "N", "Zs", "P", "S"], exclude_characters="&[`~"), max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    """Without links, entities and names of programming languages, all letters are kept in order."""
    left = iter(shown(to_html(text)))
    typed = [c for line in lines_of(text) for c in line if c.isalpha()]
    assert all(any(c == seen for seen in left) for c in typed)


@PROFILE
@given(MARKUP, MARKUP)
def test_no_text_changes_the_next(first: str, second: str) -> None:
    alone = to_html(second)
    to_html(first)
    assert to_html(second) == alone


@each_source
def test_every_text_on_record_renders_safely(source: Source) -> None:
    for text in recorded(source):
        assert not unsafe(to_html(text)), text[:200]


def test_pairs_of_hostile_pieces_end() -> None:
    for one, other in itertools.product(HOSTILE[::7], HOSTILE[::5]):
        assert not unsafe(to_html((one + other) * (1500 // len(one + other))))


@pytest.mark.parametrize("number", ["1", "x0b", "0", "xffff", "xd800", "127", "x202e", "x2066"])
def test_no_reference_brings_a_character_that_no_document_may_hold(number: str) -> None:
    html = to_html(f"Мы&#{number};весили\n\n`код&#{number};`")
    assert clean(html) == html
