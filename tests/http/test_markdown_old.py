"""Markdown: everything renders, nothing unsafe comes out, in time linear in the text."""

import json
import re
from html.parser import HTMLParser

import pytest

from incubator.http.markdown import plain, render
from tests.sample import SHARED, needs_samples

ALLOWED = {"p", "br", "em", "strong", "del", "code", "pre", "blockquote", "hr", "a", "ul", "ol", "li", "h3", "h4", "h5",
           "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip


def scheme(url: str) -> str:
    """As browsers find it (URL standard): control characters and spaces around go, tabs and line ends anywhere."""
    bare = re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(0x21)))))
    found = re.match(r"([a-z][a-z0-9+.-]*):", bare, re.I)
    return found[1].lower() if found else ""


class _Inspect(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.bad.append(tag)
        for name, value in attrs:
            is_scrolling_table = (tag, name, value) == ("table", "tabindex", "0")
            if name not in {"href", "title", "rel", "start"} and not is_scrolling_table:
                self.bad.append(f"{tag} {name}")
            if name == "href" and scheme(value or "") not in {"", "http", "https", "mailto"}:
                self.bad.append(f"href {value}")


def unsafe(html: str) -> list[str]:
    inspector = _Inspect()
    inspector.feed(html)
    return inspector.bad


def test_what_people_write() -> None:
    html = render("# Заголовок\n\nМы **спросили** 12 пасек:\n\n- раз\n- два\n\n|a|b|\n|-|-|\n|1|2|")
    assert "<h3>Заголовок</h3>" in html
    assert "<strong>спросили</strong>" in html
    assert "<li>раз</li>" in html
    assert "<td>2</td>" in html


def test_a_line_break_is_a_line_break() -> None:
    assert "<br" in render("раз\nдва")


def test_scripts_and_handlers_do_not_survive() -> None:
    for text in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<a href='data:text/html,x'>x</a>",
        "<style>*{}</style>",
    ):
        html = render(text)
        assert not unsafe(html), html
        assert "javascript:" not in html
        assert "<script" not in html


def test_plain_words_of_html() -> None:
    assert plain("<p>раз &amp; <b>два</b></p>\n<p>три</p>") == "раз & два три"


def _texts() -> list[str]:
    folder = SHARED / "markdown"
    texts = [case["markdown"] for case in json.loads((folder / "commonmark_spec.json").read_text("utf-8"))]
    for name in ("python_markdown_pairs.jsonl", "markdown_it_fixtures.jsonl"):
        for line in (folder / name).read_text("utf-8").split("\n"):
            texts += [v for v in json.loads(line or "{}").values() if isinstance(v, str)]
    return texts


@needs_samples
def test_every_sample_renders_safely() -> None:
    texts = _texts()
    assert len(texts) > 1000
    for text in texts:
        assert not unsafe(render(text[:6000])), text[:200]


@needs_samples
def test_every_attack_on_record_is_disarmed() -> None:
    for name in ("xss_payloads.jsonl", "dompurify_expect.jsonl", "blns_sections.jsonl"):
        for line in (SHARED / "bad_input" / name).read_text("utf-8").split("\n"):
            for value in json.loads(line or "{}").values():
                if isinstance(value, str):
                    assert not unsafe(render(value[:6000])), value[:200]


@pytest.mark.parametrize(
    "piece", ["[", "![", "[a](", ">", "* ", "`", "<", "&", "_a", "**a", "|a", "\\", "1. ", "~~", "<!--", "]]>"]
)
def test_work_grows_with_the_text_and_not_faster(piece: str) -> None:
    """Counted in what comes out, not in seconds: a parser that backtracks would never get here at this size."""
    html = render(piece * (60_000 // len(piece)))
    assert len(html) < 60_000 * 30
