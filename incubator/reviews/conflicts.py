"""Conflicts of interest between a mentor and a project. Pure: facts in, reasons out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of both sides; ids, None where unknown."""

    mentor: int
    mentor_organisation: int | None
    mentor_municipality: int | None
    project_organisation: int | None
    project_municipality: int | None
    members: frozenset[int]
    declared_hard: tuple[str, ...] = ()
    declared_soft: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Hard: can never be assigned. Soft: avoided and shown. ``reason`` is a code, or a declared text."""

    is_hard: bool
    code: str
    text: str = ""


def conflicts(facts: Facts) -> list[Conflict]:
    """Every conflict that the facts show, hard ones first."""
    found = [Conflict(True, "declared", text) for text in facts.declared_hard]
    if facts.mentor in facts.members:
        found.append(Conflict(True, "member"))
    if facts.mentor_organisation and facts.mentor_organisation == facts.project_organisation:
        found.append(Conflict(True, "organisation"))
    found += [Conflict(False, "declared", text) for text in facts.declared_soft]
    if facts.mentor_municipality and facts.mentor_municipality == facts.project_municipality:
        found.append(Conflict(False, "municipality"))
    return found


def is_barred(facts: Facts) -> bool:
    return any(c.is_hard for c in conflicts(facts))
