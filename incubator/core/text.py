"""Text as people type it, made safe to store on every engine."""

import re
import unicodedata

from anyascii import anyascii

#: Control characters save tab and line feed, lone surrogates, and what
#: turns a line around (bidirectional overrides): never part of a text.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]")


def clean(text: str) -> str:
    """NFC, line feeds only, no control characters, no space at either end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", text)).strip()


def clean_line(text: str) -> str:
    """Like ``clean``, on one line with single spaces."""
    return " ".join(clean(text).split())


def short(text: str, longest: int) -> str:
    """At most ``longest`` characters, cut at a word, with an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,.;:—–-") + "…"


_QUOTED = re.compile(r"[«“\"]([^»”\"]{3,})[»”\"]")


def quoted_names(text: str) -> list[str]:
    """What stands in quotation marks, as names of organisations do: «Заря» of «Завод «Заря»»."""
    return _QUOTED.findall(text)


#: Marks that stand for soft and hard signs, and apostrophes: within a word.
_QUOTE = re.compile("['\"]")


def slugify(text: str, longest: int = 60) -> str:
    """Latin letters, digits and hyphens that read like ``text`` in any script; may be empty."""
    # Symbols are spelled out by the library, № as "No" and a bee as ":bee:"; in an address nobody reads them.
    words = "".join(" " if unicodedata.category(c) == "So" else c for c in text.casefold())
    latin = _QUOTE.sub("", anyascii(words.replace("ё", "yo"))).lower()
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:longest].strip("-")
