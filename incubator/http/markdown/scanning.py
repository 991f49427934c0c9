"""Tests of what a line of Markdown begins: each scans one line once, from its start."""

import re
from dataclasses import dataclass

TAB = 4

#: Maximum nesting of lists and quotes; anything deeper remains text.
DEEPEST = 5

#: Maximum columns of a table; a wider one remains text.
WIDEST = 40

_CONTROL = {code: None for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n"}

_MARKER = re.compile(r"( *+)(?:[-*+]|(\d{1,9}+)[.)])(?: ++|$)")
_HEADING = re.compile(r" *+(#{1,6}+) ++")
_FENCE = re.compile(r" *+(`{3,}+|~{3,}+)[^`~]*+$")
_FOOTNOTE = re.compile(r" *+\[\^([^\s\[\]^]{1,40})\]: *+")
_ALIGNMENT = re.compile(r" *+(:?+)-++(:?+) *+")
_MARKS = re.compile(r"[\\`\[<*_~^@\n]|://|www\.", re.I)
_CELL_END = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Marker:
    """The marker of a list item."""

    indent: int
    """Spaces before it."""
    content: int
    """The column where its text begins."""
    number: int | None
    """None for a bullet."""


@dataclass(frozen=True, slots=True)
class Fence:
    """The opening fence of a code block."""

    indent: int
    mark: str

    def is_closed_by(self, line: str) -> bool:
        bare = line.strip()
        return len(bare) >= len(self.mark) and not bare.strip(self.mark[0])


def lines_of(text: str) -> list[str]:
    """Return the text's lines: tabs become spaces; trailing spaces, control characters and lone surrogates are removed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)
    whole = text.encode("utf-8", "replace").decode()
    return [line.expandtabs(TAB).rstrip() for line in whole.split("\n")]


def has_marks(text: str) -> bool:
    """Return whether the text may contain any inline markup."""
    return _MARKS.search(text) is not None


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def marker_of(line: str) -> Marker | None:
    found = _MARKER.match(line)
    if found is None or is_rule(line):
        return None
    end = found.end()
    # Spaces beyond the fourth belong to the text; an empty item's text begins after one space.
    mark_end = len(found[0].rstrip())
    content = end if mark_end < end <= mark_end + TAB else mark_end + 1
    return Marker(len(found[1]), content, int(found[2]) if found[2] else None)


def is_rule(line: str) -> bool:
    """Return whether the line is a rule: three or more of ``-``, ``*`` or ``_`` and nothing else."""
    bare = line.replace(" ", "")
    return len(bare) >= 3 and bare[0] in "-*_" and not bare.strip(bare[0])


def heading_of(line: str) -> tuple[int, str] | None:
    """Return a heading's level, 1 to 6, and its text without closing ``#``; None for an empty heading."""
    found = _HEADING.match(line)
    text = line[found.end() :] if found else ""
    bare = text.rstrip("#")
    text = (bare if bare.endswith(" ") else text).strip()
    return (len(found[1]), text) if found and text else None


def fence_of(line: str) -> Fence | None:
    found = _FENCE.match(line)
    return Fence(indent_of(line), found[1]) if found else None


def is_quote(line: str) -> bool:
    return line.lstrip(" ").startswith(">")


def unquoted(line: str) -> str:
    """Return the line without its ``>`` and one following space."""
    return line.lstrip(" ")[1:].removeprefix(" ")


def footnote_of(line: str) -> tuple[str, str] | None:
    """Return the label of a footnote definition and the rest of its line."""
    found = _FOOTNOTE.match(line)
    return (found[1], line[found.end() :]) if found else None


def cells_of(line: str) -> list[str]:
    """Return the cells of a table row, split at each ``|`` without a backslash before it."""
    bare = line.strip()
    bare = bare.removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL_END.split(bare)]


def alignments_of(line: str) -> list[str] | None:
    """Return the alignments of a table's columns from the line under its head; "" where none is given."""
    if "-" not in line or line.strip(" |:-"):
        return None
    found = [_ALIGNMENT.fullmatch(cell) for cell in cells_of(line)]
    if not all(found):
        return None
    names = {("", ""): "", (":", ""): "left", ("", ":"): "right", (":", ":"): "center"}
    return [names[each[1], each[2]] for each in found if each]


def table_of(head: str, below: str) -> list[str] | None:
    """Return the alignments of the columns if the two lines begin a table."""
    if "|" not in head or ("|" not in below and len(cells_of(head)) > 1):
        return None
    aligned = alignments_of(below)
    return aligned if aligned and len(aligned) == len(cells_of(head)) <= WIDEST else None


def interrupts_paragraph(line: str, *, may_nest: bool) -> bool:
    """Return whether the line ends the paragraph before it."""
    if not line:
        return True
    if line.lstrip(" ")[0] not in "#`~>-*+_1[":
        return False
    if may_nest and (is_quote(line) or _is_convincing_item(line)):
        return True
    return bool(is_rule(line) or heading_of(line) or fence_of(line) or footnote_of(line))


def _is_convincing_item(line: str) -> bool:
    """Return whether an item has text and, if numbered, starts at 1: "1986. A good year" just continues a sentence."""
    marker = marker_of(line)
    return marker is not None and marker.number in (None, 1) and marker.content < len(line)
