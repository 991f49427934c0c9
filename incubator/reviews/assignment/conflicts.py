"""Conflicts of interest between a mentor and a project. Pure: facts in, reasons out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from incubator.core.folding import folded
from incubator.core.text import quoted_names


@dataclass(frozen=True, slots=True)
class Declared:
    """A conflict that somebody declared, which facts do not show."""

    is_hard: bool
    kind: str
    """family, coach or other."""
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of both sides; ids, None where unknown."""

    mentor: int
    mentor_organisations: frozenset[int]
    """Where the mentor works or studies; merged organisations are replaced by their successors, as for the project's."""
    mentor_municipalities: frozenset[int]
    project_organisation: int | None
    project_municipality: int | None
    members: frozenset[int]
    member_organisations: frozenset[int] = frozenset()
    """Where adults of the team work."""
    former_coaches: frozenset[int] = frozenset()
    is_partner: bool = False
    """The mentor's employer is named among the project's partners."""
    declared: tuple[Declared, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """Hard: must never be assigned. Soft: avoided and shown. ``text`` is the text of a declared one."""

    is_hard: bool
    code: str
    text: str = ""


def conflicts(facts: Facts) -> list[FoundConflict]:
    """Return every conflict that follows from the facts, hard ones first."""
    return [*_hard(facts), *_soft(facts)]


def _hard(facts: Facts) -> Iterator[FoundConflict]:
    yield from _declared(facts, is_hard=True)
    if facts.mentor in facts.members:
        yield FoundConflict(True, "member")
    elif facts.mentor in facts.former_coaches:
        yield FoundConflict(True, "former_coach")
    if facts.mentor_organisations & {facts.project_organisation, *facts.member_organisations}:
        yield FoundConflict(True, "organisation")


def _soft(facts: Facts) -> Iterator[FoundConflict]:
    yield from _declared(facts, is_hard=False)
    if facts.is_partner:
        yield FoundConflict(False, "partner")
    if facts.project_municipality in facts.mentor_municipalities:
        yield FoundConflict(False, "municipality")


def _declared(facts: Facts, *, is_hard: bool) -> Iterator[FoundConflict]:
    return (FoundConflict(is_hard, told.kind, told.text) for told in facts.declared if told.is_hard is is_hard)


def is_barred(facts: Facts) -> bool:
    return any(c.is_hard for c in conflicts(facts))


def telling_names(organisation: str) -> list[str]:
    """Return the folded words by which a text names the organisation: what is in its quotation marks, else its whole name."""
    names = (folded(name) for name in quoted_names(organisation) or [organisation])
    return [name for name in names if len(name) >= 3]


def is_named_in(names: Iterable[str], text: str) -> bool:
    """Return whether a folded text has one of ``telling_names``."""
    return any(name in text for name in names)
