"""The last gate: only what the grammar can produce comes out, whatever its parser does."""

import nh3

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
    # What is too wide scrolls by itself, and by keyboard too. A box that somebody else ticked stays as it is.
    set_tag_attribute_values={"table": {"tabindex": "0"}, "pre": {"tabindex": "0"}, "input": {"disabled": ""}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)  # fmt: skip


def cleaned(html: str) -> str:
    return _CLEANER.clean(html).strip()
