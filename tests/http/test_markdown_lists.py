"""Lists: bullets, numbers, tasks, and nesting."""

import pytest

from incubator.http.markdown.grammar import to_html
from incubator.http.markdown.scanning import DEEPEST


@pytest.mark.parametrize("mark", ["-", "*", "+"])
def test_bullets(mark: str) -> None:
    assert to_html(f"Вот:\n{mark} раз\n{mark} два\nещё два\n\nвсё") == (
        "<p>Вот:</p><ul><li>раз</li><li>два<br>ещё два</li></ul><p>всё</p>"
    )


@pytest.mark.parametrize("inner", ["  ", "   ", "    ", "\t"])
def test_bullets_within_numbers(inner: str) -> None:
    """Any number of leading spaces is accepted."""
    assert to_html(f"1. раз\n{inner}- а\n{inner}- б\n2. два") == (
        "<ol><li>раз<ul><li>а</li><li>б</li></ul></li><li>два</li></ol>"
    )


def test_numbers_begin_where_they_were_typed() -> None:
    assert to_html("3) три\n4) четыре") == '<ol start="3"><li>три</li><li>четыре</li></ol>'


def test_a_year_in_a_sentence_begins_no_list() -> None:
    assert to_html("Это было в\n1986. Хороший год.") == "<p>Это было в<br>1986. Хороший год.</p>"
    assert to_html("- Это было в\n1986. Хороший год.") == "<ul><li>Это было в<br>1986. Хороший год.</li></ul>"


def test_empty_lines_between_items_make_paragraphs_of_them() -> None:
    assert to_html("- раз\n\n- два\n\n  ещё два\n\nвсё") == (
        "<ul><li><p>раз</p></li><li><p>два</p><p>ещё два</p></li></ul><p>всё</p>"
    )


def test_numbers_after_bullets_are_a_list_of_their_own() -> None:
    assert to_html("- раз\n1. два") == "<ul><li>раз</li></ul><ol><li>два</li></ol>"


def test_items_hold_code_quotes_and_headings() -> None:
    assert to_html("- раз\n  ```\n  код\n  ```\n  > цитата\n- # два") == (
        '<ul><li>раз<pre tabindex="0"><code>код\n</code></pre><blockquote><p>цитата</p></blockquote></li>'
        "<li><h3>два</h3></li></ul>"
    )


def test_tasks_tell_their_state() -> None:
    """Tasks become labelled checkboxes, which screen readers announce in any language."""
    assert to_html("- [x] **сделано**\n- [ ] нет\n- [y] иначе") == (
        '<ul><li><label><input checked="" disabled="" type="checkbox"> <strong>сделано</strong></label></li>'
        '<li><label><input disabled="" type="checkbox"> нет</label></li><li>[y] иначе</li></ul>'
    )
    assert to_html("1. [X] раз\n   - [ ] внутри") == (
        '<ol><li><label><input checked="" disabled="" type="checkbox"> раз</label>'
        '<ul><li><label><input disabled="" type="checkbox"> внутри</label></li></ul></li></ol>'
    )


@pytest.mark.parametrize(("mark", "tag"), [("1. ", "ol"), ("- ", "ul"), ("> ", "blockquote"), ("- > ", "blockquote")])
def test_deeper_nesting_stays_text(mark: str, tag: str) -> None:
    html = to_html(mark * 3000 + "a")
    opened = html.count(f"<{tag}>")
    assert opened == DEEPEST // (len(mark.split()))
    assert html.count("a</") == 1


def test_deeper_items_stay_text() -> None:
    html = to_html("\n".join("    " * depth + f"- {depth}" for depth in range(20)))
    assert html.count("<ul>") == DEEPEST
    assert "- 19" in html
