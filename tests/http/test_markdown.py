"""The grammar: markup renders as intended, and everything else stays as typed."""

import pytest

from incubator.http.markdown.grammar import to_html
from tests.http.markdown_safety import shown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Мы спросили 12 пасек.", "<p>Мы спросили 12 пасек.</p>"),
        ("раз\n\n\nдва", "<p>раз</p><p>два</p>"),
        ("раз\nдва", "<p>раз<br>два</p>"),
        ("раз  \r\nдва", "<p>раз<br>два</p>"),
        ("раз\\\nдва", "<p>раз<br>два</p>"),
        ("# Раз", "<h3>Раз</h3>"),
        ("# Раз и C#", "<h3>Раз и C#</h3>"),
        ("# Раз\n## Два ##", "<h3>Раз</h3><h4>Два</h4>"),
        ("# Раз\n## Два\n### Три", "<h3>Раз</h3><h4>Два</h4><h5>Три</h5>"),
        ("# Раз\n## Два\n###### Шесть", "<h3>Раз</h3><h4>Два</h4><h5>Шесть</h5>"),
        ("### Раз\n### Два", "<h3>Раз</h3><h3>Два</h3>"),
        ("# Раз\n### Два\n## Три\n# Пять", "<h3>Раз</h3><h4>Два</h4><h4>Три</h4><h3>Пять</h3>"),
        ("#хештег", "<p>#хештег</p>"),
        ("текст\n# Раз\nтекст", "<p>текст</p><h3>Раз</h3><p>текст</p>"),
        ("*раз* _два_", "<p><em>раз</em> <em>два</em></p>"),
        ("**раз** __два__", "<p><strong>раз</strong> <strong>два</strong></p>"),
        ("***оба***", "<p><strong><em>оба</em></strong></p>"),
        ("**а *б* в**", "<p><strong>а <em>б</em> в</strong></p>"),
        ("*а **б** в*", "<p><em>а <strong>б</strong> в</em></p>"),
        ("**а *б***", "<p><strong>а <em>б</em></strong></p>"),
        ("(*слово*), «**слово**»", "<p>(<em>слово</em>), «<strong>слово</strong>»</p>"),
        ("~~нет~~", "<p><del>нет</del></p>"),
        ("H~2~O", "<p>H<sub>2</sub>O</p>"),
        ("x^2^ + y^n+1^", "<p>x<sup>2</sup> + y<sup>n+1</sup></p>"),
        ("`a < b` и ``c ` d``", "<p><code>a &lt; b</code> и <code>c ` d</code></p>"),
        ("---", "<hr>"),
        ("раз\n\n* * *\n\nдва", "<p>раз</p><hr><p>два</p>"),
        ("\\*раз\\* \\[два\\]", "<p>*раз* [два]</p>"),
    ],
)
def test_words_and_lines(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "x<y and z>w",
        "List<String>",
        "<goal>",
        "Map<String, List<Integer>> m",
        "<script>alert(1)</script>",
        "<!-- нет -->",
        "<![CDATA[x]]>",
        "<?php echo 1 ?>",
        "</div>",
        "<b>жирно</b>",
        "5*3*2",
        "5 * 3 * 2",
        "2**3**4",
        "snake_case_name",
        "файл_с_именем.txt",
        "2^10",
        "~5 и ~6",
        "[ссылка][1]",
        "[сноска] и [^1]",
        "[1]: адрес",
        "цена: 5$ & 6€",
        "![](нет)",
        "[x](javascript:alert(1))",
        "[x](//example.org/x)",
        "#",
        "# ",
        "~~~не код~~~",
        "*не закрыто",
        "**не закрыто",
        "`не закрыто",
        "~~не закрыто",
    ],
)
def test_what_is_no_markup_is_shown_as_typed(text: str) -> None:
    html = to_html(text)
    assert shown(html) == text.strip()
    assert html.startswith("<p>")
    assert html.count("<") == 2


@pytest.mark.parametrize("blanks", ["\t", "    ", "        "])
def test_a_paragraph_may_begin_with_blanks(blanks: str) -> None:
    assert to_html(f"{blanks}Красная строка.\n\n{blanks}И ещё.") == "<p>Красная строка.</p><p>И ещё.</p>"


def test_a_line_below_does_not_make_a_heading() -> None:
    assert to_html("Итоги\n=====") == "<p>Итоги<br>=====</p>"
    assert to_html("Итоги\n-----") == "<p>Итоги</p><hr>"


@pytest.mark.parametrize(
    ("typed", "seen"),
    [("&amp;", "&"), ("&lt;goal&gt;", "<goal>"), ("a&nbsp;b", "a\u00a0b"), ("&nosuch;", "&nosuch;"), ("&#x26;", "&")],
)
def test_entities_show_what_they_name(typed: str, seen: str) -> None:
    assert shown(to_html(typed)) == seen


def test_entities_in_code_are_code() -> None:
    assert shown(to_html("`&amp;`")) == "&amp;"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t \r\n", "\x00\x01"])
def test_a_blank_text_is_nothing(text: str) -> None:
    assert to_html(text) == ""


def test_fenced_code() -> None:
    assert to_html("```python\nif a < b:\n\n    *c*\n```\nпосле") == (
        '<pre tabindex="0"><code>if a &lt; b:\n\n    *c*\n</code></pre><p>после</p>'
    )
    assert to_html("~~~\n```\n~~~") == '<pre tabindex="0"><code>```\n</code></pre>'
    assert to_html("````\n```\n````") == '<pre tabindex="0"><code>```\n</code></pre>'
    assert to_html("```\nне закрыто") == '<pre tabindex="0"><code>не закрыто\n</code></pre>'


def test_quotes() -> None:
    assert to_html("> раз\n> два\n\nответ") == "<blockquote><p>раз<br>два</p></blockquote><p>ответ</p>"
    assert to_html("> раз\nдва") == "<blockquote><p>раз<br>два</p></blockquote>"
    assert to_html("> > раз\n>\n> - два") == (
        "<blockquote><blockquote><p>раз</p></blockquote><ul><li>два</li></ul></blockquote>"
    )


def test_tables_keep_their_alignment_and_scroll_by_keyboard() -> None:
    assert to_html("текст:\n| а | б | в | г |\n|---|:--|:-:|--:|\n| 1 | **2** | 3\\|4 |\nпосле") == (
        '<p>текст:</p><table tabindex="0"><thead><tr><th>а</th><th class="align-left">б</th>'
        '<th class="align-center">в</th><th class="align-right">г</th></tr></thead><tbody><tr><td>1</td><td class="align-left"><strong>2</strong></td>'
        '<td class="align-center">3|4</td></tr></tbody></table><p>после</p>'
    )
    assert to_html("|а|\n|-|") == '<table tabindex="0"><thead><tr><th>а</th></tr></thead></table>'


def test_pipes_alone_are_no_table() -> None:
    assert to_html("а|б\nв|г") == "<p>а|б<br>в|г</p>"
    assert to_html("а|б\n-") == "<p>а|б<br>-</p>"
    assert "<table" not in to_html("|" * 60 + "\n" + "|-" * 59 + "|")
