"""The command `incubator` as a fork of one process that has imported the site already: it is ready in a moment.

Each worker of pytest-xdist has one such process. A fork has the environment, the settings and the output that the command
would have; `tests/test_forked.py` compares.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import get_context, set_start_method
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_servers = get_context("forkserver")
_servers.set_forkserver_preload(["tests.preloaded"])


def started(words: Sequence[str], env: Mapping[str, str], log: Path) -> ForkServerProcess:
    """Start `incubator WORDS` in the environment ``env``; what it says goes to ``log``."""
    return _started(words, env, log, log)


def finished(
    words: Sequence[str], env: Mapping[str, str], *, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `incubator WORDS` to its end, as `subprocess.run` would."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _started(words, env, out, err, cwd)
        process.join(600)
        assert process.exitcode is not None, f"incubator {' '.join(words)} goes on and on"
        return subprocess.CompletedProcess(
            list(words), process.exitcode, out.read_text("utf-8"), err.read_text("utf-8")
        )


def _started(
    words: Sequence[str], env: Mapping[str, str], out: Path, err: Path, cwd: Path | None = None
) -> ForkServerProcess:
    process = _servers.Process(target=_run, args=(list(words), dict(env), out, err, cwd or Path.cwd()))
    process.start()
    return process


def _run(words: list[str], env: dict[str, str], out: Path, err: Path, cwd: Path) -> None:
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        with path.open("ab") as said:
            os.dup2(said.fileno(), stream.fileno())
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)

    from incubator import cli, config, piccolo_conf
    from incubator.db import engine_for

    set_start_method("fork", force=True)  # how the server starts its own workers
    config.settings = config.load()
    if not config.settings.is_database_unreadable:  # otherwise the command says so
        piccolo_conf.DB = engine_for(config.settings.database)
    cli.main(words, prog_name="incubator")
