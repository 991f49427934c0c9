"""Who may record consents for somebody: the teacher of one of their teams, and organisers."""

from incubator.core.languages import _
from incubator.core.refusals import NotAllowed
from incubator.people.tables import Person
from incubator.projects.access import role_of
from incubator.projects.permissions import STUDENT_ROLES, Action, may
from incubator.projects.tables import Member


async def project_where_may_record(by: Person, person_id: int) -> int | None:
    """Return a project in which the person is a student and ``by`` may record consents of others; None if there is none."""
    if by.id == person_id:
        return None
    rows = (
        await Member.select(Member.project)
        .where((Member.person == person_id) & Member.role.is_in([role.value for role in STUDENT_ROLES]))
        .order_by(Member.project, ascending=False)
    )
    for row in rows:
        if may(await role_of(by, row["project"]), Action.RECORD_CONSENT):
            return int(row["project"])
    return None


async def require_may_record(by: Person, person_id: int) -> int:
    """Return a project as ``project_where_may_record``. Raises NotAllowed."""
    project = await project_where_may_record(by, person_id)
    if project is None:
        raise NotAllowed(_("Согласия этого участника отмечает педагог его команды или организатор"))
    return project
