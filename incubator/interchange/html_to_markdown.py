"""Conversion of imported HTML to Markdown, the format of our sections."""

import re
from functools import lru_cache
from typing import Any

import nh3

from incubator.core.text import clean
from incubator.http.markdown.plain import plain

#: Longer HTML is left unchanged: no section accepts it. Within these bounds a value takes two seconds at most.
LONGEST_HTML = 100_000
#: Maximum number of tags in a value; with more, only the words are kept.
MOST_TAGS = 2_000

_HTML = re.compile(r"</?(p|br|ul|ol|li|h[1-6]|div|table|blockquote|pre|strong|em|b|i|a)\b[^<>]*>", re.I)
_CLEANER = nh3.Cleaner(
    tags={
        "p", "div", "section", "article", "br", "hr", "em", "i", "strong", "b", "del", "s", "sub", "sup", "code", "pre",
        "blockquote", "a", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
        "table", "caption", "thead", "tbody", "tr", "th", "td",
    },
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,
)  # fmt: skip
#: What Markdown would take for markup in plain text.
_MARKUP = re.compile(r"([\\`\[\]]|(?<!\w)[*_]|[*_](?!\w)|~(?=\S)|\^(?=\S))")
_LINK_BREAKS = str.maketrans({" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"})


def as_markdown(text: str) -> str:
    """Convert headings, lists, links, tables and emphasis to Markdown; text without tags is returned unchanged."""
    if len(text) > LONGEST_HTML or not _HTML.search(text):
        return text
    html = _CLEANER.clean(text)
    if html.count("<") > 2 * MOST_TAGS:
        return plain(html)
    try:
        return clean(_converter().convert(f"<div>{html}</div>"))
    except RecursionError:  # hundreds of nested tags
        return plain(html)


@lru_cache(1)
def _converter() -> Any:
    """Return markdownify, with line breaks and escapes for our Markdown. Few processes ever import what it needs, 8 MB."""
    from markdownify import ATX, MarkdownConverter

    class Converter(MarkdownConverter):
        def escape(self, text: str, parent_tags: set[str]) -> str:
            escaped = _MARKUP.sub(r"\\\1", text)
            return escaped.replace("|", r"\|") if parent_tags & {"td", "th"} else escaped

        def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
            if "href" in el.attrs:
                el["href"] = el["href"].translate(_LINK_BREAKS)
            return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]  # in no stub

        def convert_br(self, _el: Any, _text: str, parent_tags: set[str]) -> str:
            return " " if "_inline" in parent_tags else "\n"

        convert_dt = convert_dd = MarkdownConverter.convert_div  # type: ignore[attr-defined]

    # ``wrap`` without a width joins the lines of a paragraph that was wrapped only in its source.
    return Converter(
        heading_style=ATX, bullets="-", sub_symbol="~", sup_symbol="^", autolinks=False, wrap=True, wrap_width=None
    )
