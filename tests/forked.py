"""The command `incubator` as a fork of one process that has imported the site already: it is ready in a moment.

Each worker of pytest-xdist has one such process. A fork has the environment, the settings and the output that the command
would have; `tests/test_forked.py` compares.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context, set_start_method
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_servers = get_context("forkserver")
_servers.set_forkserver_preload(["tests.preloaded"])


def started(words: Sequence[str], env: Mapping[str, str], log: Path) -> ForkServerProcess:
    """Start `incubator WORDS` in the environment ``env``; what it says goes to ``log``."""
    process = _servers.Process(target=_run, args=(list(words), dict(env), log))
    process.start()
    return process


def _run(words: list[str], env: dict[str, str], log: Path) -> None:
    with log.open("wb") as said:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(said.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(env)

    from incubator import cli, config, piccolo_conf
    from incubator.db import engine_for

    set_start_method("fork", force=True)  # how the server starts its own workers
    config.settings = config.load()
    piccolo_conf.DB = engine_for(config.settings.database)
    cli.main(words, prog_name="incubator")
