"""A gate that closes soon, for the tests of reminders."""

from datetime import datetime, timedelta

from incubator.core.clock import now
from incubator.programme.seasons import rules_of
from incubator.programme.tables import StageRule
from incubator.projects.tables import Project
from tests.cast import fresh_project


async def close_gate_in(project: Project, *, days: int) -> datetime | None:
    """Let the gate of the team's stage close in so many days; return when it closed until now."""
    row = await fresh_project(project)
    rule = (await rules_of(row.season))[row.stage]
    own = (StageRule.season == row.season) & (StageRule.stage == row.stage)
    await StageRule.update({StageRule.submit_by: now() + timedelta(days=days)}).where(own)
    before: datetime | None = rule.submit_by
    return before
