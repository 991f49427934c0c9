"""The cost of pairing a mentor with a submission, term by term, so that a proposal can explain itself. Pure.

Costs are in points; lower is better. The terms are chosen so that one strong reason (a soft
conflict, an unwilling mentor) outweighs a perfect match of fields.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from incubator.core.rounding import half_up_int
from incubator.reviews.assignment.conflicts import FoundConflict

_LATIN, _CYRILLIC = re.compile(r"[a-z]", re.I), re.compile(r"[а-яё]", re.I)

#: Cost of a pair about which nothing is known; no pair costs less than 0.
BASE = 400
BIDS = {"gladly": -80, "can": 0, "rather_not": 160}
_SAME_MENTOR = -220
_CLUSTER = -60
_COMPETENCIES = -80
_LANGUAGE = 250
_SOFT = 150
#: For each review that a mentor already has, so that the next one tends to go to somebody else.
LOAD = 12
#: Days that a mentor must be available before the due date.
_LEAST_DAYS = 3


@dataclass(frozen=True, slots=True)
class MentorSide:
    id: int
    clusters: frozenset[int] = frozenset()
    competencies: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset({"ru"})
    away: tuple[tuple[date, date], ...] = ()
    """First and last day, both inclusive."""


@dataclass(frozen=True, slots=True)
class SubmissionSide:
    id: int
    cluster: int | None = None
    competencies: frozenset[int] = frozenset()
    language: str = "ru"
    reviewed_before: frozenset[int] = frozenset()
    """Mentors who reviewed an earlier round of this project at this stage."""


@dataclass(frozen=True, slots=True)
class CostTerm:
    code: str
    points: int


def terms(mentor: MentorSide, submission: SubmissionSide, conflicts: list[FoundConflict], bid: str) -> list[CostTerm]:
    """Return why this pair costs more or less than BASE; its conflicts are soft ones."""
    found = []
    if mentor.id in submission.reviewed_before:
        found.append(CostTerm("same_mentor", _SAME_MENTOR))
    if submission.cluster in mentor.clusters:
        found.append(CostTerm("cluster", _CLUSTER))
    if shared := len(mentor.competencies & submission.competencies):
        found.append(CostTerm("competencies", half_up_int(_COMPETENCIES * shared / len(submission.competencies))))
    if submission.language not in mentor.languages:
        found.append(CostTerm("language", _LANGUAGE))
    if points := BIDS.get(bid, 0):
        found.append(CostTerm(bid, points))
    found += [CostTerm(c.code, _SOFT) for c in conflicts if not c.is_hard]
    return found


def cost(found: list[CostTerm]) -> int:
    return max(0, BASE + sum(term.points for term in found))


def is_away(mentor: MentorSide, today: date, due: date) -> bool:
    """Return whether fewer than three days from ``today`` to ``due`` remain available."""
    if not mentor.away:
        return False
    days = (due - today).days + 1
    gone = {
        today + timedelta(days=n)
        for n in range(max(days, 0))
        if any(first <= today + timedelta(days=n) <= last for first, last in mentor.away)
    }
    return bool(gone) and days - len(gone) < _LEAST_DAYS


def language_of(text: str) -> str:
    """Return the language of most of ``text``, judged by its letters."""
    return "en" if len(_LATIN.findall(text)) > len(_CYRILLIC.findall(text)) else "ru"
