"""Markdown to clean HTML, in time linear in the text (see docs/adr/0002)."""

import re
from html import unescape

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

_CLEANER = nh3.Cleaner(
    tags={
        "p", "br", "em", "strong", "del", "code", "pre", "blockquote", "hr", "a",
        "ul", "ol", "li", "h3", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td",
    },
    attributes={"*": set(), "a": {"href", "title"}, "ol": {"start"}},
    # A wide table scrolls by itself, and by keyboard too.
    set_tag_attribute_values={"table": {"tabindex": "0"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)  # fmt: skip

#: Quotes within quotes beyond the tenth: the sanitiser is quadratic in depth, nobody writes them.
_DEEP_QUOTE = re.compile(r"^((?: {0,3}>){10})[> ]+", re.M)

_HEADING = re.compile(r"(</?h)([1-6])(?=[\s>])")


def render(text: str) -> str:
    """HTML that is safe to put into a page; headings begin at the third level.

    The text's length must have been limited before.
    """
    shallow = _DEEP_QUOTE.sub(r"\1 ", text)
    html = cmarkgfm.github_flavored_markdown_to_html(shallow, Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_HARDBREAKS)
    lower = _HEADING.sub(lambda m: f"{m[1]}{min(int(m[2]) + 2, 5)}", html)
    return _CLEANER.clean(lower).strip()


_TAG = re.compile(r"<[^>]+>")


def plain(html: str) -> str:
    """The words of rendered HTML, on one line."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())
