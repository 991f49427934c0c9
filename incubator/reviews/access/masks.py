"""Masks that hide a team from its mentors in a double-blind season."""

from typing import Any, cast

import msgspec
from markupsafe import escape

from incubator.db.frozen import frozen_for_one
from incubator.people.affiliations import schools_ever_of
from incubator.people.former_names import names_ever_of
from incubator.projects.document import Frozen
from incubator.projects.expected_members import expected_in
from incubator.projects.former_details import ever_called
from incubator.projects.former_members import ever_in_teams
from incubator.projects.tables import Project, Submission
from incubator.reference.organisations import every_name_of
from incubator.reviews.access.masking import NO_MASK, Mask
from incubator.reviews.access.visibility import BLIND


@frozen_for_one
def _blind_of(project_ids: list[int]) -> Any:
    """Return the query of those projects whose mentors must not know the team."""
    presets = cast(Any, Project.season).visibility.is_in([preset.value for preset in BLIND])
    return Project.select(Project.id).where(Project.id.is_in(project_ids) & presets)


async def masks_for(project_ids: list[int]) -> dict[int, Mask]:
    """Return the mask for each team; none in seasons in which mentors know the teams. Eleven queries at most."""
    if not project_ids:
        return {}
    rows = await _blind_of(project_ids)
    if not rows:
        return {}
    blind = [row["id"] for row in rows]
    called, teams, expected = await ever_called(blind), await ever_in_teams(blind), await expected_in(blind)
    everybody = set[int]().union(*teams.values())
    names, theirs = await names_ever_of(everybody), await schools_ever_of(everybody)
    # What a team does not say of its school, the accounts of its people do.
    schools = {
        project: set(called[project].schools).union(*(theirs.get(each, ()) for each in team))
        for project, team in teams.items()
    }
    named = await every_name_of(sorted(set[int]().union(*schools.values())))
    return {
        project: Mask(
            [*(name for each in sorted(team) for name in names.get(each, ())), *expected[project]],
            [*called[project].team_names, *(name for school in sorted(schools[project]) for name in named[school])],
        )
        for project, team in teams.items()
    }


def masked(parts: list[Frozen], mask: Mask) -> list[Frozen]:
    return [_masked(part, mask) for part in parts]


def _masked(part: Frozen, mask: Mask) -> Frozen:
    """Return the section as its mentors read it. Where a name stands over several cells of a sheet they read its masked text instead."""
    if not part.is_sheet:
        return msgspec.structs.replace(part, text=mask(part.text), html=mask.html(part.html))
    read = part.reworded(mask)
    return read if read.is_sheet else read.as_text(html=f'<p class="prewrap">{escape(read.text)}</p>')


async def title_for_mentors(submission: Submission) -> str:
    """Return the submission's title for mentors' mails, calendars and pages. Two queries at most."""
    return (await masks_for([submission.project])).get(submission.project, NO_MASK)(submission.title)
