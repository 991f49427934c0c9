"""Highlighted words, and the choice of the snippet."""

from hypothesis import given
from hypothesis import strategies as st

from incubator.search.query import parse
from incubator.search.snippet import has_all, marked, snippet


def said(text: str, words: str) -> str:
    return "".join(f"[{piece}]" if is_find else piece for piece, is_find in marked(text, parse(words)))


def test_finds_are_marked_whatever_their_form() -> None:
    assert said("Тихий улей слушает пчёл.", "улья ПЧЕЛА") == "Тихий [улей] слушает [пчёл]."
    assert said("Happy bees: happiness", "happy") == "[Happy] bees: [happiness]"
    assert said("подулей и улей", "улей") == "подулей и [улей]"
    assert said("Всё без слов", "") == "Всё без слов"
    assert said("датчики, датчиков, дата", "датч") == "[датчики], [датчиков], дата"


def test_the_piece_with_most_finds_is_shown() -> None:
    text = "Начало. " + "Пустые слова идут долго. " * 20 + "Вот улей и пчёлы рядом. " + "Потом ещё слова. " * 20
    shown = "".join(piece for piece, _find in snippet(["улей один " + "слова " * 60, text], parse("улей пчела")))
    assert "улей и пчёлы рядом" in shown
    assert shown.startswith("… ")
    assert shown.endswith("…")
    assert len(shown) < 200
    assert snippet([text], parse("трактор")) == []
    assert has_all(["Тихий улей", "пчёлы"], parse("пчела улей"))
    assert not has_all(["Тихий улей"], parse("пчела улей"))


@given(st.text(max_size=400), st.text(max_size=40))
def test_nothing_is_lost(text: str, words: str) -> None:
    assert "".join(piece for piece, _find in marked(text, parse(words))) == text
    assert len("".join(piece for piece, _find in snippet([text], parse(words), length=50))) <= 56
