"""The process that renders: it reads texts from standard input and writes HTML to standard output, one by one.

    python -m incubator.http.markdown.child

It sends "" when it is ready, and exits when its input ends: when its parent has closed the pipe or died.
"""

import faulthandler
import sys
from typing import BinaryIO

from incubator.http.markdown.frames import HEAD, framed, length_in, message_in
from incubator.http.markdown.grammar import to_html

#: Seconds after which it exits by itself: a living parent would have killed it earlier.
_PATIENCE = 10


def serve(texts: BinaryIO, answers: BinaryIO) -> None:
    answers.write(framed(""))
    answers.flush()
    while len(head := texts.read(HEAD)) == HEAD:
        text = message_in(texts.read(length_in(head)))
        # A thread written in C, so that even a hanging pattern cannot hold it up.
        faulthandler.dump_traceback_later(_PATIENCE, exit=True)
        html = to_html(text)
        faulthandler.cancel_dump_traceback_later()
        answers.write(framed(html))
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
