"""Who sees what of a review, and from when: one table. Pure.

A season chooses one of three presets. Pages, mails, calendars and files ask here and
nowhere else (`review_access.py` does the asking for them).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from incubator.programme.presets import Preset


class ReviewRole(StrEnum):
    """What somebody is to one submission."""

    TEAM = "team"
    COACH = "coach"
    READING = "reading"
    """Asked to review it, own review not yet sent."""
    REVIEWED = "reviewed"
    """Sent their own review."""
    ORGANISER = "organiser"
    OUTSIDER = "outsider"


class Phase(IntEnum):
    IN_REVIEW = 1
    DECIDED = 2
    """A decision stands, nobody was told."""
    RELEASED = 3
    NEVER = 4
    """Of no submission: marks what is not shown at any time."""


class Field(StrEnum):
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


_REVIEW = (Field.SCORES, Field.ADVICE, Field.SECTION_NOTES)


def _team(reviewers: Phase) -> dict[Field, Phase]:
    told = dict.fromkeys((*_REVIEW, Field.DECISION, Field.ANSWER), Phase.RELEASED)
    return {Field.TEAM: Phase.IN_REVIEW, Field.REVIEWERS: reviewers, **told}


def _reading(team: Phase) -> dict[Field, Phase]:
    """Others' reviews would sway their own."""
    return {Field.TEAM: team, Field.DECISION: Phase.RELEASED}


def _reviewed(team: Phase, reviewers: Phase) -> dict[Field, Phase]:
    seen = dict.fromkeys((*_REVIEW, Field.RECOMMENDATIONS, Field.DISCUSSION), Phase.IN_REVIEW)
    told = dict.fromkeys((Field.DECISION, Field.ANSWER), Phase.RELEASED)
    return {Field.TEAM: team, Field.REVIEWERS: reviewers, **seen, **told}


_EVERYTHING = dict.fromkeys(Field, Phase.IN_REVIEW)
_ALWAYS, _TOLD, _NEVER = Phase.IN_REVIEW, Phase.RELEASED, Phase.NEVER

#: The phase from which each field is seen; what is not named is never seen.
SEEN: dict[Preset, dict[ReviewRole, dict[Field, Phase]]] = {
    Preset.OPEN: {
        ReviewRole.TEAM: _team(_TOLD),
        ReviewRole.COACH: _team(_TOLD),
        ReviewRole.READING: _reading(_ALWAYS),
        ReviewRole.REVIEWED: _reviewed(_ALWAYS, _ALWAYS),
        ReviewRole.ORGANISER: _EVERYTHING,
        ReviewRole.OUTSIDER: {},
    },
    Preset.NAMES_HIDDEN: {
        ReviewRole.TEAM: _team(_NEVER),
        ReviewRole.COACH: _team(_NEVER),
        ReviewRole.READING: _reading(_ALWAYS),
        ReviewRole.REVIEWED: _reviewed(_ALWAYS, _ALWAYS),
        ReviewRole.ORGANISER: _EVERYTHING,
        ReviewRole.OUTSIDER: {},
    },
    Preset.DOUBLE_BLIND: {
        ReviewRole.TEAM: _team(_NEVER),
        ReviewRole.COACH: _team(_NEVER),
        ReviewRole.READING: _reading(_NEVER),
        ReviewRole.REVIEWED: _reviewed(_NEVER, _NEVER),
        ReviewRole.ORGANISER: _EVERYTHING,
        ReviewRole.OUTSIDER: {},
    },
}


@dataclass(frozen=True, slots=True)
class ReviewAccess:
    """How one person looks at one submission at this moment."""

    preset: Preset
    role: ReviewRole
    phase: Phase

    def sees(self, field: Field | str) -> bool:
        return self.phase >= SEEN[self.preset][self.role].get(Field(field), Phase.NEVER)
