"""The process that writes a Word file: a document comes in as MessagePack, the file goes out."""

import sys

import msgspec

from incubator.typesetting.blocks import Paper
from incubator.typesetting.word_document import word_document


def main() -> None:
    paper = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Paper)
    sys.stdout.buffer.write(word_document(paper))


if __name__ == "__main__":
    main()
