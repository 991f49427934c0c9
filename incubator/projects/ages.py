"""The age of a team's student, as somebody responsible knows it: confirmed, or corrected with a reason."""

from datetime import date

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.people.age_changes import set_known_age
from incubator.people.locking import lock_person
from incubator.people.tables import Person
from incubator.projects.access import require, role_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import STUDENT_ROLES, Action, may
from incubator.projects.tables import Member, Project


async def confirm_age(project: Project, person_id: int, born_on: date, *, reason: str = "", by: Person) -> None:
    """Record a student's date of birth as checked, as the team's teacher or an organiser; organisers read of a change.

    Raises NotAllowed for everybody else and for one's own age, Refusal for a change without a reason.
    """
    async with writing():
        await lock_project(project.id)
        person = await lock_person(person_id)
        require(person_id != by.id and may(await role_of(by, project.id), Action.CONFIRM_AGE))
        member = await Member.objects().where((Member.project == project.id) & (Member.person == person_id)).first()
        if member is None or member.role not in STUDENT_ROLES:
            raise Refusal(_("Этого человека уже нет в команде"))
        await set_known_age(person, born_on, by=by, reason=reason, project=project.id)
