"""Who sees what of a review, and from when: one table. Pure.

A season chooses one of three presets. Pages, mails, calendars and files ask here and
nowhere else (`sight.py` does the asking for them).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from incubator.programme.presets import Preset


class Role(StrEnum):
    """What somebody is to one submission."""

    TEAM = "team"
    COACH = "coach"
    READING = "reading"
    """Asked to review it, own review not yet sent."""
    REVIEWED = "reviewed"
    """Sent their own review."""
    ORGANISER = "organiser"
    OUTSIDER = "outsider"


class Moment(IntEnum):
    IN_REVIEW = 1
    DECIDED = 2
    """A decision stands, nobody was told."""
    RELEASED = 3
    NEVER = 4
    """Of no submission: marks what is not shown at any time."""


class Thing(StrEnum):
    TEAM = "team"
    """Whose work it is: names, school, district."""
    REVIEWERS = "reviewers"
    """Names of the mentors."""
    SCORES = "scores"
    ADVICE = "advice"
    SECTION_NOTES = "section_notes"
    RECOMMENDATIONS = "recommendations"
    NOTES = "notes"
    """What mentors write to the organiser alone."""
    DISCUSSION = "discussion"
    DECISION = "decision"
    ANSWER = "answer"
    """What the team answered to the decision."""


_REVIEW = (Thing.SCORES, Thing.ADVICE, Thing.SECTION_NOTES)


def _team(reviewers: Moment) -> dict[Thing, Moment]:
    told = dict.fromkeys((*_REVIEW, Thing.DECISION, Thing.ANSWER), Moment.RELEASED)
    return {Thing.TEAM: Moment.IN_REVIEW, Thing.REVIEWERS: reviewers, **told}


def _reading(team: Moment) -> dict[Thing, Moment]:
    """Others' reviews would sway their own."""
    return {Thing.TEAM: team, Thing.DECISION: Moment.RELEASED}


def _reviewed(team: Moment, reviewers: Moment) -> dict[Thing, Moment]:
    seen = dict.fromkeys((*_REVIEW, Thing.RECOMMENDATIONS, Thing.DISCUSSION), Moment.IN_REVIEW)
    told = dict.fromkeys((Thing.DECISION, Thing.ANSWER), Moment.RELEASED)
    return {Thing.TEAM: team, Thing.REVIEWERS: reviewers, **seen, **told}


_EVERYTHING = dict.fromkeys(Thing, Moment.IN_REVIEW)
_ALWAYS, _TOLD, _NEVER = Moment.IN_REVIEW, Moment.RELEASED, Moment.NEVER

#: The moment from which each thing is seen; what is not named is never seen.
SEEN: dict[Preset, dict[Role, dict[Thing, Moment]]] = {
    Preset.OPEN: {
        Role.TEAM: _team(_TOLD),
        Role.COACH: _team(_TOLD),
        Role.READING: _reading(_ALWAYS),
        Role.REVIEWED: _reviewed(_ALWAYS, _ALWAYS),
        Role.ORGANISER: _EVERYTHING,
        Role.OUTSIDER: {},
    },
    Preset.NAMES_HIDDEN: {
        Role.TEAM: _team(_NEVER),
        Role.COACH: _team(_NEVER),
        Role.READING: _reading(_ALWAYS),
        Role.REVIEWED: _reviewed(_ALWAYS, _ALWAYS),
        Role.ORGANISER: _EVERYTHING,
        Role.OUTSIDER: {},
    },
    Preset.DOUBLE_BLIND: {
        Role.TEAM: _team(_NEVER),
        Role.COACH: _team(_NEVER),
        Role.READING: _reading(_NEVER),
        Role.REVIEWED: _reviewed(_NEVER, _NEVER),
        Role.ORGANISER: _EVERYTHING,
        Role.OUTSIDER: {},
    },
}


@dataclass(frozen=True, slots=True)
class Sight:
    """How one person looks at one submission at this moment."""

    preset: Preset
    role: Role
    moment: Moment

    def sees(self, thing: Thing | str) -> bool:
        return self.moment >= SEEN[self.preset][self.role].get(Thing(thing), Moment.NEVER)
