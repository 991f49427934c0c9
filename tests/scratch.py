"""One folder a process for everything that tests, and the programs that they start, leave behind even when killed.

Imported before anything asks for a temporary folder. What pytest keeps of failed tests stays outside.
"""

import os
import shutil
import tempfile
from multiprocessing import util

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
#: Its name is short, because a socket's path has at most 107 characters.
FOLDER = tempfile.mkdtemp(prefix="tests-")
os.environ["TMPDIR"] = tempfile.tempdir = FOLDER


def remove() -> None:
    util._run_finalizers(-100)  # type: ignore[attr-defined]  # multiprocessing removes its own folder in there, and complains if it is gone
    shutil.rmtree(FOLDER, ignore_errors=True)
