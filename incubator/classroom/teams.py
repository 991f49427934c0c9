"""Pupils of a class and their teams: who is in which, putting them into one, and becoming the teacher of one they began."""

from collections.abc import Iterable, Sequence

from incubator.classroom.enrol import not_a_class_teacher, require_kept
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.people.enrolments import classes_of, pupils_kept_by
from incubator.people.tables import Person
from incubator.projects.access import unvouched_among
from incubator.projects.locking import lock_project
from incubator.projects.permissions import STUDENT_ROLES, ProjectRole
from incubator.projects.tables import Member, Project
from incubator.projects.team import join
from incubator.publication.withdrawals import hide_newcomer
from incubator.reviews.assignment.declared_conflicts import withdraw_barred


async def teams_open_to(by: Person) -> list[Project]:
    """Return the teams of the teachers whose classes the person keeps, as far as they are known there. Six queries at most."""
    rows = await Member.objects(Member.person).where(
        Member.person.is_in(await classes_of(by) or [0]) & (Member.role == ProjectRole.TEACHER.value)
    )
    unvouched = await unvouched_among(rows)
    ids = sorted({row.project for row in rows if row.id not in unvouched})
    return await _projects(ids)


async def teams_without_teacher(people: Iterable[int]) -> list[Project]:
    """Return the teams that ``people`` write in and that have no teacher. Three queries."""
    written = await Member.select(Member.project).where(_is_student(people))
    ids = sorted({row["project"] for row in written})
    taught = await Member.select(Member.project).where(
        Member.project.is_in(ids or [0]) & (Member.role == ProjectRole.TEACHER.value)
    )
    return await _projects(sorted(set(ids) - {row["project"] for row in taught}))


async def teams_by_pupil(people: Sequence[int]) -> dict[int, list[Project]]:
    """Return the teams in which each of ``people`` writes, latest first. Two queries."""
    rows = await Member.select(Member.person, Member.project).where(_is_student(people))
    projects = {project.id: project for project in await _projects(sorted({row["project"] for row in rows}))}
    found: dict[int, list[Project]] = {}
    for row in sorted(rows, key=lambda row: -row["project"]):
        if row["project"] in projects:
            found.setdefault(row["person"], []).append(projects[row["project"]])
    return found


def _is_student(people: Iterable[int]) -> Condition:
    return Member.person.is_in(sorted(people) or [0]) & Member.role.is_in([role.value for role in STUDENT_ROLES])


async def _projects(ids: Sequence[int]) -> list[Project]:
    rows: list[Project] = await Project.objects().where(Project.id.is_in(list(ids) or [0]) & Project.own()).order_by(
        Project.id, ascending=False
    )  # fmt: skip
    return rows


async def put_into_team(people: Iterable[int], project_id: int, *, by: Person) -> int:
    """Put pupils into a team of the class's teacher; return how many were not in it. Raises NotAllowed, and Refusal for a full team."""
    async with writing():
        await lock_project(project_id)
        rows = await require_kept(people, by=by)
        if project_id not in {project.id for project in await teams_open_to(by)}:
            raise NotAllowed(_("В эту команду учеников записывает её педагог"))
        there = await Member.select(Member.person).where(Member.project == project_id)
        new = [row.person for row in rows if row.person.id not in {each["person"] for each in there}]
        for person in new:
            await join(project_id, person, ProjectRole.STUDENT)
        await withdraw_barred(project_id)
    for person in new:
        await hide_newcomer(project_id, person)
    return len(new)


async def become_teacher(project_id: int, *, by: Person) -> None:
    """Become the teacher of a team that pupils of the class began. Raises NotAllowed, and Refusal if somebody was faster."""
    async with writing():
        await lock_project(project_id)
        pupils = [row.person.id for row in await pupils_kept_by(by)]
        if not pupils:
            raise not_a_class_teacher()
        if not await Member.exists().where(_is_student(pupils) & (Member.project == project_id)):
            raise NotAllowed(_("В этой команде нет учеников вашего класса"))
        await join(project_id, by, ProjectRole.TEACHER)
        await withdraw_barred(project_id)
    await hide_newcomer(project_id, by)
