"""Links, external pictures, and bare addresses in the text."""

import re
from html import unescape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import ETX, STX, AtomicString

from incubator.http.markdown.inline import Found, Pattern

_TEXT = r"\[((?:[^\[\]]++|\[[^\[\]]{0,200}+\]){0,200}+)\]"
_TARGET = r"(?:<([^<>\n]{1,2000}+)>|((?:[^\s()<>]++|\([^\s()<>]{0,500}+\)){1,100}+))"
_TITLE = r"""(?:\s{1,3}+(?:"([^"]{0,200}+)"|'([^']{0,200}+)'))?+"""

LINK = rf"(?P<image>!?){_TEXT}\(\s{{0,3}}+{_TARGET}{_TITLE}\s{{0,3}}+\)"

_MAIL = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,5}+"
BRACKETED = rf"<(https?://[^\s<>{STX}{ETX}]{{1,2000}}+|(?:mailto:)?{_MAIL})>"
BARE = rf"(?<![\w/@.+-])(?:(?i:https?://|www\.)(?=\w)[^\s<>{STX}{ETX}]{{1,2000}}+|{_MAIL}(?![\w@]))"

_ESCAPED = re.compile(rf"{STX}(\d{{1,3}}){ETX}")
_ALLOWED = re.compile(r"https?://[^\s/?#]|mailto:[^\s@]{1,64}@[^\s@]|/(?![/\\])", re.I)
_NAKED = ".,:;!?*_~'\"»”’…"


def allowed(address: str) -> str | None:
    """Return the address if it may be linked to, else None: http, https, mailto, or a path on this site."""
    whole = unescape(address).strip()
    if whole.lower().startswith("www."):
        whole = "https://" + whole
    elif "@" in whole and re.fullmatch(_MAIL, whole):
        whole = "mailto:" + whole
    return whole if _ALLOWED.match(whole) else None


def without_what_follows(address: str) -> str:
    """Return an address found in a sentence without trailing punctuation and closing brackets."""
    surplus = {")": address.count(")") - address.count("("), "]": address.count("]") - address.count("[")}
    end = len(address)
    while end:
        last = address[end - 1]
        if last in surplus and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in _NAKED:
            break
        end -= 1
    return address[:end]


class Link(Pattern):
    """``[text](address "title")``; ``![text](address)`` becomes its text with a link to the picture."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__(LINK, md)

    def found(self, m: re.Match[str]) -> Found | None:
        href = allowed(self._typed(m[3] or m[4]))
        if href is None:
            return None
        element = _picture(m[2].strip(), href) if m["image"] else _link(m[2], href)
        title = m[5] or m[6]
        if title and not m["image"]:
            element.set("title", " ".join(self._typed(title).split()))
        return element, m.end()

    def _typed(self, found: str) -> str:
        """Restore what was typed where escapes and code have already been replaced."""
        return _ESCAPED.sub(lambda m: chr(int(m[1])), self.unescape(found))


class Address(Pattern):
    """A bare address, with or without angle brackets."""

    ANCESTOR_EXCLUDES = ("a",)

    def found(self, m: re.Match[str]) -> Found | None:
        found = m[1] if m.re.groups else without_what_follows(m[0])
        href = allowed(found)
        if href is None:
            return None
        return _link(AtomicString(found), href), m.end() if m.re.groups else m.start() + len(found)


def _link(text: str, href: str) -> Element:
    element = Element("a", href=href)
    element.text = text or AtomicString(href)
    return element


def _picture(text: str, href: str) -> Element:
    """Wrap it in an element that the cleaner removes again, because a pattern returns one element."""
    if not text:
        return _link("", href)
    element = Element("span")
    element.text = text + " ("
    link = SubElement(element, "a", href=href)
    link.text = AtomicString(href)
    link.tail = ")"
    return element
