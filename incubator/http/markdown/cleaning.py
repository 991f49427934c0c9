"""The last filter: only what the grammar can produce gets through, whatever the parser does."""

import nh3

from incubator.core.text import without_control

_CLEANER = nh3.Cleaner(
    tags={
        "p", "br", "em", "strong", "del", "sub", "sup", "code", "pre", "blockquote", "hr", "a",
        "ul", "ol", "li", "label", "input", "h3", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td",
    },
    attributes={
        "*": set(), "a": {"href", "title"}, "ol": {"start"}, "li": {"id"}, "sup": {"id"},
        "input": {"checked", "disabled"},
    },
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    allowed_classes={tag: {"align-left", "align-center", "align-right"} for tag in ("th", "td")},
    # Wide tables and code scroll by themselves, by keyboard too. Readers cannot tick the writer's checkboxes.
    set_tag_attribute_values={"table": {"tabindex": "0"}, "pre": {"tabindex": "0"}, "input": {"disabled": ""}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)  # fmt: skip


def cleaned(html: str) -> str:
    """Return the HTML without anything that our grammar does not write. «&#1;» has become a character by now, which no feed may hold."""
    return without_control(_CLEANER.clean(html)).strip()
