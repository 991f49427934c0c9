"""Children and documents in one table: for the teacher of the teams, and for an organiser, team by team."""

from collections.abc import Iterable
from dataclasses import dataclass

from incubator.core.clock import today
from incubator.people.consents import ConsentState, state_of
from incubator.people.tables import Consent, Person
from incubator.privacy.sheets import family_codes
from incubator.projects.access import unvouched_among
from incubator.projects.consents import PARTICIPATION, PURPOSES, latest_consents
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Member, Project
from incubator.projects.team import Mate, teams_of


@dataclass(frozen=True, slots=True)
class Cell:
    """One document of one child."""

    purpose: str
    state: str
    """A ConsentState; "none" if there never was one."""
    consent: Consent | None

    @property
    def is_missing(self) -> bool:
        return self.state not in {ConsentState.HOLDING, ConsentState.FUTURE}


@dataclass(frozen=True, slots=True)
class Pupil:
    """One row: a student of a team."""

    person: Person
    cells: tuple[Cell, ...]
    family_code: str
    """Empty: no sheet has been printed yet."""

    @property
    def signs_alone(self) -> bool:
        """Return whether the person is an adult, who consents on the site."""
        return self.person.is_adult

    @property
    def is_barred(self) -> bool:
        """Return whether the gate waits for this child."""
        return any(cell.is_missing for cell in self.cells if cell.purpose == PARTICIPATION)


@dataclass(frozen=True, slots=True)
class TeamTable:
    project: Project
    children: list[Pupil]


async def teams_taught_by(teacher: Person) -> list[int]:
    """Return the projects in which the person is a teacher for whom somebody vouched. Three queries."""
    rows = await Member.objects(Member.person).where(
        (Member.person == teacher.id) & (Member.role == ProjectRole.TEACHER.value)
    )
    unvouched = await unvouched_among(rows)
    return sorted(row.project for row in rows if row.id not in unvouched)


async def consent_tables(projects: Iterable[int]) -> list[TeamTable]:
    """Return the table of each team, those first that the gate waits for. Four queries, whatever their number."""
    ids = sorted(set(projects))
    rows = await Project.objects().where(Project.id.is_in(ids or [0]) & Project.own())
    teams = await teams_of([row.id for row in rows])
    people = [mate.person.id for team in teams.values() for mate in team if mate.is_student]
    consents, codes, day = await latest_consents(people), await family_codes(people), today()

    def child(mate: Mate) -> Pupil:
        found = [(purpose, consents.get((mate.person.id, purpose))) for purpose in PURPOSES]
        cells = (Cell(purpose, state_of(c, day).value if c else "none", c) for purpose, c in found)
        return Pupil(mate.person, tuple(cells), codes.get(mate.person.id, ""))

    def order(each: Pupil) -> tuple[bool, int, str]:
        return not each.is_barred, -sum(cell.is_missing for cell in each.cells), each.person.name

    tables = [
        TeamTable(row, sorted((child(mate) for mate in teams[row.id] if mate.is_student), key=order)) for row in rows
    ]
    return sorted(tables, key=lambda t: (not any(c.is_barred for c in t.children), t.project.title, t.project.id))
