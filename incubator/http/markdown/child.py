"""The process that renders: texts on standard input, HTML on standard output, one after another.

    python -m incubator.http.markdown.child

It says "" when it is ready, and ends when its input does: when its parent has closed the pipe or is gone.
"""

import faulthandler
import sys
from typing import BinaryIO

from incubator.http.markdown.frames import HEAD, framed, length_in, message_in
from incubator.http.markdown.grammar import to_html

#: Seconds after which it ends by itself: the parent would have killed it before, so there is no parent.
_PATIENCE = 10


def serve(texts: BinaryIO, answers: BinaryIO) -> None:
    answers.write(framed(""))
    answers.flush()
    while len(head := texts.read(HEAD)) == HEAD:
        text = message_in(texts.read(length_in(head)))
        # A thread of C, so that even a pattern that hangs cannot hold it up.
        faulthandler.dump_traceback_later(_PATIENCE, exit=True)
        html = to_html(text)
        faulthandler.cancel_dump_traceback_later()
        answers.write(framed(html))
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
