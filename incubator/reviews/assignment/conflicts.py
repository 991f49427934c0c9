"""Conflicts of interest between a mentor and a project. Pure: facts in, reasons out."""

import re
from dataclasses import dataclass

_NAMED = re.compile(r"[«“\"]([^»”\"]{3,})[»”\"]")


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody told; facts do not show it."""

    is_hard: bool
    kind: str
    """family, coach or other."""
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of both sides; ids, None where unknown."""

    mentor: int
    mentor_organisation: int | None
    mentor_municipality: int | None
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
    """Hard: can never be assigned. Soft: avoided and shown. ``text`` is what somebody declared."""

    is_hard: bool
    code: str
    text: str = ""


def conflicts(facts: Facts) -> list[FoundConflict]:
    """Every conflict that the facts show, hard ones first."""
    found = [FoundConflict(True, d.kind, d.text) for d in facts.declared if d.is_hard]
    if facts.mentor in facts.members:
        found.append(FoundConflict(True, "member"))
    elif facts.mentor in facts.former_coaches:
        found.append(FoundConflict(True, "former_coach"))
    if facts.mentor_organisation and (
        facts.mentor_organisation == facts.project_organisation
        or facts.mentor_organisation in facts.member_organisations
    ):
        found.append(FoundConflict(True, "organisation"))
    found += [FoundConflict(False, d.kind, d.text) for d in facts.declared if not d.is_hard]
    if facts.is_partner:
        found.append(FoundConflict(False, "partner"))
    if facts.mentor_municipality and facts.mentor_municipality == facts.project_municipality:
        found.append(FoundConflict(False, "municipality"))
    return found


def is_barred(facts: Facts) -> bool:
    return any(c.is_hard for c in conflicts(facts))


def is_named_in(organisation: str, text: str) -> bool:
    """Whether ``text`` names the organisation: what stands in its quotation marks, else the whole name."""
    names = _NAMED.findall(organisation) or [organisation]
    folded = text.casefold()
    return any(len(name) >= 3 and name.casefold() in folded for name in names)
