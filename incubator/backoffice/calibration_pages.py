"""How strict mentors are, and the ranking raw and calibrated side by side: advice, never applied."""

from typing import Any

from litestar import Controller, Response, get

from incubator.http.forms import Form
from incubator.http.templating import page
from incubator.people.grants import people_who_may
from incubator.people.guards import PersonRequest, organiser
from incubator.people.permissions import StaffAction
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage
from incubator.programme.tables import Season
from incubator.projects.tables import Submission
from incubator.reviews.review_statistics import calibration_of, scores_of
from incubator.reviews.scoring.calibration import ENOUGH


class CalibrationPages(Controller):
    path = "/organiser/calibration"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        """Severities, and the ranking raw and calibrated side by side: advice, never applied."""
        query = request.query_params
        stage = query.get("stage") if query.get("stage") in set(Stage) else Stage.IDEA.value
        chosen = Form([("season", query.get("season", ""))]).id("season")
        season = await Season.objects().get(Season.id == chosen) if chosen else await current_season()
        scores = await scores_of(season.id, str(stage)) if season else ()
        found_ = calibration_of(scores)
        raw = sorted(found_.submissions, key=lambda s: -found_.submissions[s].raw)
        calibrated = sorted(found_.submissions, key=lambda s: -found_.submissions[s].calibrated)
        ranks = {s: n for n, s in enumerate(raw, start=1)}
        shown = [(n, ranks[s], s, found_.submissions[s]) for n, s in enumerate(calibrated, start=1)][:200]
        titles = {
            r["id"]: r["title"]
            for r in await Submission.select(Submission.id, Submission.title).where(
                Submission.id.is_in([s for _n, _r, s, _q in shown] or [0])
            )
        }
        people = {p.id: p.name for p in await people_who_may(StaffAction.REVIEW)}
        return page(
            request, "backoffice/calibration.html", season=season, stage=stage, stages=[s.value for s in Stage],
            seasons=await Season.objects().order_by(Season.opens_on, ascending=False), shown=shown, titles=titles,
            people=people, mentors=sorted(found_.mentors.items(), key=lambda item: -item[1].severity), enough=ENOUGH,
            chance=found_.chance, total=len(found_.submissions),
        )  # fmt: skip


PAGES = [CalibrationPages]
