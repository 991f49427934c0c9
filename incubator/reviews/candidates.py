"""Who could review a submission: every mentor with load, capacity and conflicts."""

from dataclasses import dataclass
from typing import Any, cast

from incubator.people.tables import Person
from incubator.projects.tables import Member, Project, Submission
from incubator.reviews.conflicts import Conflict, Facts, conflicts
from incubator.reviews.tables import Assignment, Mentor, Review
from incubator.reviews.tables import Conflict as Declared

#: Piccolo types the first join only as a column.
_IS_MENTOR: Any = cast(Any, Mentor.person).is_mentor.eq(True)


@dataclass(frozen=True, slots=True)
class Candidate:
    person: Person
    organisation: str
    load: int
    """Reviews that wait for them now."""
    capacity: int
    conflicts: tuple[Conflict, ...]
    is_assigned: bool

    @property
    def is_barred(self) -> bool:
        return any(c.is_hard for c in self.conflicts)

    @property
    def is_full(self) -> bool:
        return self.load >= self.capacity


async def candidates_for(submission: Submission) -> list[Candidate]:
    """All mentors, the freest without conflicts first. Six queries."""
    project = await Project.objects().get(Project.id == submission.project)
    assert project is not None
    mentors = await Mentor.objects(Mentor.person, Mentor.organisation).where(_IS_MENTOR)
    loads = await waiting_by_mentor()
    members = frozenset(r["person"] for r in await Member.select(Member.person).where(Member.project == project.id))
    declared = await Declared.objects().where(Declared.project == project.id)
    assigned = {
        r["mentor"] for r in await Assignment.select(Assignment.mentor).where(Assignment.submission == submission.id)
    }
    rows = [
        Candidate(
            person=m.person,
            organisation=m.organisation.name if m.organisation and m.organisation.id else "",
            load=loads.get(m.person.id, 0),
            capacity=m.capacity,
            conflicts=tuple(conflicts(_facts(m, project, members, declared))),
            is_assigned=m.person.id in assigned,
        )
        for m in mentors
    ]
    return sorted(rows, key=lambda c: (c.is_barred, c.is_full, bool(c.conflicts), c.load, c.person.name))


def _facts(mentor: Mentor, project: Project, members: frozenset[int], declared: list[Declared]) -> Facts:
    mine = [d for d in declared if d.mentor == mentor.person.id]
    organisation = mentor.organisation if mentor.organisation and mentor.organisation.id else None
    return Facts(
        mentor=mentor.person.id,
        mentor_organisation=organisation.id if organisation else None,
        mentor_municipality=organisation.municipality if organisation else None,
        project_organisation=project.organisation,
        project_municipality=project.municipality,
        members=members,
        declared_hard=tuple(d.reason for d in mine if d.is_hard),
        declared_soft=tuple(d.reason for d in mine if not d.is_hard),
    )


async def waiting_by_mentor() -> dict[int, int]:
    """How many reviews wait for each mentor: assigned, not declined, not sent."""
    sent = {r["assignment"] for r in await Review.select(Review.assignment).where(Review.sent_at.is_not_null())}
    rows = await Assignment.select(Assignment.id, Assignment.mentor).where(
        Assignment.declined_at.is_null() & Assignment.cancelled_at.is_null()
    )
    loads: dict[int, int] = {}
    for row in rows:
        if row["id"] not in sent:
            loads[row["mentor"]] = loads.get(row["mentor"], 0) + 1
    return loads
