"""A word diff between two texts. Pure."""

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def words_of(text: str) -> list[str]:
    """Return the words of a text, and what stands between them; joined, they are the text."""
    return _WORD.findall(text)


def diff(before: str, after: str) -> list[tuple[str, str]]:
    """Return ``("same" | "del" | "ins", text)`` pairs in reading order.

    Joining all but "ins" gives ``before``, all but "del" gives ``after``. Longest
    matching blocks (Ratcliff and Obershelp, 1988, as in difflib, whose heuristic for
    frequent words keeps hostile texts fast).
    """
    a, b = words_of(before), words_of(after)
    parts: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(a[i1:i2])))
            continue
        if i2 > i1:
            parts.append(("del", "".join(a[i1:i2])))
        if j2 > j1:
            parts.append(("ins", "".join(b[j1:j2])))
    return _joined(parts)


def _joined(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Merge a single space between two changes into the change, which is easier to read."""
    out: list[tuple[str, str]] = []
    pending: list[str] = ["", ""]

    def flush() -> None:
        for op, text in zip(("del", "ins"), pending, strict=True):
            if text:
                out.append((op, text))
        pending[:] = ["", ""]

    for n, (op, text) in enumerate(parts):
        lone_space = op == "same" and text.isspace() and any(pending) and n + 1 < len(parts)
        if op == "same" and not lone_space:
            flush()
            out.append((op, text))
        else:
            if op in {"del", "same"}:
                pending[0] += text
            if op in {"ins", "same"}:
                pending[1] += text
    flush()
    return out


def is_changed(parts: list[tuple[str, str]]) -> bool:
    return any(op != "same" for op, _text in parts)
