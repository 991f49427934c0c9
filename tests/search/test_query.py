"""Parsing of search queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.search.query import MOST_TERMS, Query, Term, in_quotes, parse

PHRASE = Term((("тихий",), ("улей",)), is_phrase=True)


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("", (), ()),
        ("  ?! - ", (), ()),
        ("Ульи ", (Term((("улей", "улья"),), "ульи"),), ()),
        ("пчёлы мёд", (Term((("пчела",),)), Term((("мед",),), "мед")), ()),
        ("улей улей датчик x", (Term((("улей",),)), Term((("датчик",),)), Term((("x",),))), ()),
        ("«тихий улей» мёд", (PHRASE, Term((("мед",),), "мед")), ()),
        ('"тихий улей" -мёд', (PHRASE,), (Term((("мед",),)),)),
        ("улей -«соты пчёл» ", (Term((("улей",),)),), (Term((("соты",), ("пчела",)), is_phrase=True),)),
        ("«незакрытая кавычка", (Term((("незакрытый",), ("кавычка",)), is_phrase=True),), ()),
        ("3d-печать", (Term((("3d",),)), Term((("печать",),), "печать")), ()),
        ("-3d-печать", (), (Term((("3d",), ("печать",))),)),
        ("энерго - аудит", (Term((("энерг",),)), Term((("аудит",),), "аудит")), ()),
        ("-всё", (), (Term((("весь", "все"),)),)),
    ],
)
def test_parse(typed: str, wanted: tuple[Term, ...], unwanted: tuple[Term, ...]) -> None:
    assert parse(typed.strip()) == Query(wanted, unwanted)


def test_each_word_in_quotes() -> None:
    assert in_quotes("умный ektq -дом") == '"умный" "ektq" -дом'
    assert in_quotes("«умный» ektq") == in_quotes(" ") == ""


@given(st.text(max_size=300))
def test_anything_can_be_typed(typed: str) -> None:
    query = parse(typed)
    assert len(query.wanted) <= MOST_TERMS
    for term in (*query.wanted, *query.unwanted):
        assert all(key and not set(key) & set(" |:") for word in term.words for key in word)
