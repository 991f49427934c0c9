"""Texts that show nothing, and invisible characters that have a meaning."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incubator.core.text import clean, clean_line
from incubator.core.visible import says_something
from incubator.http.markdown.grammar import to_html
from incubator.http.markdown.plain import plain
from tests.growth import LINEAR, growth

NOTHING = [
    "", " ", "\n\t", "\u00a0", "\u200b", "\u200b\u200c\u200d\u2060\ufeff", "\u3164", "\u2800\u2800", "\u00ad", "\u115f\u1160", "\uffa0",
    "\u0301", "\u0301\u0308", "\ufe0f", "\U000e0041", "\u034f", "\u180e", "\u2062", "\U0001d173", "\U0001d159", "\ufffc", "\ufffd",
    "\ue000", "&nbsp;", "&nbsp;&#8203;&ZeroWidthSpace;&shy;", "---", "***", "– – –", "…", "?!", ".", "<br>", "<br/><hr>", "<p></p>",
    "<!-- -->", "<!---->", "[](https://example.org)", "[ ]( )", "[](x)", "![](/f/1)", "[![](a)](b)", "[\u200b](x)", "**", "** **",
    "_ _", "~~ ~~", "#", "## ##", ">", "> >\n>", "- ", "- [ ]", "- [x] ", "- 1.", "1. 2. 3.", "12345.", "- - [ ]", "* \n* ", "1.", "1. \n2. ", "```\n```", "~~~python\n~~~",
    "| | |\n|---|---|\n| | |", "| --- |", "\\", "────────", "█▌▐", "ـــ", "`` ``", "<span>\u200b</span>", "\u2028", "\x0b", "- [ ] \u3164",
    "[^1]:", "> ```py", "* ```py", "1. ~~~x",
]  # fmt: skip

SOMETHING = [
    "а", "1", "№ 5", "C++", "+7", "😀", "👍🏽", "日", "العربية", "<goal>", "List<String>", "[Отчёт](https://example.org)",
    "https://example.org", "![Схема](/f/1)", "- [x] сделано", "1. Первое", "2026", "```\nprint(1)\n```", "&lt;b&gt;", "Ⅷ", "½", "々",
    "<!-- план -->", "[^1]: да", "> ```\n> print(1)\n> ```", "- 5", "**1**", "🇷🇺", "a\u0301", "\u200bтекст", "> да",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_it_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_it_says_something(text: str) -> None:
    assert says_something(text)


@pytest.mark.parametrize("text", [text for text in SOMETHING if "goal" not in text])
def test_what_says_something_is_seen_on_a_page(text: str) -> None:
    assert any(c.isalnum() or ord(c) > 0x2000 for c in plain(to_html(text)))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("одно\x0bдва", "одно\nдва"), ("одно\u2028два\u2029три", "одно\nдва\nтри"), ("а\x0cб\x85в\x1cг", "а\nб\nв\nг"),
        ("а\r\nб\rв", "а\nб\nв"), ("а\tб", "а\tб"),
        ("сло\u00adво", "слово"), ("сло\u200bво", "слово"), ("\ufeffслово\u2060", "слово"), ("слово\u200e", "слово"),
        ("Мария\u3164", "Мария"), ("\u3164", ""), ("а\u2800б", "а б"), ("а\ufe0fб", "аб"), ("а\u200dб", "аб"),
        ("👩\u200d🔬", "👩\u200d🔬"), ("👩🏽\u200d🔬", "👩🏽\u200d🔬"), ("🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"), ("5\ufe0f\u20e3", "5\ufe0f\u20e3"),
        ("👩\u200d\u200d🔬", "👩\u200d🔬"), ("👩\u200dа", "👩а"), ("❤\ufe0f", "❤\ufe0f"), ("❤\ufe0f\ufe0f", "❤\ufe0f"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"), ("а\U000e0067", "а"),
        ("می\u200cخواهم", "می\u200cخواهم"), ("क्\u200dष", "क्\u200dष"), ("شلام\u200f!", "شلام\u200f!"), ("ไทย\u200bไทย", "ไทย\u200bไทย"),
        ("⠃\u2800⠗", "⠃\u2800⠗"), ("葛\U000e0100", "葛\U000e0100"), ("ᠮᠣ\u180b", "ᠮᠣ\u180b"),
    ],
)  # fmt: skip
def test_only_what_shows_nothing_is_removed(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_line_has_no_break_of_any_kind() -> None:
    assert clean_line("Умная\x0bкормушка\u2028для\u00a0птиц") == "Умная кормушка для птиц"


_ODD = st.text(
    st.sampled_from(
        "ab я\n\x0b\u2028\u200b\u200d\u00ad\ufe0f\u3164\u2800⠃🏴👩🔬\U000e0067\U000e007fم\u200f\u0301\u034fท\u180bᠮ葛5"
    ),
    max_size=40,
)


@given(_ODD)
@example("\u0e17\u200b\u2800\u0e17")  # a blank of braille becomes one of ours
@example("5\ufe0f\u200d\u2800")  # and joins nothing
@example("\u0645\u200d" + "\u00ad" * 4 + "5")  # what stands far behind a joiner is not joined, nor is it the end
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert says_something(text) == says_something(clean(text))


@pytest.mark.parametrize(
    "piece", ["[", "[](", "\u200b", "👩\u200d", "<a ", "<!--", "- [x] ", "&", "> ", "1. ", "🏴\U000e0067", "![](x)"]
)
def test_a_long_text_takes_little_time(piece: str) -> None:
    assert growth(lambda count: says_something(clean(piece * count)), 20_000 // len(piece)) < LINEAR
