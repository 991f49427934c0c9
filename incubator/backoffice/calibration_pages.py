"""Severity of mentors, and the raw and calibrated rankings side by side: advisory, never applied."""

from collections.abc import Hashable
from typing import Any

from litestar import Controller, Response, get

from incubator.http.forms import Form
from incubator.http.templating import page
from incubator.people.grants import people_who_may
from incubator.people.guards import PersonRequest, organiser
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage
from incubator.programme.tables import Season
from incubator.projects.tables import Member, Submission
from incubator.reviews.review_statistics import calibration_of
from incubator.reviews.scoring.calibration import ENOUGH, Calibration, Quality, calibrate

#: How many submissions of the ranking the page shows.
MOST_SHOWN = 200


class CalibrationPages(Controller):
    path = "/organiser/calibration"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        """Show severities, and the raw and calibrated rankings side by side: advisory, never applied."""
        query = request.query_params
        stage = query.get("stage") if query.get("stage") in set(Stage) else Stage.IDEA.value
        season = await _season(query.get("season", ""))
        calibration = await calibration_of(season.id, str(stage)) if season else calibrate(())
        own = await _of_own_teams(request.user)
        shown = [each for each in ranking(calibration) if each[2] not in own][:MOST_SHOWN]
        people = {p.id: p.name for p in await people_who_may(StaffAction.REVIEW)}
        return page(
            request, "backoffice/calibration.html", season=season, stage=stage, stages=[s.value for s in Stage],
            seasons=await Season.objects().order_by(Season.opens_on, ascending=False), shown=shown,
            titles=await _titles([submission for _rank, _raw, submission, _quality in shown]), people=people,
            mentors=sorted(calibration.mentors.items(), key=lambda item: -item[1].severity), enough=ENOUGH,
            chance=calibration.chance, total=len(calibration.submissions),
        )  # fmt: skip


def ranking(calibration: Calibration) -> list[tuple[int, int, Hashable, Quality]]:
    """Return (calibrated rank, raw rank, submission, quality), best calibrated score first; ranks start at 1."""
    qualities = calibration.submissions
    by_raw = sorted(qualities, key=lambda submission: -qualities[submission].raw)
    by_calibrated = sorted(qualities, key=lambda submission: -qualities[submission].calibrated)
    raw_rank = {submission: rank for rank, submission in enumerate(by_raw, start=1)}
    return [(rank, raw_rank[each], each, qualities[each]) for rank, each in enumerate(by_calibrated, start=1)]


async def _of_own_teams(person: Person) -> set[Hashable]:
    """Return the submissions of teams to which an organiser belongs: nobody knows the score of their own before it is announced."""
    teams = Member.select(Member.project).where(Member.person == person.id)
    return {row["id"] for row in await Submission.select(Submission.id).where(Submission.project.is_in(teams))}


async def _season(typed: str) -> Season | None:
    """Return the chosen season, or the current one."""
    chosen = Form([("season", typed)]).id("season")
    return await Season.objects().get(Season.id == chosen) if chosen else await current_season()


async def _titles(submissions: list[Hashable]) -> dict[int, str]:
    rows = await Submission.select(Submission.id, Submission.title).where(Submission.id.is_in(submissions or [0]))
    return {row["id"]: row["title"] for row in rows}


PAGES = [CalibrationPages]
