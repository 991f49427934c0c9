"""Cleaning of typed text, so that every engine can store it."""

import hashlib
import re
import unicodedata
from typing import Any

from anyascii import anyascii

from incubator.core.visible import without_invisible

#: Characters removed from every text: control characters other than tab and line feed, lone surrogates,
#: and bidirectional overrides.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]")
#: Characters that end a line or a page; removed, they would glue words together.
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def without_control(text: str) -> str:
    """Return ``text`` with line feeds only and without characters that no document may hold, nor those that turn words around."""
    return _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", text))


def clean(text: str) -> str:
    """Return ``text`` in NFC, with line feeds only, without control or invisible characters or surrounding whitespace."""
    return unicodedata.normalize("NFC", without_invisible(without_control(text))).strip()


def counted(text: str) -> int:
    """Return how many characters of ``text`` count against a limit, as counter.js does."""
    return len(clean(text))


def clean_line(text: str) -> str:
    """Return ``text`` cleaned as by ``clean``, on one line with single spaces."""
    return " ".join(clean(text).split())


def short(text: str, longest: int) -> str:
    """Return at most ``longest`` characters, cut at a word, with an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,.;:—–-") + "…"


#: No word of a language is as long as 25 characters in a row; an address or a slip of the keyboard is.
_TOO_LONG = re.compile(r"\S{25,}")


def breakable(text: str) -> str:
    """Return ``text`` with zero-width spaces in words that are too long for a line, for drawing only."""
    return _TOO_LONG.sub(lambda word: "\u200b".join(re.findall(r".{1,12}", word[0])), text)


_QUOTED = re.compile(r"[«“\"]([^»”\"]{3,})[»”\"]")


def quoted_names(text: str) -> list[str]:
    """Return what stands in quotation marks, as in names of organisations: «Заря» of «Завод «Заря»»."""
    return _QUOTED.findall(text)


#: Apostrophes and marks that transliterate soft and hard signs, inside a word.
_QUOTE = re.compile("['\"]")


def slugify(text: str, longest: int = 60) -> str:
    """Transliterate ``text`` from any script to Latin letters, digits and hyphens; the result may be empty."""
    # The library spells out symbols (№ as "No", a bee as ":bee:"), which nobody reads in an address.
    words = "".join(" " if unicodedata.category(c) == "So" else c for c in text.casefold())
    latin = _QUOTE.sub("", anyascii(words.replace("ё", "yo"))).lower()
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:longest].strip("-")


def fingerprint(text: str) -> str:
    """Return what tells a text from another, in 16 characters."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def fitted(template: str, slots: dict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    """Return ``values`` as they are set into ``template``, whose placeholder for each is in ``slots``.

    Quotation marks inside quotation marks become „…“, and a value that ends with a full stop,
    such as «5 марта 2026 г.», does not bring a second one.
    """
    fitting = dict(values)
    for name, slot in slots.items():
        value = fitting.get(name)
        if not isinstance(value, str):
            continue
        if f"«{slot}»" in template:
            value = value.replace("«", "„").replace("»", "“")
        if f"{slot}." in template and value.endswith(".") and not value.endswith(".."):
            value = value[:-1]
        fitting[name] = value
    return fitting
