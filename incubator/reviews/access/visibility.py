"""Visibility of reviews: who sees what, and from which phase, in one table. Pure.

A season chooses one of three presets. Pages, mails, calendars and files all ask here
(through `review_access.py`). Both tables list what is shown: anything not listed
is hidden.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from incubator.history.record import Happened
from incubator.programme.presets import Preset
from incubator.projects.permissions import ProjectRole


class ReviewRole(StrEnum):
    """A person's role towards one submission."""

    TEAM = "team"
    """A student of the team."""
    TEACHER = "teacher"
    COACH = "coach"
    READING = "reading"
    """Asked to review it; own review not yet sent."""
    REVIEWED = "reviewed"
    """Has sent their own review."""
    ORGANISER = "organiser"
    OUTSIDER = "outsider"


#: What the members of a project are to its submissions.
ROLE_OF_MEMBER: dict[str, ReviewRole] = {
    ProjectRole.CAPTAIN: ReviewRole.TEAM,
    ProjectRole.STUDENT: ReviewRole.TEAM,
    ProjectRole.TEACHER: ReviewRole.TEACHER,
    ProjectRole.COACH: ReviewRole.COACH,
    ProjectRole.UNVOUCHED: ReviewRole.COACH,
}


class Phase(IntEnum):
    IN_REVIEW = 1
    DECIDED = 2
    """Decided, but nobody was told."""
    RELEASED = 3
    NEVER = 4
    """A phase that no submission has: marks what is never shown."""


class Field(StrEnum):
    """A part of a submission or of its reviews."""

    TEXT = "text"
    """The frozen submission, its changes, and the remarks that it had to address."""
    FILES = "files"
    """Pictures and papers in the submission, on which one could recognise the team."""
    TEAM = "team"
    """Authors: names, school, district."""
    REVIEWERS = "reviewers"
    """Names of the mentors."""
    SCORES = "scores"
    ADVICE = "advice"
    SECTION_NOTES = "section_notes"
    RECOMMENDATIONS = "recommendations"
    NOTES = "notes"
    """What mentors write for the organiser alone."""
    DISCUSSION = "discussion"
    DECISION = "decision"
    ANSWER = "answer"
    """The team's reply to the decision."""


_REVIEW = (Field.SCORES, Field.ADVICE, Field.SECTION_NOTES)


def _team(reviewers: Phase) -> dict[Field, Phase]:
    told = dict.fromkeys((*_REVIEW, Field.DECISION, Field.ANSWER), Phase.RELEASED)
    own = dict.fromkeys((Field.TEXT, Field.FILES, Field.TEAM), Phase.IN_REVIEW)
    return {**own, Field.REVIEWERS: reviewers, **told}


def _reading(team: Phase) -> dict[Field, Phase]:
    """Return the fields of a mentor who has not yet sent a review: others' reviews would influence theirs."""
    return {Field.TEXT: Phase.IN_REVIEW, Field.FILES: team, Field.TEAM: team, Field.DECISION: Phase.RELEASED}


def _reviewed(team: Phase, reviewers: Phase) -> dict[Field, Phase]:
    seen = dict.fromkeys((*_REVIEW, Field.RECOMMENDATIONS, Field.DISCUSSION), Phase.IN_REVIEW)
    told = dict.fromkeys((Field.DECISION, Field.ANSWER), Phase.RELEASED)
    read = dict.fromkeys((Field.TEXT, Field.FILES), Phase.IN_REVIEW)
    return {**read, Field.TEAM: team, Field.REVIEWERS: reviewers, **seen, **told}


_EVERYTHING = dict.fromkeys(Field, Phase.IN_REVIEW)
_ALWAYS, _TOLD, _NEVER = Phase.IN_REVIEW, Phase.RELEASED, Phase.NEVER

#: The phase from which each field is visible; a field that is not listed is never visible.
SEEN: dict[Preset, dict[ReviewRole, dict[Field, Phase]]] = {
    Preset.OPEN: {
        ReviewRole.TEAM: _team(_TOLD),
        ReviewRole.TEACHER: _team(_TOLD),
        ReviewRole.COACH: _team(_TOLD),
        ReviewRole.READING: _reading(_ALWAYS),
        ReviewRole.REVIEWED: _reviewed(_ALWAYS, _ALWAYS),
        ReviewRole.ORGANISER: _EVERYTHING,
        ReviewRole.OUTSIDER: {},
    },
    Preset.NAMES_HIDDEN: {
        ReviewRole.TEAM: _team(_NEVER),
        ReviewRole.TEACHER: _team(_NEVER),
        ReviewRole.COACH: _team(_NEVER),
        ReviewRole.READING: _reading(_ALWAYS),
        ReviewRole.REVIEWED: _reviewed(_ALWAYS, _ALWAYS),
        ReviewRole.ORGANISER: _EVERYTHING,
        ReviewRole.OUTSIDER: {},
    },
    Preset.DOUBLE_BLIND: {
        ReviewRole.TEAM: _team(_NEVER),
        ReviewRole.TEACHER: _team(_NEVER),
        ReviewRole.COACH: _team(_NEVER),
        ReviewRole.READING: _reading(_NEVER),
        ReviewRole.REVIEWED: _reviewed(_NEVER, _NEVER),
        ReviewRole.ORGANISER: _EVERYTHING,
        ReviewRole.OUTSIDER: {},
    },
}

#: The presets in which mentors do not know whose work they read.
BLIND = frozenset(preset for preset, rows in SEEN.items() if rows[ReviewRole.READING].get(Field.TEAM, _NEVER) is _NEVER)

#: Journal events of a project that its team sees.
_TEAM_EVENTS = frozenset(
    {
        Happened.STARTED,
        Happened.DETAILS_CHANGED,
        Happened.ANSWERED,
        Happened.FILE_ATTACHED,
        Happened.FILE_PEOPLE,
        Happened.FILE_HIDDEN,
        Happened.FILE_REMOVED,
        Happened.COMMENTED,
        Happened.COMMENT_RESOLVED,
        Happened.COMMENT_REOPENED,
        Happened.REPLIED,
        Happened.INVITED,
        Happened.INVITATION_REVOKED,
        Happened.JOINED,
        Happened.LEFT_TEAM,
        Happened.ROLE_CHANGED,
        Happened.CONSENT_GIVEN,
        Happened.CONSENT_WITHDRAWN,
        Happened.CONSENT_VOIDED,
        Happened.VOUCHED,
        Happened.VOUCHING_REFUSED,
        Happened.SUBMITTED,
        Happened.TAKEN_BACK,
        Happened.ADVANCED,
        Happened.RETURNED,
        Happened.STOPPED,
        Happened.GRADUATED,
        Happened.LEFT,
        Happened.REOPENED,
        Happened.EXTENDED,
        Happened.DATE_MOVED,
        Happened.DEADLINE_NEAR,
        Happened.WITHDRAWN,
        Happened.PROJECTS_MERGED,
        Happened.DELETION_PLANNED,
        Happened.DELETION_STOPPED,
        Happened.IDEA_DELETED,
        Happened.IDEA_RESTORED,
        Happened.TYPO_CORRECTED,
        Happened.DECISION_CORRECTED,
        Happened.REMARK_ADDRESSED,
        Happened.REMARK_REOPENED,
        Happened.REMARK_CONFIRMED,
        Happened.REMARK_DOUBTED,
        Happened.DECISION_ANSWERED,
        Happened.PUBLICATION_ASKED,
        Happened.PUBLISHED,
        Happened.PUBLICATION_REFUSED,
        Happened.UNPUBLISHED,
        Happened.NEWS_WRITTEN,
        Happened.NEWS_DELETED,
        Happened.NEWS_OFFERED,
        Happened.NEWS_PUBLISHED,
        Happened.NEWS_REFUSED,
        Happened.NEWS_TAKEN_OFF,
        Happened.PASSAGES_HIDDEN,
        Happened.PASSAGES_KEPT,
        Happened.PASSAGE_SHOWN,
        Happened.NAME_HIDDEN,
        Happened.NAME_WAITS,
        Happened.FILE_WAITS,
        Happened.HELP_OFFERED,
        Happened.AWARDED,
        Happened.AWARD_TAKEN,
        Happened.IMPORTED,
    }
)

#: Journal events of a project that each role sees. A new kind of event is visible to the office only until listed.
JOURNAL_READERS: dict[ReviewRole, frozenset[Happened]] = {
    ReviewRole.TEAM: _TEAM_EVENTS,
    ReviewRole.TEACHER: _TEAM_EVENTS,
    ReviewRole.COACH: _TEAM_EVENTS,
    ReviewRole.READING: frozenset(),
    ReviewRole.REVIEWED: frozenset(),
    ReviewRole.ORGANISER: frozenset(Happened),
    ReviewRole.OUTSIDER: frozenset(),
}


@dataclass(frozen=True, slots=True)
class ReviewAccess:
    """One person's current access to one submission."""

    preset: Preset
    role: ReviewRole
    phase: Phase

    def sees(self, field: Field | str) -> bool:
        return self.phase >= SEEN[self.preset][self.role].get(Field(field), Phase.NEVER)

    def knows_author(self, author: ReviewRole) -> bool:
        """Return whether the reader sees who wrote a post: organisers are named, reviewers where names are visible."""
        return author is ReviewRole.ORGANISER or self.sees(Field.REVIEWERS)
