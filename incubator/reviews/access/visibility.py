"""Who sees what of a review, and from when: one table. Pure.

A season chooses one of three presets. Pages, mails, calendars and files ask here and
nowhere else (`review_access.py` does the asking for them). Both tables are lists of what
is shown: whatever is not in them is hidden.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from incubator.history.record import Happened
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
    """What somebody may see of a submission and its reviews."""

    TEXT = "text"
    """The frozen submission, its changes, and the remarks that it had to address."""
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
    return {Field.TEXT: Phase.IN_REVIEW, Field.TEAM: Phase.IN_REVIEW, Field.REVIEWERS: reviewers, **told}


def _reading(team: Phase) -> dict[Field, Phase]:
    """Others' reviews would sway their own."""
    return {Field.TEXT: Phase.IN_REVIEW, Field.TEAM: team, Field.DECISION: Phase.RELEASED}


def _reviewed(team: Phase, reviewers: Phase) -> dict[Field, Phase]:
    seen = dict.fromkeys((*_REVIEW, Field.RECOMMENDATIONS, Field.DISCUSSION), Phase.IN_REVIEW)
    told = dict.fromkeys((Field.DECISION, Field.ANSWER), Phase.RELEASED)
    return {Field.TEXT: Phase.IN_REVIEW, Field.TEAM: team, Field.REVIEWERS: reviewers, **seen, **told}


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

#: The presets under which mentors do not learn whose work they read.
BLIND = frozenset(preset for preset, rows in SEEN.items() if rows[ReviewRole.READING].get(Field.TEAM, _NEVER) is _NEVER)

#: Events of a project's journal that its team reads.
_TEAM_EVENTS = frozenset(
    {
        Happened.STARTED,
        Happened.DETAILS_CHANGED,
        Happened.ANSWERED,
        Happened.COMMENTED,
        Happened.COMMENT_RESOLVED,
        Happened.INVITED,
        Happened.INVITATION_REVOKED,
        Happened.JOINED,
        Happened.LEFT_TEAM,
        Happened.ROLE_CHANGED,
        Happened.CONSENT_GIVEN,
        Happened.CONSENT_WITHDRAWN,
        Happened.SUBMITTED,
        Happened.TAKEN_BACK,
        Happened.ADVANCED,
        Happened.RETURNED,
        Happened.STOPPED,
        Happened.GRADUATED,
        Happened.LEFT,
        Happened.REOPENED,
        Happened.REMARK_ADDRESSED,
        Happened.REMARK_REOPENED,
        Happened.REMARK_CONFIRMED,
        Happened.REMARK_DOUBTED,
        Happened.DECISION_ANSWERED,
        Happened.PUBLICATION_ASKED,
        Happened.PUBLISHED,
        Happened.UNPUBLISHED,
        Happened.HELP_OFFERED,
        Happened.AWARDED,
        Happened.AWARD_TAKEN,
        Happened.IMPORTED,
    }
)

#: The events of a project's journal that each role reads. A new kind of event is the office's until it is listed.
AUDIENCES: dict[ReviewRole, frozenset[Happened]] = {
    ReviewRole.TEAM: _TEAM_EVENTS,
    ReviewRole.COACH: _TEAM_EVENTS,
    ReviewRole.READING: frozenset(),
    ReviewRole.REVIEWED: frozenset(),
    ReviewRole.ORGANISER: frozenset(Happened),
    ReviewRole.OUTSIDER: frozenset(),
}


@dataclass(frozen=True, slots=True)
class ReviewAccess:
    """How one person looks at one submission at this moment."""

    preset: Preset
    role: ReviewRole
    phase: Phase

    def sees(self, field: Field | str) -> bool:
        return self.phase >= SEEN[self.preset][self.role].get(Field(field), Phase.NEVER)

    def knows_author(self, author: ReviewRole) -> bool:
        """Whether the reader learns who wrote a post: organisers sign with their names, reviewers where names are seen."""
        return author is ReviewRole.ORGANISER or self.sees(Field.REVIEWERS)
