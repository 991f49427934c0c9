"""A text on paper says what its page says, block by block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.http.markdown.grammar import to_html
from incubator.http.markdown.plain import plain
from incubator.typesetting.blocks import (
    Block,
    CodeBlock,
    HeadingBlock,
    ListBlock,
    QuoteBlock,
    RuleBlock,
    Span,
    TableBlock,
    TextBlock,
)
from incubator.typesetting.html_blocks import blocks_of_html


def blocks_of(markdown: str) -> tuple[Block, ...]:
    return blocks_of_html(to_html(markdown))


def text(words: str) -> TextBlock:
    return TextBlock((Span(words),))


@pytest.mark.parametrize(
    ("markdown", "block"),
    [
        ("Просто слова", text("Просто слова")),
        ("Первая строка  \nвторая", TextBlock((Span("Первая строка\nвторая"),))),
        ("**важно** и *тише*", TextBlock((Span("важно", bold=True), Span(" и "), Span("тише", italic=True)))),
        ("H~2~O, м^2^", TextBlock((Span("H"), Span("2", raised=-1), Span("O, м"), Span("2", raised=1)))),
        ("~~нет~~", TextBlock((Span("нет", struck=True),))),
        ("`код`", TextBlock((Span("код", code=True),))),
        ("## Заголовок", HeadingBlock(1, (Span("Заголовок"),))),
        ("> Сказал", QuoteBlock((text("Сказал"),))),
        ("```\nа = 1\nб = 2\n```", CodeBlock("а = 1\nб = 2")),
        ("---", RuleBlock()),
        ("* раз\n* два", ListBlock(((text("раз"),), (text("два"),)))),
        ("3. раз\n4. два", ListBlock(((text("раз"),), (text("два"),)), start=3)),
        ("* раз\n  * внутри", ListBlock(((text("раз"), ListBlock(((text("внутри"),),))),))),
        ("- [x] готово", ListBlock(((text("☑ готово"),),))),
    ],
)  # fmt: skip
def test_each_block(markdown: str, block: Block) -> None:
    assert blocks_of(markdown) == (block,)


def test_a_table_keeps_its_sides() -> None:
    (table,) = blocks_of("| Пасека | Ульев | Что |\n|:--|--:|:-:|\n| Дивеево | 40 | **да** |")
    assert isinstance(table, TableBlock)
    assert table.sides == ("left", "right", "center")
    assert table.head == ((Span("Пасека"),), (Span("Ульев"),), (Span("Что"),))
    assert table.rows == (((Span("Дивеево"),), (Span("40"),), (Span("да", bold=True),)),)


def test_a_link_says_on_paper_where_it_leads() -> None:
    (block,) = blocks_of("[пасечник](https://pchela.example/a) и <https://b.example/>")
    assert isinstance(block, TextBlock)
    assert [span.text for span in block.words] == ["пасечник", " (pchela.example)", " и ", "https://b.example/"]
    assert [span.link for span in block.words] == ["https://pchela.example/a", "", "", "https://b.example/"]


def test_a_note_keeps_its_number_and_loses_its_way_back() -> None:
    blocks = blocks_of("Так считают[^1].\n\n[^1]: Опрос")
    assert blocks[0] == TextBlock((Span("Так считают"), Span("1", raised=1), Span(".")))
    assert blocks[-1] == ListBlock(((text("Опрос"),),), start=1)


def test_a_masked_sheet_keeps_its_lines() -> None:
    assert blocks_of_html('<p class="prewrap">Всего: 5\n▮▮▮</p>') == (text("Всего: 5\n▮▮▮"),)
    assert blocks_of_html("") == ()


def said(blocks: tuple[Block, ...]) -> str:
    """Return all words of some blocks."""
    found = []
    for block in blocks:
        if isinstance(block, (TextBlock, HeadingBlock)):
            found.append("".join(span.text for span in block.words))
        elif isinstance(block, ListBlock):
            found += [said(item) for item in block.items]
        elif isinstance(block, QuoteBlock):
            found.append(said(block.blocks))
        elif isinstance(block, CodeBlock):
            found.append(block.text)
        elif isinstance(block, TableBlock):
            found += ["".join(span.text for span in cell) for row in (block.head, *block.rows) for cell in row]
    return " ".join(found)


_PIECES = st.sampled_from(
    ["слово", "**важно**", "*тише*", "\n\n", "\n", "* ", "1. ", "> ", "## ", "| а | б |\n|--|--|\n| 1 | 2 |", "```\n", "~2~", "`x`", " ", "---", "&", "<b>"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_paper_says_every_word_of_the_page(markdown: str) -> None:
    html = to_html(markdown)
    assert "".join(said(blocks_of_html(html)).split()) == "".join(plain(html).split())
