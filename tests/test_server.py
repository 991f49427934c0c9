"""The memory of the server's processes: one heap, where what a thread has freed is there for the others, and no library that nobody uses."""

import subprocess
import sys

#: A process that starts another one, in which several threads take memory at the same time; it prints how many heaps they made.
_PROGRAM = """
import multiprocessing, pathlib, sys, threading
from incubator.server import share_heap

def heaps():
    gate = threading.Barrier(6)
    def take():
        gate.wait()
        taken = [bytes(4096) for _n in range(200)]
        gate.wait()
        return taken
    threads = [threading.Thread(target=take) for _n in range(6)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    megabytes = 1024 * 1024
    spans = [line.split()[0].split("-") for line in pathlib.Path("/proc/self/maps").read_text().splitlines() if "---p" in line]
    ends = [(int(start, 16), int(end, 16)) for start, end in spans]
    print(sum(end - start > 48 * megabytes and end % (64 * megabytes) == 0 for start, end in ends))

if "share" in sys.argv:
    share_heap()
child = multiprocessing.get_context("fork").Process(target=heaps)
child.start()
child.join()
"""


def test_forked_workers_share_one_heap() -> None:
    def heaps(*options: str) -> int:
        done = subprocess.run([sys.executable, "-c", _PROGRAM, *options], stdout=subprocess.PIPE, check=True, text=True)
        return int(done.stdout)

    assert heaps() > 1
    assert heaps("share") <= 1


def test_what_nobody_uses_is_not_loaded() -> None:
    program = (
        "import sys; from incubator.server import UNUSED, leave_out_unused; leave_out_unused();"
        "from incubator.app import create_app; create_app();"
        "print([name for name in UNUSED if sys.modules.get(name)], [name for name in UNUSED if name not in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, text=True)
    assert done.stdout.strip() == "[] []"
