"""Parts of a file that a client asks for (RFC 9110, section 14): a download goes on where the line broke."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes\s*=\s*(?:(\d{1,18})\s*-\s*(\d{0,18})|-\s*(\d{1,18}))", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes from ``start`` up to, not including, ``stop``, of ``size``."""

    start: int
    stop: int
    size: int

    @property
    def is_whole(self) -> bool:
        return self.stop - self.start == self.size

    @property
    def content_range(self) -> str:
        return f"bytes {self.start}-{self.stop - 1}/{self.size}"


class NoSuchPart(Exception):
    """The file has no byte of what is asked for: 416."""


def part_of(asked: str, if_range: str, etag: str, size: int) -> ByteRange | None:
    """Return the part that ``Range`` asks for; None: the whole file. Raises NoSuchPart.

    What is no range of bytes, or several at once, may be left unheeded. ``If-Range`` asks for the part only of the very
    file that it names; a date names none of ours, since a file never changes.
    """
    found = _ONE.fullmatch(asked.strip())
    if found is None or (if_range and if_range.strip() != etag):
        return None
    first, last, of_the_end = found.groups()
    if last and int(last) < int(first):
        return None
    start = max(0, size - int(of_the_end)) if of_the_end else int(first)
    stop = min(size, int(last) + 1) if last else size
    if start >= stop:
        raise NoSuchPart
    return ByteRange(start, stop, size)
