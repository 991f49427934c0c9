"""Stemming and folding."""

from incubator.search.stemming import index_of, stems


def test_forms_of_a_word_are_one_stem() -> None:
    assert stems("ульи") == stems("Ульями") == stems("УЛЬЕВ") == ["ул"]
    assert stems("sensors") == stems("Sensor") == ["sensor"]


def test_yo_is_ye_and_punctuation_goes() -> None:
    assert stems("Ёлка!") == stems("елка") == ["елк"]
    assert stems("%_'\"--") == []


def test_stems_stand_in_order() -> None:
    assert index_of("мёд и мед", "Мёд!") == "мед и мед мед"
