"""Masks that hide a team from its mentors in a double-blind season."""

from incubator.names.matcher import PersonName
from incubator.projects.document import Frozen
from incubator.projects.tables import Member, Project, Submission
from incubator.reference.organisations import every_name_of
from incubator.reviews.access.masking import NO_MASK, Mask
from incubator.reviews.access.visibility import BLIND


async def masks_for(project_ids: list[int]) -> dict[int, Mask]:
    """Return the mask for each team; none in seasons in which mentors know the teams. Three queries at most."""
    rows = await Project.select(
        Project.id, Project.team_name, Project.organisation.id.as_alias("school"),
    ).where(
        Project.id.is_in(project_ids or [0]) & (Project.season.visibility.is_in([preset.value for preset in BLIND]))
    )  # fmt: skip
    if not rows:
        return {}
    members: dict[int, list[PersonName]] = {}
    for row in await Member.select(
        Member.project,
        Member.person.given_name.as_alias("given"),
        Member.person.family_name.as_alias("family"),
        Member.person.patronymic.as_alias("patronymic"),
    ).where(Member.project.is_in([r["id"] for r in rows])):
        members.setdefault(row["project"], []).append(PersonName(row["given"], row["family"], row["patronymic"]))
    schools = await every_name_of([row["school"] for row in rows if row["school"]])
    return {
        row["id"]: Mask(
            members.get(row["id"], []), [*filter(None, [row["team_name"]]), *schools.get(row["school"], ())]
        )
        for row in rows
    }


def masked(parts: list[Frozen], mask: Mask) -> list[Frozen]:
    return [
        Frozen(p.key, p.stage, p.title_ru, p.title_en, p.group, p.limit, mask(p.text), mask.html(p.html))
        for p in parts
    ]  # fmt: skip


async def title_for_mentors(submission: Submission) -> str:
    """Return the submission's title for mentors' mails, calendars and pages. Two queries at most."""
    return (await masks_for([submission.project])).get(submission.project, NO_MASK)(submission.title)
