"""Inline elements: code, escapes, emphasis, strikes, sub- and superscript, line breaks.

Every pattern is bounded. A pattern looking for its closing mark counts marks of its own kind on the
way and gives up after two hundred, so a text consisting only of opening marks is scanned at most two
hundred times; text between marks is matched possessively, so nothing is scanned twice.
"""

import re
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX, AtomicString, code_escape

#: A backslash before punctuation, or code between two equally long runs of backticks, whichever comes first.
VERBATIM = (
    r"\\(?P<char>[!-/:-@\[-`{-~])|(?<!`)(?P<ticks>`{1,9}+)(?!`)(?P<code>(?:[^`]++|`++){1,200}?)(?<!`)(?P=ticks)(?!`)"
)


def _between(mark: str, *, of: str) -> str:
    """Return a pattern for text between two marks at the edges of words, never inside one."""
    one, whole = re.escape(of), re.escape(mark)
    return rf"(?<![\w{one}]){whole}(?=[^\s{one}])((?:[^{one}]++|{one}){{1,200}}?)(?<=\S){whole}(?![\w{one}])"


STRONG_EMPHASIS = _between("***", of="*")
STRONG = (_between("**", of="*"), _between("__", of="_"))
EMPHASIS = (_between("*", of="*"), _between("_", of="_"))
STRIKE = r"(?<!~)~~(?=[^\s~])((?:[^~]++|~){1,200}?)(?<=[^\s~])~~(?!~)"
SUBSCRIPT = r"(?<![~\s])~([^\s~^]{1,40}+)~(?!~)"
SUPERSCRIPT = r"(?<![\^\s])\^([^\s~^]{1,40}+)\^"
LINE_BREAK = r"\\?\n"


#: The replacement of a match, and where the replaced text ends.
Found = tuple[Element | str, int]


class Pattern(InlineProcessor):
    """A pattern whose match is replaced by the result of ``found``; None leaves the text as typed."""

    def found(self, m: re.Match[str]) -> Found | None:
        raise NotImplementedError

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        found = self.found(m)
        return (None, None, None) if found is None else (found[0], m.start(), found[1])


class Verbatim(Pattern):
    """Code as typed, and characters escaped by a backslash."""

    def found(self, m: re.Match[str]) -> Found | None:
        if m["char"]:
            return f"{STX}{ord(m['char'])}{ETX}", m.end()
        element = Element("code")
        element.text = AtomicString(code_escape(m["code"].replace("\n", " ").strip(" ") or m["code"]))
        return element, m.end()


class Tagged(Pattern):
    """An element, perhaps with a nested one, around the pattern's only group."""

    def __init__(self, pattern: str, tag: str, inner: str = "") -> None:
        super().__init__(pattern)
        self._tag, self._inner = tag, inner

    def found(self, m: re.Match[str]) -> Found | None:
        element = Element(self._tag)
        holder = element
        if self._inner:
            holder = Element(self._inner)
            element.append(holder)
        holder.text = m[1]
        return element, m.end()


class LineBreak(Pattern):
    def found(self, m: re.Match[str]) -> Found | None:
        return Element("br"), m.end()
