"""Dates of the demo's story, counted back from today so that it never looks old."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from incubator.core.clock import REGION
from incubator.programme.stages import Stage

_STAGES = [stage.value for stage in Stage]


@dataclass(frozen=True, slots=True)
class Moments:
    start: datetime
    rounds: list[list[datetime]]
    """For each round: submission, first review, decision."""
    last: datetime


class Calendar:
    """The two seasons: the last one is over; the current one is eleven weeks old."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.seasons = {
            "2025": (today - timedelta(days=442), today - timedelta(days=169)),
            "2026": (today - timedelta(days=77), today + timedelta(days=196)),
        }

    @property
    def beginning(self) -> datetime:
        return _at(self.seasons["2025"][0], 9)

    @property
    def class_begins(self) -> datetime:
        return _at(self.seasons["2026"][0] + timedelta(days=3), 11)

    @property
    def class_goes_on(self) -> datetime:
        return _at(self.today - timedelta(days=5), 12)

    def later_than_told(self, season: str) -> timedelta:
        """Return by how much the season begins later than the day on which the story's dates let it begin, 10 September."""
        return self.seasons[season][0] - date(int(season), 9, 10)

    def moments(self, chapter: dict[str, Any], number: int) -> Moments:
        """Spread a project's rounds over its season, each stage over its third."""
        opens, closes = self.seasons[chapter["season"]]
        is_past = closes < self.today
        until = closes if is_past else self.today - timedelta(days=1)
        stages = [part["stage"] for part in chapter.get("round", [])]
        reached = max([_STAGES.index(s) for s in stages], default=0) + 1 if not is_past else len(_STAGES)
        shift = timedelta(days=number % 5, hours=number % 9)
        start = _at(opens, 10) + shift
        whole = _at(until, 12) - start - timedelta(days=2)
        rounds = _spread(stages, start, whole / reached)
        if chapter["state"] == "in_review":
            # Submissions in review are recent, but some desks are slightly late.
            handed_in = _at(self.today - timedelta(days=4 + number * 7 % 12), 15)
            rounds[-1] = [handed_in + timedelta(days=days) for days in (0, 2, 3)]
        last = (rounds[-1][2] if rounds else start) + timedelta(hours=9)
        return Moments(start, rounds, min(last, _at(self.today, 0)) if rounds else start + timedelta(days=3))


def _spread(stages: list[str], start: datetime, share: timedelta) -> list[list[datetime]]:
    """Return the moments of each round: every stage gets a ``share`` of the time, divided among its rounds."""
    rounds = []
    for n, stage in enumerate(stages):
        own = [i for i, s in enumerate(stages) if s == stage]
        width = share / len(own)
        begin = start + share * _STAGES.index(stage) + width * own.index(n)
        rounds.append([begin + width * part for part in (0.4, 0.6, 0.9)])
    return rounds


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=REGION)
