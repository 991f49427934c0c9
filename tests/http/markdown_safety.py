"""Checks of what rendered Markdown must never contain."""

import re
from html.parser import HTMLParser

ALLOWED = {
    "p": set(), "br": set(), "em": set(), "strong": set(), "del": set(), "sub": set(), "sup": {"id"}, "code": set(),
    "pre": {"tabindex"}, "blockquote": set(), "hr": set(), "a": {"href", "title", "rel"}, "ul": set(), "ol": {"start"},
    "li": {"id"}, "label": set(), "input": {"type", "checked", "disabled"}, "h3": set(), "h4": set(), "h5": set(),
    "table": {"tabindex"}, "thead": set(), "tbody": set(), "tr": set(), "th": {"class"}, "td": {"class"},
}  # fmt: skip

VALUES = {
    "tabindex": r"0", "class": r"align-(?:left|center|right)", "type": r"checkbox", "checked": r"", "disabled": r"",
    "start": r"\d{1,9}", "rel": r"nofollow ugc noopener", "id": r"(?:note|ref)-[0-9a-f]{8}-\d+",
}  # fmt: skip

SCHEMES = {"", "http", "https", "mailto"}


def scheme(url: str) -> str:
    """Return an address as browsers see it (URL standard): surrounding controls and spaces, tabs and newlines removed."""
    bare = re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(0x21)))))
    found = re.match(r"([a-z][a-z0-9+.-]*):", bare, re.I)
    return found[1].lower() if found else ""


class _Inspect(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in ALLOWED:
            self.bad.append(tag)
        for name, value in given.items():
            if name not in ALLOWED.get(tag, set()) or not re.fullmatch(VALUES.get(name, r"(?s).*"), value):
                self.bad.append(f"{tag} {name}={value}")
        if scheme(given.get("href", "")) not in SCHEMES or given.get("href", "").startswith(("//", "/\\")):
            self.bad.append(f"href {given['href']}")
        if tag == "a" and "rel" not in given:
            self.bad.append("a link without rel")
        if tag == "input" and "disabled" not in given:
            self.bad.append("a box that can be ticked")

    def handle_comment(self, data: str) -> None:
        self.bad.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.bad.append(f"<!{decl}")

    def unknown_decl(self, data: str) -> None:
        self.bad.append(f"<![{data}")

    def handle_pi(self, data: str) -> None:
        self.bad.append(f"<?{data}")


def unsafe(html: str) -> list[str]:
    """Return everything forbidden in the HTML."""
    inspector = _Inspect()
    inspector.feed(html)
    inspector.close()
    return inspector.bad


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def shown(html: str) -> str:
    """Return the text as a browser shows it, ignoring line breaks."""
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.said)
