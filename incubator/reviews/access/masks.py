"""Masks that hide a team from its mentors in a double-blind season."""

from incubator.projects.document import Frozen
from incubator.projects.tables import Member, Project, Submission
from incubator.reviews.access.masking import Mask
from incubator.reviews.access.visibility import BLIND


async def masks_for(project_ids: list[int]) -> dict[int, Mask]:
    """Return the mask for each team; none in seasons in which mentors know the teams. Two queries."""
    rows = await Project.select(
        Project.id, Project.team_name, Project.organisation.name.as_alias("school"),
    ).where(
        Project.id.is_in(project_ids or [0]) & (Project.season.visibility.is_in([preset.value for preset in BLIND]))
    )  # fmt: skip
    if not rows:
        return {}
    members: dict[int, list[tuple[str, str]]] = {}
    for row in await Member.select(
        Member.project, Member.person.family_name.as_alias("family"), Member.person.given_name.as_alias("given")
    ).where(Member.project.is_in([r["id"] for r in rows])):
        members.setdefault(row["project"], []).append((row["family"], row["given"]))
    return {
        row["id"]: Mask(
            family_names=[family for family, _given in members.get(row["id"], [])],
            given_names=[given for _family, given in members.get(row["id"], [])],
            phrases=[p for p in (row["team_name"], row["school"]) if p],
        )
        for row in rows
    }


def masked(parts: list[Frozen], mask: Mask | None) -> list[Frozen]:
    if mask is None:
        return parts
    return [Frozen(p.key, p.stage, p.title_ru, p.title_en, p.group, p.limit, mask(p.text), mask(p.html)) for p in parts]


async def title_for_mentors(submission: Submission) -> str:
    """Return the submission's title for mentors' mails, calendars and pages. Two queries at most."""
    mask = (await masks_for([submission.project])).get(submission.project)
    return mask(submission.title) if mask else submission.title
