"""Telling the demo's story, as its command does."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

_DATABASE = "incubator.sqlite"
#: Seconds after which the command hangs; telling takes a tenth of them on a machine with nothing else to do.
_HANGS = 600


def demo(data: Path, *options: str) -> str:
    """Run the command as a person would; return its output."""
    command = [sys.executable, "-m", "incubator", "demo", "--data", str(data), "--no-serve", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_HANGS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def column(data: Path, sql: str) -> list[object]:
    with closing(sqlite3.connect(data / _DATABASE)) as db:
        return [row[0] for row in db.execute(sql)]


def copied(told: Path, data: Path) -> None:
    """Copy a demo that was told, for a test that changes it: faster than telling it again."""
    shutil.copytree(told, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{_DATABASE}*"))
    # As the database's own program copies it: what lies beside it comes and goes with whoever has it open.
    with closing(sqlite3.connect(told / _DATABASE)) as one, closing(sqlite3.connect(data / _DATABASE)) as other:
        one.backup(other)
