"""Classes as organisers see them: who keeps each, and pupils who are in no team yet, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from incubator.core.folding import folded
from incubator.http.keyset import After, after_row
from incubator.people.enrolments import confirmed_at
from incubator.people.named import people_named
from incubator.people.tables import Enrolment, Person, Substitution
from incubator.privacy.consent_matrix import Pupil, children_of
from incubator.projects.permissions import STUDENT_ROLES
from incubator.projects.tables import Member, Project
from incubator.reference.tables import Organisation

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """The pupils whom one teacher has enrolled."""

    teacher: Person
    schools: tuple[Organisation, ...]
    courses: tuple[str, ...]
    count: int
    substitutes: tuple[Substitution, ...]
    left_alone: tuple[Organisation, ...]
    """Its schools for whose pupils nobody may act today: they confirm neither the teacher nor a substitute."""

    @property
    def is_kept(self) -> bool:
        """Return whether somebody may act for all of it."""
        return not self.left_alone


async def classes_in_programme(teacher_id: int | None = None) -> list[SchoolClass]:
    """Return every class, or that of one teacher; those that nobody keeps first. Three queries."""
    where: Any = Enrolment.holding()
    if teacher_id is not None:
        where &= Enrolment.teacher == teacher_id
    rows = await Enrolment.objects(Enrolment.teacher, Enrolment.organisation).where(where).order_by(Enrolment.id)
    by_teacher: dict[int, list[Enrolment]] = {}
    for row in rows:
        by_teacher.setdefault(row.teacher.id, []).append(row)
    standing = (
        await Substitution.objects(Substitution.substitute)
        .where(Substitution.teacher.is_in(sorted(by_teacher) or [0]) & Substitution.holding())
        .order_by(Substitution.until)
    )
    confirmed = await confirmed_at({*by_teacher, *(each.substitute.id for each in standing)})
    classes = [
        _class_of(own, [each for each in standing if each.teacher == own[0].teacher.id], confirmed)
        for own in by_teacher.values()
    ]
    return sorted(classes, key=lambda each: (each.is_kept, each.teacher.name, each.teacher.id))


def _class_of(
    rows: Sequence[Enrolment], standing: Sequence[Substitution], confirmed: set[tuple[int, int]]
) -> SchoolClass:
    teacher: Person = rows[0].teacher
    schools = {row.organisation.id: row.organisation for row in rows}
    keepers = {teacher.id, *(each.substitute.id for each in standing)}
    return SchoolClass(
        teacher=teacher,
        schools=tuple(schools.values()),
        courses=tuple(sorted({row.course for row in rows if row.course})),
        count=len(rows),
        substitutes=tuple(standing),
        left_alone=tuple(
            school
            for school in schools.values()
            if not any((each, school.merged_into or school.id) in confirmed for each in keepers)
        ),
    )


@dataclass(frozen=True, slots=True)
class WithoutTeam:
    """A page of pupils who are in no team."""

    rows: list[tuple[Enrolment, Pupil]]
    """The enrolment with person, teacher and organisation, and the documents."""
    next: After | None
    total: int


async def pupils_without_team(words: str, after: After | None) -> WithoutTeam:
    """Return a page of the pupils so named, latest first. Five queries at most, however many there are."""
    in_teams = Member.select(Member.person).where(
        Member.role.is_in([role.value for role in STUDENT_ROLES])
        & Member.project.is_in(Project.select(Project.id).where(Project.own()))
    )
    where: Any = Enrolment.holding() & Enrolment.person.not_in(in_teams)
    if folded(words):
        where &= Enrolment.person.is_in(await people_named(words) or [0])
    found = (
        await Enrolment.objects(Enrolment.person, Enrolment.teacher, Enrolment.organisation)
        .where(where & (Enrolment.id < after.id) if after else where)
        .order_by(Enrolment.id, ascending=False)
        .limit(PER_PAGE + 1)
    )
    shown = found[:PER_PAGE]
    documents = await children_of([row.person for row in shown])
    return WithoutTeam(
        [(row, documents[row.person.id]) for row in shown],
        after_row(shown[-1].id) if len(found) > PER_PAGE else None,
        await Enrolment.count().where(where),
    )
