"""Links, bare addresses, external pictures and footnotes."""

import re

import pytest

from incubator.http.markdown.grammar import to_html

REL = 'rel="nofollow ugc noopener"'


def link(href: str, text: str | None = None) -> str:
    return f'<a href="{href}" {REL}>{href if text is None else text}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[сайт](https://example.org/a?b=1&c=2)", link("https://example.org/a?b=1&amp;c=2", "сайт")),
        ("[**сайт**](<https://example.org/a b>)", link("https://example.org/a b", "<strong>сайт</strong>")),
        ("[сайт](www.example.org)", link("https://www.example.org", "сайт")),
        ("[письмо](mailto:a@example.org)", link("mailto:a@example.org", "письмо")),
        ("[письмо](a@example.org)", link("mailto:a@example.org", "письмо")),
        ("[каталог](/ideas)", link("/ideas", "каталог")),
        ("[a](https://ru.wikipedia.org/wiki/A_(b))", link("https://ru.wikipedia.org/wiki/A_(b)", "a")),
        ("[a \\[b\\]](https://example.org/\\_c)", link("https://example.org/_c", "a [b]")),
        ("[](https://example.org)", link("https://example.org")),
        ("https://example.org/a_b_c", link("https://example.org/a_b_c")),
        ("<https://example.org>", link("https://example.org")),
        ("(www.example.org).", f"({link('https://www.example.org', 'www.example.org')})."),
        ("(https://example.org/a_(b))!", f"({link('https://example.org/a_(b)')})!"),
        ("**https://example.org**", f"<strong>{link('https://example.org')}</strong>"),
        ("пишите: a.b@example.org.", f"пишите: {link('mailto:a.b@example.org', 'a.b@example.org')}."),
        ("<a.b@example.org>", link("mailto:a.b@example.org", "a.b@example.org")),
        ("[https://example.org](https://example.com)", link("https://example.com", "https://example.org")),
    ],
)
def test_links(text: str, html: str) -> None:
    assert to_html(text) == f"<p>{html}</p>"


def test_titles() -> None:
    assert to_html('[a](https://example.org "о чём")') == (
        f'<p><a href="https://example.org" title="о чём" {REL}>a</a></p>'
    )


def test_a_picture_from_elsewhere_leaves_its_description_and_its_address() -> None:
    assert to_html("![Схема *улья*](https://example.org/a.png)") == (
        f"<p>Схема <em>улья</em> ({link('https://example.org/a.png')})</p>"
    )
    assert to_html("![](https://example.org/a.png)") == f"<p>{link('https://example.org/a.png')}</p>"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\\script:alert(1)",
        "javascript\\:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://example.org",
        "//example.org",
        "/\\example.org",
        "https:",
        "mailto:",
        "example",
        "\x01javascript:alert(1)",
        "`javascript:alert(1)`",
    ],
)
def test_other_addresses_are_no_links(address: str) -> None:
    for text in (f"[x]({address})", f"[x](<{address}>)", f"![x]({address})", f"<{address}>"):
        assert "<a" not in to_html(text), text


def without_key(html: str) -> str:
    return re.sub(r"(note|ref)-[0-9a-f]{8}", r"\1", html)


def test_footnotes_are_numbered_as_they_are_referred_to() -> None:
    html = to_html("Раз[^б] и два[^а], снова[^б].\n\n[^а]: про **два**\n[^б]: про раз\nи ещё\n\nВсё.")
    assert without_key(html) == (
        f'<p>Раз<sup id="ref-1"><a href="#note-1" {REL}>1</a></sup> и два<sup id="ref-2"><a href="#note-2" {REL}>2</a></sup>,'
        f' снова<sup><a href="#note-1" {REL}>1</a></sup>.</p><p>Всё.</p><hr><ol>'
        f'<li id="note-1"><p>про раз<br>и ещё <a href="#ref-1" {REL}>↩\ufe0e</a></p></li>'
        f'<li id="note-2"><p>про <strong>два</strong> <a href="#ref-2" {REL}>↩\ufe0e</a></p></li></ol>'
    )


def test_footnotes_that_nobody_refers_to_are_not_lost() -> None:
    assert to_html("Раз.\n\n[^1]: два") == "<p>Раз.</p><hr><ol><li><p>два</p></li></ol>"


def test_footnotes_hold_blocks_and_other_footnotes() -> None:
    html = without_key(to_html("Раз[^1].\n\n[^1]: два\n\n    - три[^2]\n\n    [^2]: четыре"))
    assert html.count("<li id=") == 2
    assert f'<li>три<sup id="ref-2"><a href="#note-2" {REL}>2</a></sup></li>' in html


def test_a_second_definition_of_a_footnote_stays_text() -> None:
    html = without_key(to_html("Раз[^1].\n\n[^1]: два\n\n[^1]: три"))
    assert html.count("<li") == 1
    assert f'<p><sup><a href="#note-1" {REL}>1</a></sup>: три</p>' in html


def test_footnotes_of_two_texts_on_a_page_do_not_meet() -> None:
    ids = [set(re.findall(r'id="([^"]*)"', to_html(f"{word}[^1]\n\n[^1]: x"))) for word in ("раз", "два")]
    assert len(ids[0]) == len(ids[1]) == 2
    assert not ids[0] & ids[1]


def test_nothing_is_left_of_the_text_before() -> None:
    to_html("Раз[^1]\n\n[^1]: два")
    assert to_html("Раз[^1]") == "<p>Раз[^1]</p>"
