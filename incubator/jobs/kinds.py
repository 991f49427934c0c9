"""The kinds of jobs: each feature lists its own as ``JOBS``, and ``app.py`` joins the lists."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Kinds = Mapping[str, "JobKind"]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: ``run(job, **arguments)`` does the work and returns a JSON value.

    ``job`` is a ``Running``: its ``cursor`` says where an earlier attempt stopped, and ``advance`` reports progress.
    The event loop serves pages meanwhile, so computation belongs in a thread or a process. An exception fails
    the job at once, and its message is stored: it must not contain personal data.
    """

    name: str
    run: Callable[..., Awaitable[Any]]
    attempts: int = 5
    """How many attempts are made; each process that dies during the job uses one up."""


def joined(*lists: Iterable[JobKind]) -> dict[str, JobKind]:
    """Return all kinds by name. Raises ValueError if two have the same name."""
    kinds: dict[str, JobKind] = {}
    for kind in (kind for each in lists for kind in each):
        if kinds.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds of job are called {kind.name}")
    return kinds
