"""Rendered pages in memory, in the encodings that were asked for, and a shelf of limited size for them."""

import hashlib
from collections import OrderedDict
from typing import Any

from incubator.http.compression import Encoding, compressed, is_text, unpacked

_VARY = b"accept-encoding, accept-language, cookie"
#: Headers that are set for each variant, or belong to one request.
_OWN = frozenset({b"content-length", b"content-encoding", b"vary", b"x-request-id", b"cache-control", b"etag"})
#: Bytes that a page takes besides its content.
_ENTRY = 3200
#: Quality of compression for who asks first and waits for it, and for everybody after that: an eighth less in three times the time.
_QUICK, _WELL = 3, 5

Key = tuple[str, bytes, str, Any]
#: The two ASGI messages: start and body.
Answer = tuple[Any, Any]


class Kept:
    """One page, compressed in each encoding when first asked for, and better when asked for again."""

    __slots__ = ("_headers", "_packs", "_start", "answers", "etag", "is_quick", "not_modified", "revision", "size")

    def __init__(self, revision: int, start: Any, body: bytes, encoding: Encoding) -> None:
        self.revision = revision
        self.etag = b'W/"%s"' % hashlib.blake2b(body, digest_size=9).hexdigest().encode()
        shared = [h for h in start["headers"] if h[0].lower() not in _OWN]
        shared += [(b"etag", self.etag), (b"cache-control", b"no-cache"), (b"vary", _VARY)]
        self._start, self._headers = start["status"], shared
        self._packs = is_text(dict(shared).get(b"content-type", b""))
        self.is_quick = self._packs
        """Whether it is packed for the first visitor only."""
        self.answers: dict[Encoding, Answer] = {}
        """Answers by encoding, as far as they exist; ``answer`` makes missing ones."""
        self.size = _ENTRY
        self._pack(body, encoding if self._packs else "")
        self.not_modified = (
            {"type": "http.response.start", "status": 304, "headers": [h for h in shared if h[0] != b"content-type"]},
            {"type": "http.response.body", "body": b""},
        )

    def answer(self, encoding: Encoding) -> Answer:
        """Return the two messages. The plain page is not kept beside a compressed one, which is many times smaller."""
        have, known = next(iter(self.answers.items()))
        if not self._packs:
            self.answers[encoding] = known
            return known
        return self._pack(unpacked(known[1]["body"], have), encoding)

    def pack_well(self) -> int:
        """Pack it better, since it will be sent often. Return by how many bytes its size has changed."""
        before, packed = self.size, self.answers
        have, known = next(iter(packed.items()))
        body = unpacked(known[1]["body"], have)
        self.is_quick, self.answers = False, {}
        self.size -= sum(len(answer[1]["body"]) for answer in packed.values())
        for encoding in packed:
            self._pack(body, encoding)
        return self.size - before

    def _pack(self, body: bytes, encoding: Encoding) -> Answer:
        packed = compressed(body, encoding, quality=_QUICK if self.is_quick else _WELL)
        headers = [*self._headers, (b"content-length", str(len(packed)).encode())]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        answer = (
            {"type": "http.response.start", "status": self._start, "headers": headers},
            {"type": "http.response.body", "body": packed},
        )
        if encoding or not self._packs:
            self.answers[encoding] = answer
            self.size += len(packed)
        elif not self.answers:  # keep at least one form: the smallest, even if nobody asked for it
            self._pack(body, "gzip")
        return answer


class _Pages:
    """Pages up to a total size in bytes; the one that was not asked for for the longest time goes first."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self.by_key: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0

    def put(self, key: Key, kept: Kept) -> None:
        self.by_key[key] = kept
        self.grow(kept.size)

    def drop(self, key: Key) -> bool:
        """Return whether it was there."""
        kept = self.by_key.pop(key, None)
        self.size -= kept.size if kept else 0
        return kept is not None

    def grow(self, more: int) -> None:
        self.size += more
        while self.size > self._largest and len(self.by_key) > 1:
            _key, oldest = self.by_key.popitem(last=False)
            self.size -= oldest.size


class Shelf:
    """Pages that were asked for once, and those asked for again, which have most of the room.

    Searches that nobody repeats neither push out what everybody reads nor fill the memory (segmented LRU: Karedla, Love and
    Wherry, "Caching strategies to improve disk system performance", 1994).
    """

    def __init__(self, largest: int) -> None:
        self._once, self._again = _Pages(largest // 4), _Pages(largest - largest // 4)

    def get(self, key: Key, revision: int) -> Kept | None:
        """Return the page as of this revision, if it is here, packed well since somebody else has had it."""
        kept = self._again.by_key.get(key)
        if kept is not None:
            self._again.by_key.move_to_end(key)
        else:
            kept = self._once.by_key.get(key)
            if kept is None:
                return None
            self._once.drop(key)
            self._again.put(key, kept)
        if kept.revision != revision:
            return None
        if kept.is_quick:
            self._again.grow(kept.pack_well())
        return kept

    def put(self, key: Key, kept: Kept) -> None:
        is_known = self._again.drop(key) | self._once.drop(key)
        (self._again if is_known else self._once).put(key, kept)

    def grown(self, key: Key, kept: Kept, more: int) -> None:
        """Take note that a page has ``more`` bytes than before, if it is still here."""
        for pages in (self._once, self._again):
            if pages.by_key.get(key) is kept:
                pages.grow(more)

    def clear(self) -> None:
        for pages in (self._once, self._again):
            pages.by_key.clear()
            pages.size = 0

    @property
    def size(self) -> int:
        """Return the bytes taken."""
        return self._once.size + self._again.size

    @property
    def pages(self) -> dict[Key, Kept]:
        """Return what is kept, in the order in which it would go."""
        return {**self._once.by_key, **self._again.by_key}
