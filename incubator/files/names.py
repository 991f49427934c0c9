"""File names as uploaded, made safe to display and to offer for download."""

import unicodedata

LONGEST = 120
#: Most file systems limit a name to 255 bytes.
_LONGEST_BYTES = 240
#: Characters that Windows forbids in a name, except the slashes, which end a folder's name.
_REFUSED = str.maketrans('<>:"|?*', "_______")


def clean_name(name: str, otherwise: str = "file") -> str:
    """Return the last part of a path without control, bidirectional and other invisible characters, keeping its extension.

    Returns ``otherwise`` if nothing is left.
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
