"""Parsing of search queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.search.query import MOST_TERMS, Query, Term, parse

PHRASE = Term(("тих", "ул"), is_phrase=True)


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("", (), ()),
        ("  ?! - ", (), ()),
        ("Ульи ", (Term(("ул",), "ульи"),), ()),
        ("пчёлы мёд", (Term(("пчел",)), Term(("мед",), "мед")), ()),
        ("улей улей датчик x", (Term(("ул",)), Term(("датчик",)), Term(("x",))), ()),
        ("«тихий улей» мёд", (PHRASE, Term(("мед",), "мед")), ()),
        ('"тихий улей" -мёд', (PHRASE,), (Term(("мед",)),)),
        ("улей -«соты пчёл» ", (Term(("ул",)),), (Term(("сот", "пчел"), is_phrase=True),)),
        ("«незакрытая кавычка", (Term(("незакрыт", "кавычк"), is_phrase=True),), ()),
        ("3d-печать", (Term(("3d",)), Term(("печа",), "печать")), ()),
        ("-3d-печать", (), (Term(("3d", "печа")),)),
        ("энерго - аудит", (Term(("энерг",)), Term(("ауд",), "аудит")), ()),
        ("-всё", (), (Term(("все",)),)),
    ],
)
def test_parse(typed: str, wanted: tuple[Term, ...], unwanted: tuple[Term, ...]) -> None:
    assert parse(typed.strip()) == Query(wanted, unwanted)


@given(st.text(max_size=300))
def test_anything_can_be_typed(typed: str) -> None:
    query = parse(typed)
    assert len(query.wanted) <= MOST_TERMS
    for term in (*query.wanted, *query.unwanted):
        assert all(s and s.isalnum() for s in term.stems)
