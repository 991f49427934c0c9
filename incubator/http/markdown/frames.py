"""What goes through the pipes: the length of a message as four bytes, then the message in MessagePack."""

import msgspec

#: Bytes before each message.
HEAD = 4


def whole(text: str) -> str:
    """The text with a question mark for each half of a surrogate pair, which no encoding has."""
    return text.encode("utf-8", "replace").decode()


def framed(message: str) -> bytes:
    body = msgspec.msgpack.encode(whole(message))
    return len(body).to_bytes(HEAD, "big") + body


def length_in(head: bytes) -> int:
    return int.from_bytes(head, "big")


def message_in(body: bytes) -> str:
    """Raises msgspec.DecodeError if it is no message."""
    return msgspec.msgpack.decode(body, type=str)
