"""A process that computes without end, and allows itself so many seconds of it."""

import sys

from incubator.core.child_process import limit_itself

if __name__ == "__main__":
    limit_itself(seconds=int(sys.argv[1]))
    while True:
        pass
