"""The personal data that projects contribute, and the deadlines of their teams."""

from incubator.core.contributions import DatedEntry, PersonalData
from incubator.core.languages import _
from incubator.db.references import some_id_of
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of_seasons
from incubator.projects.lifecycle import State
from incubator.projects.tables import Member, Project


async def deadlines_of(person: Person) -> list[DatedEntry]:
    """Return the last day of the stage for each of the person's projects in draft. Three queries."""
    rows = await Member.select(Member.project).where(Member.person == person.id)
    projects = await Project.objects().where(
        Project.id.is_in([row["project"] for row in rows] or [0]) & (Project.state == State.DRAFT.value)
    )
    rules = await rules_of_seasons({some_id_of(project.season) for project in projects})
    return [
        DatedEntry(
            key=f"project-{project.id}-{project.stage}",
            on=submit_by,
            title=_("Последний день сдачи: «%(title)s»", title=project.title or _("без названия")),
            url=f"/projects/{project.id}",
        )
        for project in projects
        if (submit_by := rules[some_id_of(project.season), project.stage].submit_by) is not None
    ]


DATED = (deadlines_of,)

PERSONAL_DATA = (
    PersonalData("member", "person"),
    PersonalData("invitation", "invited_by", is_record=True),
    PersonalData("answer", "changed_by", is_record=True),
    PersonalData("submission", "submitted_by", is_record=True),
    PersonalData("comment", "author"),
)
