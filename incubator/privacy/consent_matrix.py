"""Children and documents in one table: for the teacher of the teams, and for an organiser, team by team."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from incubator.core.clock import today
from incubator.people.consents import ConsentState, signatory_of, state_of
from incubator.people.coordinators import with_former
from incubator.people.enrolments import pupils_kept_by
from incubator.people.tables import Consent, Enrolment, Person
from incubator.privacy.guardian_links import links_of, state_of_link, where_links_are_taken
from incubator.privacy.sheets import family_codes
from incubator.privacy.tables import GuardianLink
from incubator.projects.access import unvouched_among
from incubator.projects.consents import PARTICIPATION, PURPOSES, STAFF, latest_consents
from incubator.projects.permissions import ProjectRole
from incubator.projects.staff_consents import Colleague, colleagues
from incubator.projects.tables import Member, Project
from incubator.projects.team import teams_of


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

    @property
    def awaits_family(self) -> bool:
        """Return whether the family has yet to answer: whoever said yes or no is not asked again by a slip."""
        said_no = self.consent is not None and self.consent.withdrawn_by_family
        return self.is_missing and self.state != ConsentState.TEENAGER and not said_no


@dataclass(frozen=True, slots=True)
class SentLink:
    """A link that was mailed to a guardian."""

    link: GuardianLink
    state: str
    """A LinkState."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """One row: a student of a team."""

    person: Person
    cells: tuple[Cell, ...]
    family_code: str
    """Empty: no sheet has been printed yet."""
    work: Colleague | None = None
    """As what the person works in the programme, in the table of those who do."""
    links: tuple[SentLink, ...] = ()
    """Mailed to guardians, the newest first."""

    @property
    def signs_alone(self) -> bool:
        """Return whether the person is an adult, who consents for themselves, on the site or on paper."""
        return self.person.is_adult

    @property
    def awaits_age(self) -> bool:
        """Return whether nobody has confirmed yet that the person is an adult: no sheet can be printed before that."""
        return signatory_of(self.person) is None

    @property
    def lacks_something(self) -> bool:
        """Return whether a document does not hold."""
        return any(cell.is_missing for cell in self.cells)

    @property
    def is_barred(self) -> bool:
        """Return whether the gate waits for this child."""
        return any(cell.is_missing for cell in self.cells if cell.purpose == PARTICIPATION)


@dataclass(frozen=True, slots=True)
class TeamTable:
    project: Project | None
    """None: pupils of a class, or those who work in the programme (``staff_table``)."""
    children: list[Pupil]
    takes_links: bool = False
    """The season lets guardians consent by a mailed link."""


async def teams_taught_by(teacher: Person) -> list[int]:
    """Return the projects in which the person is a teacher for whom somebody vouched. Three queries."""
    rows = await Member.objects(Member.person).where(
        (Member.person == teacher.id) & (Member.role == ProjectRole.TEACHER.value)
    )
    unvouched = await unvouched_among(rows)
    return sorted(row.project for row in rows if row.id not in unvouched)


async def consent_tables(projects: Iterable[int]) -> list[TeamTable]:
    """Return the table of each team, those first that the gate waits for. Five queries, whatever their number."""
    ids = sorted(set(projects))
    rows = await Project.objects(Project.season).where(Project.id.is_in(ids or [0]) & Project.own())
    teams = await teams_of([row.id for row in rows])
    students = [mate.person for team in teams.values() for mate in team if mate.is_student]
    children = await children_of(students, with_links=any(row.season.electronic_consent for row in rows))
    tables = [
        TeamTable(
            row,
            sorted((children[mate.person.id] for mate in teams[row.id] if mate.is_student), key=_order),
            row.season.electronic_consent,
        )
        for row in sorted(rows, key=lambda row: (row.title, row.id))
    ]
    return sorted(tables, key=lambda table: not any(child.is_barred for child in table.children))


async def class_tables(by: Person, projects: Collection[int]) -> list[TeamTable]:
    """Return the table of the pupils of classes that ``by`` keeps who are in none of ``projects``; none if there are none. Eight queries."""
    return await _rest(await pupils_kept_by(by), projects)


async def school_tables(schools: Iterable[int]) -> list[TeamTable]:
    """Return the tables of the teams of schools in the seasons that are on, and of pupils enrolled there who are in none of them.

    Twelve queries at most.
    """
    here = await with_former(schools)
    rows = await Project.select(Project.id).where(
        Project.organisation.is_in(here) & Project.own() & (Project.season.closes_on >= today())
    )
    projects = [row["id"] for row in rows]
    pupils = (
        await Enrolment.objects(Enrolment.person)
        .where(Enrolment.organisation.is_in(here) & Enrolment.holding())
        .order_by(Enrolment.id)
    )
    return await consent_tables(projects) + await _rest(pupils, projects)


async def _rest(pupils: Sequence[Enrolment], projects: Collection[int]) -> list[TeamTable]:
    mates = Member.select(Member.person).where(Member.project.is_in(list(projects) or [0]))
    there = {row["person"] for row in await mates}
    rest = [row.person for row in pupils if row.person.id not in there]
    if not rest:
        return []
    takes_links = None in await where_links_are_taken([None])
    children = await children_of(rest, with_links=takes_links)
    return [TeamTable(None, sorted(children.values(), key=_order), takes_links)]


async def staff_table() -> list[TeamTable]:
    """Return the table of those who work in the programme, for organisers, who lacks the document first. Five queries."""
    rows = [Pupil(each.person, (Cell(STAFF, each.state, each.consent),), "", each) for each in await colleagues()]
    return [TeamTable(None, rows)]


async def children_of(people: Sequence[Person], *, with_links: bool = False) -> dict[int, Pupil]:
    """Return the documents of each person, by id, if asked with the links to their guardians. Two queries, or three."""
    ids = [person.id for person in people]
    consents, codes, day = await latest_consents(ids), await family_codes(ids), today()
    links = await links_of(ids) if with_links else {}

    def child(person: Person) -> Pupil:
        found = [(purpose, consents.get((person.id, purpose))) for purpose in PURPOSES]
        cells = (Cell(purpose, state_of(c, day).value if c else "none", c) for purpose, c in found)
        sent = (SentLink(link, state_of_link(link)) for link in links.get(person.id, []))
        return Pupil(person, tuple(cells), codes.get(person.id, ""), links=tuple(sent))

    return {person.id: child(person) for person in people}


def _order(each: Pupil) -> tuple[bool, int, str]:
    return not each.is_barred, -sum(cell.is_missing for cell in each.cells), each.person.name
