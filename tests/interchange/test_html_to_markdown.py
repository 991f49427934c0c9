"""Imported HTML: the words survive, anything active is removed, and conversion takes bounded time."""

import re

import pytest

from incubator.http.markdown.grammar import to_html
from incubator.http.markdown.plain import plain
from incubator.interchange.html_to_markdown import LONGEST_HTML, as_markdown
from tests.growth import QUADRATIC, growth
from tests.sample import Source, each_source, hostile_strings

PAGE = """<div><h3>Цель <em>и</em> задачи</h3><p>Строка, что сломана
в исходнике<br>Вторая <b>важная</b></p>
<ul><li>раз<ul><li>два</ul><li><p>три</p></ul><ol start="3"><li>а<li>б</ol>
<table><tr><th>Что<th>Сколько|чего<tr><td>вода<td><p>½ л</p></table>
<blockquote>H<sub>2</sub>O</blockquote><dl><dt>термин<dd>смысл</dl><script>alert(1)</script><style>p{}</style></div>"""

MARKDOWN = """### Цель *и* задачи

Строка, что сломана в исходнике
Вторая **важная**

- раз
  - два
- три

3. а
4. б

| Что | Сколько\\|чего |
| --- | --- |
| вода | ½ л |

> H~2~O

термин

смысл"""


def test_structure_is_kept() -> None:
    assert as_markdown(PAGE) == MARKDOWN
    html = to_html(as_markdown(PAGE))
    for tag in ("<h3>", "<em>", "<strong>", "<sub>", "<ul>", '<ol start="3">', "<table", "<th>", "<blockquote>"):
        assert tag in html


@pytest.mark.parametrize(
    ("link", "markdown"),
    [
        ('<a href="https://example.org/a_(b) c">да</a>', "[да](https://example.org/a_%28b%29%20c)"),
        ('<a href="mailto:a@example.org">пишите</a>', "[пишите](mailto:a@example.org)"),
        ('<a href="javascript:alert(1)">нет</a>', "нет"),
        ('<a href="data:text/html,x">нет</a>', "нет"),
        ('<a href="/organiser">нет</a>', "нет"),
        ('<a href="//example.org">нет</a>', "нет"),
        ('<a href="https://example.org" onclick="x()">да</a>', "[да](https://example.org)"),
        ("<a>нет</a>", "нет"),
    ],
)
def test_links_lead_to_the_web_and_to_mailboxes(link: str, markdown: str) -> None:
    assert as_markdown(link) == markdown


@pytest.mark.parametrize("text", ["a < b > c", "просто текст\n\n- список\n- **Markdown**", "", "x_y*z", "<h8>"])
def test_what_is_no_html_stays_as_it_is(text: str) -> None:
    assert as_markdown(text) == text


@pytest.mark.parametrize(
    "words",
    [
        "2*3*4",
        "_so_",
        "snake_case",
        "<script>x</script>",
        "[a](javascript:x)",
        "`code`",
        "\\*",
        "a|b",
        "*a*b",
        "~~x~~",
        "x^2^",
        "H~2~O",
        "[^1]",
        "&c",
    ],
)
def test_a_text_within_html_is_never_markup(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    assert plain(to_html(as_markdown(f"<p>{escaped}</p>"))) == words
    assert words in plain(to_html(as_markdown(f"<table><tr><th>a<tr><td>{escaped}</table>")))


@pytest.mark.parametrize(
    ("before", "piece", "count", "after"),
    [
        ("", "<div>", 10_000, ""), ("", "<div>", 9000, "</div>" * 9000), ("<p>", "<ul>", 20_000, ""),
        ("", "<blockquote>", 1900, ""), ("", "<b>", 30_000, ""), ("", "<li>x", 19_000, ""), ("<ol>", "<li>x", 1900, ""),
        ("<table><thead>", "<tr><td>", 900, ""), ("<p><svg>", "<td>", 20_000, ""), ("<br>", "<", 90_000, ""),
        ("", "<p ", 30_000, ""), ("<p>", "&", 90_000, ""), ("<p>", "_", 90_000, ""), ("<p></p>", "<!--", 20_000, ""),
    ],
)  # fmt: skip
def test_hostile_html_takes_bounded_work(before: str, piece: str, count: int, after: str) -> None:
    """The parser looks up the open elements again for each new one; nothing grows faster than that."""

    def convert(times: int) -> str:
        return as_markdown("слово" + before + piece * times + "слово" + after)

    assert "слово" in convert(count)
    assert growth(convert, count) < QUADRATIC


def test_what_no_section_takes_is_left_for_the_caller_to_refuse() -> None:
    html = "<p>" + "слово " * 20_000
    assert len(html) > LONGEST_HTML
    assert as_markdown(html) is html


@each_source
def test_no_payload_survives_the_way_into_a_page(source: Source) -> None:
    for text in hostile_strings(source):
        html = to_html(as_markdown(f"<p>{text}</p>"))
        assert not re.search(r"<(script|iframe|svg|img|style|object|embed|form|input)\b|<[^>]+\son\w+=", html, re.I)
        assert not re.search(r'(href|src)="?\s*(javascript|data|vbscript):', html, re.I)
