"""Titles in any script are drawn in the characters that the font has."""

import pytest

from incubator.typesetting.drawn_text import drawn_text
from incubator.typesetting.fonts import characters


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Умная кормушка – «Ёж» №1, 3×4 ½", "Умная кормушка – «Ёж» №1, 3×4 ½"),
        ("🚀 Ракета 🚀", "Ракета"),
        ("智能花园", "ZhiNengHuaYuan"),
        ("Ελλάδα", "Ellada"),
        ("\ufb01ltre \u2460", "filtre 1"),
        ("Ǎ", "A"),
        ("Пчёлы 🐝: мёд  🐝 и воск 🐝.", "Пчёлы: мёд и воск."),
        ("🚀🚀", "Бобры"),
        ("", "Бобры"),
    ],
)
def test_a_text_is_drawn(text: str, drawn: str) -> None:
    assert drawn_text(text, "Бобры") == drawn


def test_nothing_is_drawn_that_the_font_lacks() -> None:
    everything = "".join(map(chr, range(0x20, 0x3000))) + "漢字한글ひ"
    assert {ord(each) for each in drawn_text(everything)} - characters() <= {0x200B, *map(ord, "\t\n\u00a0")} | {
        ord(each) for each in everything if each.isspace()
    }
