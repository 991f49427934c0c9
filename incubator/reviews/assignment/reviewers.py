"""Mentors with the facts that matter for assigning them: fields, languages, days away, load and capacity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from incubator.people.affiliations import affiliations_by_person
from incubator.people.grants import ids_by_grant
from incubator.people.permissions import StaffAction
from incubator.people.tables import Affiliation, Person
from incubator.projects.staff_consents import took_staff_consent_back
from incubator.reviews.assignment.conflicts import telling_names
from incubator.reviews.assignment.matching import MentorSide
from incubator.reviews.tables import (
    OPEN_ASSIGNMENT,
    SENT_REVIEW,
    Assignment,
    Away,
    Mentor,
    MentorCluster,
    MentorCompetency,
)

#: Arguments: the mentor twice, 0 for all. S608: the SQL contains only our own text.
_WAITING = f'''SELECT a."mentor" AS mentor, count(*) AS n FROM "assignment" a
LEFT JOIN "review" r ON r."assignment" = a."id" AND {SENT_REVIEW}
WHERE {OPEN_ASSIGNMENT} AND r."id" IS NULL AND NOT EXISTS (SELECT 1 FROM "decision" d
WHERE d."submission" = a."submission") AND ({{}} = 0 OR a."mentor" = {{}}) GROUP BY a."mentor"'''  # noqa: S608
_TAKEN = f'''SELECT a."mentor" AS mentor, p."season" AS season, count(*) AS n FROM "assignment" a
JOIN "submission" s ON s."id" = a."submission" JOIN "project" p ON p."id" = s."project"
WHERE {OPEN_ASSIGNMENT} AND ({{}} = 0 OR a."mentor" = {{}}) GROUP BY a."mentor", p."season"'''  # noqa: S608


@dataclass(frozen=True, slots=True)
class PlaceOfWork:
    """Where a mentor works or studies, as conflicts of interest ask for it; made once, since it is compared with every submission."""

    organisations: frozenset[int]
    """Merged ones are replaced by their successors."""
    municipalities: frozenset[int]
    names: tuple[str, ...]
    """``conflicts.py: telling_names``."""


@dataclass(frozen=True, slots=True)
class Excess:
    """More reviews than a mentor offers."""

    asked: int
    limit: int
    of_season: bool
    """In a season, waiting or sent; otherwise at a time, all of them waiting."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A mentor with the facts that matter for assigning them."""

    person: Person
    affiliations: list[Affiliation]
    """Their current affiliations, with the organisations."""
    workplace: PlaceOfWork
    side: MentorSide
    capacity: int
    season_capacity: int
    load: int
    """Reviews that wait for them now."""
    taken: dict[int, int]
    """Reviews in each season, waiting or sent."""
    has_withdrawn: bool
    """They took back the consent to process their data: nothing new is assigned."""

    @property
    def organisation(self) -> str:
        """Return the name of their organisation; empty if unknown."""
        return self.affiliations[0].organisation.name if self.affiliations else ""

    @property
    def over(self) -> int:
        """Return how many of the waiting reviews are more than they offer to have at a time, or in a season."""
        too_many = max((n - self.season_capacity for n in self.taken.values()), default=0)
        return max(0, min(self.load, max(self.load - self.capacity, too_many)))

    def excesses(self, more: Mapping[int, int] = MappingProxyType({})) -> list[Excess]:
        """Return which limits are exceeded, or would be with so many ``more`` assignments in each season."""
        waiting = self.load + sum(more.values())
        seasons = sorted({*self.taken, *more}) if waiting else []
        found = [
            Excess(waiting, self.capacity, of_season=False),
            *(Excess(self.taken.get(s, 0) + more.get(s, 0), self.season_capacity, of_season=True) for s in seasons),
        ]
        return [each for each in found if each.asked > each.limit]

    def room_in(self, season: int) -> int:
        return max(0, min(self.capacity - self.load, self.season_capacity - self.taken.get(season, 0)))


async def reviewers_for(only: int = 0) -> list[Reviewer]:
    """Return all mentors, or the one whose id is ``only``. Ten queries."""
    is_mentor = Mentor.person.is_in(ids_by_grant(StaffAction.REVIEW))
    mentors = await Mentor.objects(Mentor.person).where(is_mentor & (Mentor.person == only) if only else is_mentor)
    affiliations = await affiliations_by_person(m.person.id for m in mentors)
    loads = await waiting_by_mentor(only)
    taken = await _taken_by_season(only)
    clusters = await _sets(MentorCluster, MentorCluster.cluster, only)
    competencies = await _sets(MentorCompetency, MentorCompetency.competency, only)
    away: dict[int, list[tuple[date, date]]] = {}
    for row in await Away.select().where(Away.mentor == only if only else Away.id > 0):
        away.setdefault(row["mentor"], []).append((row["starts_on"], row["ends_on"]))
    withdrawn = await took_staff_consent_back([m.person.id for m in mentors])
    found = []
    for m in mentors:
        person = m.person
        side = MentorSide(
            person.id, frozenset(clusters.get(person.id, ())), frozenset(competencies.get(person.id, ())),
            frozenset(m.languages.split()), tuple(away.get(person.id, ())),
        )  # fmt: skip
        theirs = affiliations.get(person.id, [])
        found.append(
            Reviewer(
                person=person, affiliations=theirs, workplace=_workplace_of(theirs), side=side, capacity=m.capacity,
                season_capacity=m.season_capacity, load=loads.get(person.id, 0), taken=taken.get(person.id, {}), has_withdrawn=person.id in withdrawn,
            )
        )  # fmt: skip
    return found


def _workplace_of(affiliations: Sequence[Affiliation]) -> PlaceOfWork:
    organisations = [affiliation.organisation for affiliation in affiliations]
    return PlaceOfWork(
        frozenset(each.present_id for each in organisations),
        frozenset(each.municipality for each in organisations if each.municipality is not None),
        tuple(name for each in organisations for name in telling_names(each.name)),
    )


async def _sets(table: Any, column: Any, only: int) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    where = table.mentor == only if only else table.id > 0
    for row in await table.select(table.mentor, column.as_alias("value")).where(where):
        found.setdefault(row["mentor"], set()).add(row["value"])
    return found


async def waiting_by_mentor(only: int = 0) -> dict[int, int]:
    """Return how many reviews wait for each mentor: assigned, not declined, not sent, and not decided without them."""
    rows = await Assignment.raw(_WAITING, only, only)
    return {row["mentor"]: row["n"] for row in rows}


async def _taken_by_season(only: int) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for row in await Assignment.raw(_TAKEN, only, only):
        found.setdefault(row["mentor"], {})[row["season"]] = row["n"]
    return found
