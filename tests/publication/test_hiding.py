"""Hiding passages in Markdown, and pointing at them in rendered HTML."""

import pytest

from incubator.http.markdown.renderer import render
from incubator.publication.hiding import MASK, canonical, hidden
from incubator.publication.visible_text import Highlight, marked, visible_of


@pytest.mark.parametrize(
    ("source", "passage", "left"),
    [
        ("Пишет Мария Кузнецова сама", "Мария Кузнецова", f"Пишет {MASK} сама"),
        ("Пишет **Мария** Кузнецова", "Мария Кузнецова", f"Пишет **{MASK}"),
        ("Пишет Мария  \nКузнецова", "Мария Кузнецова", f"Пишет {MASK}"),
        ("Куз**нецо**ва", "Кузнецова", MASK),
        ("Кузне&shy;цова и Кузне\u00adцова", "Кузнецова", f"{MASK} и {MASK}"),
        ("&#1050;узнецова", "Кузнецова", MASK),
        ("Кузне\\_цова", "Кузнецова", MASK),
        ("Кузнецо\u0301ва", "Кузнецова", MASK),
        ("лес и Лес, Лесной", "Лес", f"лес и {MASK}, Лесной"),
        ("8&nbsp;921 123-45-67.", "8 921 123-45-67", f"{MASK}."),
        ("ivan_petrov@mail.ru", "ivan_petrov@mail.ru", MASK),
        ("[Наш чат](https://t.me/pchely) там", "https://t.me/pchely", f"Наш чат {MASK} там"),
        ("[почта](mailto:a@b.ru)", "a@b.ru", f"почта {MASK}"),
        ("Ничего", "", "Ничего"),
        ("Ничего", "**", "Ничего"),
        ("а\\", "б", "а\\"),
    ],
)
def test_a_passage_is_hidden_however_it_is_written(source: str, passage: str, left: str) -> None:
    assert hidden(source, [passage]) == left


def test_passages_that_overlap_are_hidden_together() -> None:
    assert hidden("Мария Кузнецова, д. 5", ["Мария Кузнецова", "Кузнецова, д. 5", "д. 5"]) == MASK
    assert hidden("а б а", ["а", "б"]) == f"{MASK} {MASK} {MASK}"


def test_spellings_that_read_alike_are_one() -> None:
    assert canonical("Кузне\u00adцова  **М.**") == canonical("кузнецова М.")


async def test_a_passage_is_marked_where_it_stands() -> None:
    html = str(await render("Пишет **Мария** Кузнецова & Ко\n\n[чат](https://t.me/a)"))
    visible = visible_of(html)
    start = visible.text.index("Мария")
    shown = marked(html, visible, [Highlight(start, start + len("Мария Кузнецова"), "finding")])
    assert (
        '<strong><mark class="finding">Мария</mark></strong><mark class="finding"> Кузнецова</mark> &amp; Ко' in shown
    )
    assert [(link.address, visible.text[link.start : link.end]) for link in visible.links] == [
        ("https://t.me/a", "чат")
    ]
    assert marked(html, visible, []) == html


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("| Мария | Кузнецова | 8А |", "| ▮▮▮ | ▮▮▮ | 8А |"),
        ("1. Мария\n2. Кузнецова\n3. Иван", "1. ▮▮▮\n2. ▮▮▮\n3. Иван"),
        ("- [x] Мария\n- [ ] Кузнецова", "- [x] ▮▮▮\n- [ ] ▮▮▮"),
        ("> Мария\n> Кузнецова", "> ▮▮▮\n> ▮▮▮"),
        ("Мария\\\nКузнецова", "▮▮▮\\\n▮▮▮"),
        ("Мария [Кузнецова](https://a.example) тут", "▮▮▮ [▮▮▮](https://a.example) тут"),
        (
            "[Мария](https://a.example) [Кузнецова](https://b.example)",
            "[▮▮▮](https://a.example) [▮▮▮](https://b.example)",
        ),
        ("| Мария | | Кузнецова |", "| ▮▮▮ | | ▮▮▮ |"),
        ("| Мария |\n\nИван\n\n| Кузнецова |", "| Мария |\n\nИван\n\n| Кузнецова |"),
    ],
)
def test_what_divides_a_text_stays_where_a_passage_goes(text: str, left: str) -> None:
    assert hidden(text, ["Мария Кузнецова"]) == left
