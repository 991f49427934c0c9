"""Searches of the workplace: however it is spelt."""

import pytest

from incubator.core.folding import folded, says


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Тихий улей", "тихий  УЛЕЙ!"), ("Чёрный ёж", "черный еж"), ("Школа № 1", "школа №1"), ("о'Коннор", "О’Коннор"),
        ("Завод «Заря»", 'завод "заря"'), ("Салтыков-Щедрин", "салтыков щедрин"), ("ти\u00adхий\u200b", "тихий"),
        ("COVID-19", "covid 19"), ("ﬁнал", "fiнал"), ("", "…–!"),
    ],
)  # fmt: skip
def test_spellings_are_equal(text: str, same: str) -> None:
    assert folded(text) == folded(same)


def test_a_part_is_found_however_it_is_spelt() -> None:
    assert says("Датчики «Тихий улей»", "тихий   улей")
    assert says("Всё что угодно", "")
    assert not says("Тихий улей", "громкий")
