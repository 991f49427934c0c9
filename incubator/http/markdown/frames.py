"""The pipe protocol: the length of a message as four bytes, then the message in MessagePack."""

import msgspec

#: Length of the header in bytes.
HEAD = 4


def whole(text: str) -> str:
    """Return the text with a question mark for each lone surrogate, which no encoding can represent."""
    return text.encode("utf-8", "replace").decode()


def framed(message: str) -> bytes:
    body = msgspec.msgpack.encode(whole(message))
    return len(body).to_bytes(HEAD, "big") + body


def length_in(head: bytes) -> int:
    return int.from_bytes(head, "big")


def message_in(body: bytes) -> str:
    """Decode a message. Raises msgspec.DecodeError if it is not one."""
    return msgspec.msgpack.decode(body, type=str)
