"""The personal data that projects contribute, and the deadlines of their teams."""

from incubator.core.clock import day_of
from incubator.core.contributions import DatedEntry, PersonalData
from incubator.core.formatting import deadline
from incubator.core.languages import _
from incubator.people.tables import Person
from incubator.projects.deadlines import binding_deadlines
from incubator.projects.lifecycle import State
from incubator.projects.tables import Member, Project


async def deadlines_of(person: Person) -> list[DatedEntry]:
    """Return the deadline of each of the person's projects in draft. Four queries."""
    rows = await Member.select(Member.project).where(Member.person == person.id)
    projects = await Project.objects().where(
        Project.id.is_in([row["project"] for row in rows] or [0]) & (Project.state == State.DRAFT.value)
    )
    deadlines = await binding_deadlines(projects)
    return [
        DatedEntry(
            key=f"project-{project.id}-{project.stage}",
            on=day_of(found.until),
            title=_("Последний день сдачи: «%(title)s»", title=project.title or _("без названия")),
            url=f"/projects/{project.id}",
            note=_("Сдать можно до %(until)s", until=deadline(found.until)),
        )
        for project in projects
        if (found := deadlines[project.id]) is not None
    ]


DATED = (deadlines_of,)

PERSONAL_DATA = (
    PersonalData("news", "written_by", is_record=True),
    PersonalData("news", "offered_by", is_record=True),
    PersonalData("news", "approved_by", is_record=True),
    PersonalData("member", "person"),
    PersonalData("member", "vouched_by", is_record=True),
    PersonalData("former_member", "person"),
    PersonalData("invitation", "invited_by", is_record=True),
    PersonalData("answer", "changed_by", is_record=True),
    PersonalData("answer_revision", "saved_by", is_record=True),
    PersonalData("submission", "submitted_by", is_record=True),
    PersonalData("erratum", "corrected_by", is_record=True),
    PersonalData("round_deadline", "given_by", is_record=True),
    PersonalData("comment", "author"),
)
