"""A mentor's severity compared with the others', visible to that mentor only."""

from dataclasses import dataclass

from incubator.people.tables import Person
from incubator.programme.stages import Stage
from incubator.programme.tables import Season
from incubator.reviews.review_statistics import calibration_of, scores_of
from incubator.reviews.scoring.calibration import ENOUGH, Severity


@dataclass(frozen=True, slots=True)
class OwnSeverity:
    season: Season
    stage: str
    given: int
    """Number of reviews they sent."""
    severity: Severity | None
    """None: too few reviews to say anything."""
    usual_spread: float
    """Mean of all mentors' spreads."""

    @property
    def is_clear(self) -> bool:
        """Return whether the difference is larger than chance explains (two standard errors)."""
        return self.severity is not None and abs(self.severity.severity) > 2 * self.severity.error


async def own_severities(mentor: Person) -> list[OwnSeverity]:
    """Return the severity for each season and stage with sent reviews, newest season first."""
    found = []
    for season in await Season.objects().order_by(Season.opens_on, ascending=False).limit(3):
        for stage in Stage:
            given = sum(score.mentor == mentor.id for score in await scores_of(season.id, stage.value))
            if not given:
                continue
            calibration = await calibration_of(season.id, stage.value)
            spreads = [s.spread for s in calibration.mentors.values()]
            found.append(
                OwnSeverity(
                    season, stage.value, given, calibration.mentors.get(mentor.id) if given >= ENOUGH else None,
                    sum(spreads) / len(spreads) if spreads else 0.0,
                )
            )  # fmt: skip
    return found
