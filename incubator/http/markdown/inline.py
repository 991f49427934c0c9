"""What stands within a line: code, escapes, emphasis, strikes, sub- and superscript, line breaks.

Every pattern is bounded. One that looks for its other end counts the marks of its own kind on the
way and gives up after the two-hundredth, so that a text of nothing but beginnings costs two hundred
readings at most; what is between the marks is read possessively, so nothing is read twice.
"""

import re
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX, AtomicString, code_escape

#: A backslash before punctuation, or code between runs of equally many backticks. Whichever comes first wins.
VERBATIM = (
    r"\\(?P<char>[!-/:-@\[-`{-~])|(?<!`)(?P<ticks>`{1,9}+)(?!`)(?P<code>(?:[^`]++|`++){1,200}?)(?<!`)(?P=ticks)(?!`)"
)


def _between(mark: str, *, of: str) -> str:
    """Text between two marks that stand at the edges of words, never within one."""
    one, whole = re.escape(of), re.escape(mark)
    return rf"(?<![\w{one}]){whole}(?=[^\s{one}])((?:[^{one}]++|{one}){{1,200}}?)(?<=\S){whole}(?![\w{one}])"


STRONG_EMPHASIS = _between("***", of="*")
STRONG = (_between("**", of="*"), _between("__", of="_"))
EMPHASIS = (_between("*", of="*"), _between("_", of="_"))
STRIKE = r"(?<!~)~~(?=[^\s~])((?:[^~]++|~){1,200}?)(?<=[^\s~])~~(?!~)"
SUBSCRIPT = r"(?<![~\s])~([^\s~^]{1,40}+)~(?!~)"
SUPERSCRIPT = r"(?<![\^\s])\^([^\s~^]{1,40}+)\^"
LINE_BREAK = r"\\?\n"


#: What stands for a match, and where what it replaces ends.
Found = tuple[Element | str, int]


class Pattern(InlineProcessor):
    """A pattern whose match becomes what ``found`` says; at None the text stays as it was typed."""

    def found(self, m: re.Match[str]) -> Found | None:
        raise NotImplementedError

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        found = self.found(m)
        return (None, None, None) if found is None else (found[0], m.start(), found[1])


class Verbatim(Pattern):
    """Code as it was typed, and characters that a backslash has made ordinary."""

    def found(self, m: re.Match[str]) -> Found | None:
        if m["char"]:
            return f"{STX}{ord(m['char'])}{ETX}", m.end()
        element = Element("code")
        element.text = AtomicString(code_escape(m["code"].replace("\n", " ").strip(" ") or m["code"]))
        return element, m.end()


class Tagged(Pattern):
    """An element, perhaps with one within it, around what the pattern's only group has found."""

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
