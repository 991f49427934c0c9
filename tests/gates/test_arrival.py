"""A form that came in time counts, however long it waits for its turn."""

from datetime import timedelta

import pytest

from incubator.core import clock
from incubator.core.clock import arrival, clock_at
from incubator.gates import submit as submitting
from incubator.projects.deadlines import binding_deadline
from incubator.projects.locking import lock_project
from incubator.projects.tables import Project, Submission
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, make_ready


async def test_who_sent_in_time_is_in_time_however_long_they_wait(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await make_ready(cast)
    deadline = await binding_deadline(await fresh_project(cast.project))
    assert deadline
    end, late = deadline.until, deadline.until + timedelta(seconds=5)

    async def lock_late(project_id: int) -> Project:
        clock._clock.set(late)
        return await lock_project(project_id)

    monkeypatch.setattr(submitting, "lock_project", lock_late)
    with clock_at(end):
        team = await signed_in(cast.captain)
        await team.open(f"/projects/{cast.project.id}")
        await team.send(f"/projects/{cast.project.id}/submission")
    row = await Submission.objects().get(Submission.project == cast.project.id)
    assert row
    assert row.submitted_at == end
    with clock_at(late):
        assert arrival() == late  # nothing of the request is left
