"""The name of a file as somebody's computer called it, made safe to show and to offer for a download."""

import unicodedata

LONGEST = 120
#: Most file systems take 255 bytes of a name.
_LONGEST_BYTES = 240
#: What Windows refuses in a name, save the slashes, which end a folder's.
_REFUSED = str.maketrans('<>:"|?*', "_______")


def clean_name(name: str, otherwise: str = "file") -> str:
    """The last part of a path without control, bidirectional and other unseen characters, its extension kept.

    ``otherwise`` where nothing is left of it.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if c.isspace() or unicodedata.category(c)[0] != "C")
    plain = " ".join(seen.split()).translate(_REFUSED).strip(" .")
    return _shortened(plain) or otherwise


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = name, "", ""
    stem = stem[: LONGEST - len(dot + extension)]
    while len((stem + dot + extension).encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return stem + dot + extension
