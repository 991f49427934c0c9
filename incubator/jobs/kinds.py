"""What kinds of work there are: each feature lists its own as ``JOBS``, ``app.py`` joins the lists."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Kinds = Mapping[str, "JobKind"]


@dataclass(frozen=True, slots=True)
class JobKind:
    """``run(job, **arguments)`` does the work and returns what JSON can hold.

    ``job`` is a ``Running``: its ``cursor`` says where an earlier attempt stopped, ``advance`` says how far this one
    is. The event loop serves pages meanwhile: what computes belongs into a thread or a process. An exception fails
    the job at once, and its message is kept: it must not hold anybody's data.
    """

    name: str
    run: Callable[..., Awaitable[Any]]
    attempts: int = 5
    """How often it is begun before it is given up: each process that dies of it takes one."""


def joined(*lists: Iterable[JobKind]) -> dict[str, JobKind]:
    """All kinds by name. Raises ValueError where two have the same."""
    kinds: dict[str, JobKind] = {}
    for kind in (kind for each in lists for kind in each):
        if kinds.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds of job are called {kind.name}")
    return kinds
