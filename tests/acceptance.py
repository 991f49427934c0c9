"""Every test in full: all kills, walks and examples, all of the sample data.

``python -m tests.acceptance [OPTION OF PYTEST]...``; ``.ci/run`` tries about a tenth of it (``tests/scale.py``).
"""

import os
import subprocess
import sys
import time


def main(options: list[str]) -> int:
    """Run pytest with ``options``, say how long it took, return its exit code."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options], env={**os.environ, "INCUBATOR_ACCEPTANCE": "1"}, check=False
    )
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    print(f"In full: {minutes} min {seconds} s.")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
