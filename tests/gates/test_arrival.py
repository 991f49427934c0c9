"""A form that came in time counts, however long it waits for its turn."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlencode

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


async def test_a_form_has_arrived_with_its_last_byte(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever begins in time and lets the rest drip has not sent in time."""
    await make_ready(cast)
    deadline = await binding_deadline(await fresh_project(cast.project))
    assert deadline
    page, moments = f"/projects/{cast.project.id}", [deadline.until - timedelta(seconds=5)]
    monkeypatch.setattr(clock, "now", lambda: moments[-1])  # seen by every task, as a wall clock is
    team = await signed_in(cast.captain)
    await team.open(page)
    body = urlencode(team.form(f"{page}/submission")).encode()

    async def dripping() -> AsyncIterator[bytes]:
        yield body
        moments.append(deadline.until + timedelta(minutes=4))
        yield b"&more=x"

    headers = {"content-type": "application/x-www-form-urlencoded", "referer": str(team.page.url)}
    said = await team.http.post(f"{page}/submission", content=dripping(), headers=headers, follow_redirects=True)
    assert "Срок подачи прошёл" in said.text
    assert not await Submission.exists()
