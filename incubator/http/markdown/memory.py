"""A cache of the latest results of a function from text to text."""

from collections import OrderedDict
from hashlib import blake2b

#: Overhead of an entry, in characters.
_ENTRY = 200


class Memory:
    """The most recently used results, ``room`` characters in all; of the input texts only digests are kept."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._results: OrderedDict[bytes, str] = OrderedDict()

    def get(self, text: str) -> str | None:
        key = _digest(text)
        if key in self._results:
            self._results.move_to_end(key)
        return self._results.get(key)

    def put(self, text: str, result: str) -> None:
        key = _digest(text)
        if key not in self._results:
            self._results[key] = result
            self._used += _ENTRY + len(result)
        while self._used > self._room:
            self._used -= _ENTRY + len(self._results.popitem(last=False)[1])

    def clear(self) -> None:
        self._results.clear()
        self._used = 0


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
