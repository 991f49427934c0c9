"""Mentors, assignments, reviews and decisions."""

from typing import Any

from piccolo.columns import Boolean, Date, DoublePrecision, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.combination import WhereRaw
from piccolo.constraints import Unique

from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.db.references import id_of
from incubator.db.table import ForeignKey, Table
from incubator.people.tables import Person
from incubator.programme.tables import Criterion, Season
from incubator.projects.tables import Comment, Project, Submission
from incubator.reference.tables import Cluster, Competency


class Mentor(Table):
    """A mentor's own settings: capacity and languages. Where they work is an Affiliation."""

    id: Serial
    person = ForeignKey(Person, null=False, unique=True, on_delete=OnDelete.cascade)
    capacity = SmallInt(default=5)
    """Reviews that may wait for them at one time."""
    season_capacity = SmallInt(default=20)
    """Reviews that they give in one season."""
    languages = Varchar(length=20, default="ru")
    """Languages in which they can review: locales separated by spaces."""
    feed_hash = Varchar(length=64, default="")
    """Hash of the secret in their calendar's address; empty: there is none."""


class MentorCluster(Table):
    """A cluster in which a mentor is an expert."""

    id: Serial
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    cluster = ForeignKey(Cluster, null=False, on_delete=OnDelete.cascade)

    mentor_cluster_once = Unique([mentor, cluster])


class MentorCompetency(Table):
    """A competency that a mentor can judge."""

    id: Serial
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    competency = ForeignKey(Competency, null=False, on_delete=OnDelete.cascade)

    mentor_competency_once = Unique([mentor, competency])


class Away(Table):
    """Days on which a mentor cannot review, both ends inclusive."""

    id: Serial
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    starts_on = Date()
    ends_on = Date()


class Bid(Table):
    """A mentor's preference for reviewing a project: gladly, can or rather_not."""

    id: Serial
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    wish = Varchar(length=10)
    at = Timestamptz()

    bid_once = Unique([mentor, project])


class Conflict(Table):
    """A declared conflict of interest; those that follow from facts are computed."""

    id: Serial
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    is_hard = Boolean(default=True)
    reason = Varchar(length=300, default="")
    kind = Varchar(length=10, default="other")
    """family, coach or other."""
    is_pinned = Boolean(default=False)
    """Declared by the organiser: only they can lift it."""
    lifted_at = Timestamptz(null=True, default=None)
    declared_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    at = Timestamptz()

    @classmethod
    def in_force(cls) -> Condition:
        """Return the condition that nobody has lifted it."""
        return cls.lifted_at.is_null()


#: For raw SQL: an assignment ``a`` that is neither declined nor withdrawn.
OPEN_ASSIGNMENT = 'a."declined_at" IS NULL AND a."cancelled_at" IS NULL'
#: For raw SQL: a review ``r`` that was sent.
SENT_REVIEW = 'r."sent_at" IS NOT NULL'
#: S608: the SQL contains only our own text.
_NOT_REVIEWED = (
    f'NOT EXISTS (SELECT 1 FROM "review" r WHERE r."assignment" = "assignment"."id" AND {SENT_REVIEW}) '  # noqa: S608
    'AND NOT EXISTS (SELECT 1 FROM "decision" d WHERE d."submission" = "assignment"."submission")'
)


#: How an assignment ended: the mentor declined, an organiser cancelled it, or it was withdrawn without either.
DECLINED, CANCELLED, WITHDRAWN = "declined", "cancelled", "withdrawn"


class Assignment(Table):
    """A mentor asked to review a submission. It ends, but is never deleted; the same mentor may be asked again."""

    id: Serial
    submission = ForeignKey(Submission, null=False, on_delete=OnDelete.cascade)
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    assigned_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    assigned_at = Timestamptz()
    due_on = Date(null=True, default=None)
    declined_at = Timestamptz(null=True, default=None)
    decline_reason = Varchar(length=500, default="")
    cancelled_at = Timestamptz(null=True, default=None)
    """Cancelled by an organiser, withdrawn for a conflict of interest, or the team took its submission back."""
    cancelled_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    """The organiser who cancelled it or gave the submission to somebody else."""
    cancel_code = Varchar(length=20, default="")
    """Why it was cancelled or withdrawn (``assignment/endings.py``)."""
    cancel_reason = Varchar(length=500, default="")
    """What was said of the conflict of interest that came up later."""
    reminders = SmallInt(default=0)
    """How many reminders were sent: before it is due, on the day, after."""

    @property
    def ended(self) -> str:
        """Return how it ended: declined, cancelled (by an organiser) or withdrawn; empty while it is open."""
        if self.declined_at is not None:
            return DECLINED
        if self.cancelled_at is None:
            return ""
        return WITHDRAWN if id_of(self.cancelled_by) is None else CANCELLED

    @property
    def is_open(self) -> bool:
        """Return whether it is neither declined nor withdrawn."""
        return self.declined_at is None and self.cancelled_at is None

    @classmethod
    def open(cls) -> Condition:
        """Return the condition ``is_open``."""
        return cls.declined_at.is_null() & cls.cancelled_at.is_null()

    @classmethod
    def waiting(cls) -> Condition:
        """Return the condition that it is open, its review is not sent, and its submission is undecided."""
        return cls.open() & WhereRaw(_NOT_REVIEWED)


#: State of a proposed pair: it may change with the next solution, or it is the organiser's own choice.
SOLVED, KEPT, REFUSED = "solved", "kept", "refused"


class Proposed(Table):
    """A pair in the proposal, not yet an assignment."""

    id: Serial
    submission = ForeignKey(Submission, null=False, on_delete=OnDelete.cascade)
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    state = Varchar(length=10, default=SOLVED)
    """SOLVED, KEPT or REFUSED."""
    why = Text(default="[]")
    """JSON: the terms of its cost."""

    proposed_once = Unique([submission, mentor])


class Review(Table):
    """A mentor's review of a submission: a draft until it is sent."""

    id: Serial
    assignment = ForeignKey(Assignment, null=False, unique=True, on_delete=OnDelete.cascade)
    submission = ForeignKey(Submission, null=False, on_delete=OnDelete.cascade)
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    advice = Text(default="")
    note = Text(default="")
    """For the organiser alone."""
    recommendation = Varchar(length=10, default="")
    confidence = SmallInt(null=True, default=None)
    """1 a guess, 2 fairly sure, 3 an expert in this field; imported reviews have a scale of their own. Null: not said."""
    version = Integer(default=1)
    changed_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @classmethod
    def sent(cls) -> Condition:
        """Return the condition ``is_sent``."""
        return cls.sent_at.is_not_null()


class ReviewScore(Table):
    """The level on one criterion of a review; null: not applicable."""

    id: Serial
    review = ForeignKey(Review, null=False, on_delete=OnDelete.cascade)
    criterion = ForeignKey(Criterion, null=False, on_delete=OnDelete.restrict)
    level = SmallInt(null=True, default=None)

    review_score_once = Unique([review, criterion])


class ReviewSummary(Table):
    """What the sent reviews of a submission add up to: stored with each change of one (``review_statistics.py``).

    Everything in it follows from the reviews; ``incubator figures`` compares and mends it.
    """

    id: Serial
    submission = ForeignKey(Submission, null=False, unique=True, on_delete=OnDelete.cascade)
    season = ForeignKey(Season, null=False, on_delete=OnDelete.cascade)
    stage = Varchar(length=10)
    reviews = Text()
    """JSON: mentor, score in percent, share of the rubric answered, recommendation and confidence of each review."""
    sent = SmallInt()
    """How many reviews there are."""
    partial = SmallInt()
    """Reviews that answered less than half of the rubric."""
    coverage = DoublePrecision()
    """Share of the rubric that was answered on average, 0–1."""
    mean = DoublePrecision(null=True, default=None)
    """In percent; the season does not weigh confidence."""
    weighed_mean = DoublePrecision(null=True, default=None)
    """In percent, weighed by the mentors' confidence."""
    range = DoublePrecision()
    """Distance between the lowest and the highest score, in percent."""
    covers_little = Boolean()
    is_divided = Boolean()
    is_unsure = Boolean()
    changed_at = Timestamptz()


class QueuedSubmission(Table):
    """A submission in review, as organisers' lists count, filter and order it. Triggers keep it (``queue_triggers.py``)."""

    id: Serial
    submission = ForeignKey(Submission, null=False, unique=True, on_delete=OnDelete.cascade)
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    season = ForeignKey(Season, null=False, on_delete=OnDelete.cascade)
    stage = Varchar(length=10)
    needs = Varchar(length=10)
    """What an organiser has to do next: assign, wait, another, decide or release."""
    folded = Varchar(length=300)
    """As ``Submission.folded``."""
    submitted_at = Timestamptz()
    required = SmallInt()
    """Reviews that the season asks for at this stage."""
    assigned = SmallInt()
    sent = SmallInt()
    """Reviews; the figures below add them up, as ``ReviewSummary`` does."""
    outcome = Varchar(length=10)
    """Of the decision that waits for its release; empty if there is none."""
    due_on = Date(null=True, default=None)
    """The first day on which an unsent review is due."""
    reminders = SmallInt()
    """The highest number of reminders sent to a mentor who still owes a review."""
    mean = DoublePrecision(null=True, default=None)
    """In percent, weighed by confidence if the season says so."""
    range = DoublePrecision()
    partial = SmallInt()
    covers_little = Boolean()
    is_divided = Boolean()
    is_unsure = Boolean()


class SectionNote(Table):
    """A review's note on one section of the submission."""

    id: Serial
    review = ForeignKey(Review, null=False, on_delete=OnDelete.cascade)
    key = Varchar(length=40)
    text = Text()

    section_note_once = Unique([review, key])


class Decision(Table):
    """Advance, return or stop: pending until the organiser releases it; afterwards only a new one can supersede it."""

    id: Serial
    submission = ForeignKey(Submission, null=False, on_delete=OnDelete.restrict)
    outcome = Varchar(length=10)
    reason = Text()
    next_step = Text(default="")
    """What the team can do next; required for a stop."""
    revise_days = SmallInt(null=True, default=None)
    """Days that a return gives the team, counted from the release; null: as many as the season says."""
    override_reason = Text(default="")
    """Why it was taken without the reviews that the season requires."""
    decided_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    decided_at = Timestamptz()
    released_at = Timestamptz(null=True, default=None)
    released_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    supersedes: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)
    """The released decision that this one corrects."""
    correction_reason = Text(default="")
    """Why it was corrected; the team reads it."""
    superseded_at = Timestamptz(null=True, default=None)

    @property
    def is_released(self) -> bool:
        """Return whether the team has been told."""
        return self.released_at is not None

    @classmethod
    def released(cls) -> Condition:
        """Return the condition that it has been released and still stands."""
        return cls.released_at.is_not_null() & cls.standing()

    @classmethod
    def standing(cls) -> Condition:
        """Return the condition that no correction has superseded it: true of one decision on a submission at most."""
        return cls.superseded_at.is_null()

    @classmethod
    def standing_on(cls, submission_id: int) -> Condition:
        """Return the condition that it is the decision on this submission that stands, released or not."""
        return (cls.submission == submission_id) & cls.standing()


class Remark(Table):
    """One item of a return's checklist, anchored to a section."""

    id: Serial
    decision = ForeignKey(Decision, null=False, on_delete=OnDelete.cascade)
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    key = Varchar(length=40)
    text = Text()
    addressed_at = Timestamptz(null=True, default=None)
    addressed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    answer = Varchar(length=500, default="")
    """What the team did about it, in a sentence; empty until it marks the remark as addressed."""
    confirmed_at = Timestamptz(null=True, default=None)
    confirmed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    doubt = Varchar(length=500, default="")
    """What is still missing, according to a mentor who checked."""
    doubted_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)


class Answered(Table):
    """A team's only reply to a released decision; a corrected one can be answered anew."""

    id: Serial
    submission = ForeignKey(Submission, null=False, on_delete=OnDelete.cascade)
    decision = ForeignKey(Decision, null=False, unique=True, on_delete=OnDelete.cascade)
    text = Text()
    author = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    at = Timestamptz()


class Post(Table):
    """One post of a discussion: between a submission's reviewers and the office, in a team's room, or below a comment or a remark."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    submission = ForeignKey(Submission, null=True, default=None, on_delete=OnDelete.cascade)
    """The room of its reviewers; null everywhere else."""
    comment = ForeignKey(Comment, null=True, default=None, on_delete=OnDelete.cascade)
    remark = ForeignKey(Remark, null=True, default=None, on_delete=OnDelete.cascade)
    is_from_reviewer = Boolean(default=False)
    """Below a remark: its author reviews the project, so the team must not learn their name."""
    author = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    text = Text()
    at = Timestamptz()
    removed_at = Timestamptz(null=True, default=None)
    removed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)

    @property
    def is_below(self) -> bool:
        """Return whether it stands below a comment or a remark."""
        return id_of(self.comment) is not None or id_of(self.remark) is not None

    @classmethod
    def in_team_room(cls) -> Condition:
        """Return the condition that it stands in a team's own room."""
        return cls.submission.is_null() & cls.comment.is_null() & cls.remark.is_null()


class PostMention(Table):
    """Somebody whom a post calls by "@"; the name shown is the person's own, so it follows renames."""

    id: Serial
    post = ForeignKey(Post, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    start = Integer()
    """Place of the "@" in the post's text."""
    end = Integer()


class Practice(Table):
    """A new mentor's attempt at the practice submission."""

    id: Serial
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    levels = Text()
    """JSON: level by criterion key."""
    at = Timestamptz()


TABLES = [
    Mentor, MentorCluster, MentorCompetency, Away, Bid, Conflict, Assignment, Proposed, Review, ReviewScore, ReviewSummary, QueuedSubmission,
    SectionNote, Decision, Remark, Answered, Post, PostMention, Practice,
]  # fmt: skip

INDEXES = [
    Index("away_mentor", (Away.mentor,)),
    Index("conflict_project", (Conflict.project,)),
    Index(
        "assignment_open",
        (Assignment.submission, Assignment.mentor),
        where='"declined_at" IS NULL AND "cancelled_at" IS NULL',
        is_unique=True,
    ),
    Index("assignment_mentor", (Assignment.mentor,)),
    Index("assignment_due", (Assignment.due_on,)),
    Index("review_submission", (Review.submission,)),
    Index("review_mentor", (Review.mentor,)),
    Index(
        "review_summary_stage",
        (ReviewSummary.season, ReviewSummary.stage, ReviewSummary.changed_at, ReviewSummary.sent),
    ),
    Index(
        "queued_submission_oldest",
        (
            QueuedSubmission.stage,
            QueuedSubmission.submitted_at,
            QueuedSubmission.submission,
            QueuedSubmission.project,
            QueuedSubmission.folded,
        ),
    ),
    Index(
        "queued_submission_needs",
        (
            QueuedSubmission.stage,
            QueuedSubmission.needs,
            QueuedSubmission.submitted_at,
            QueuedSubmission.submission,
            QueuedSubmission.project,
        ),
    ),
    Index(
        "queued_submission_heap",
        (QueuedSubmission.needs, QueuedSubmission.submitted_at, QueuedSubmission.submission),
    ),
    Index("queued_submission_due", (QueuedSubmission.needs, QueuedSubmission.due_on, QueuedSubmission.project)),
    Index("decision_standing", (Decision.submission,), where='"superseded_at" IS NULL', is_unique=True),
    Index("decision_submission", (Decision.submission,)),
    Index("post_mention_post", (PostMention.post,)),
    Index("remark_decision", (Remark.decision,)),
    Index("remark_project", (Remark.project,)),
    Index("answered_submission", (Answered.submission,)),
    Index("post_project", (Post.project,)),
    Index("post_submission", (Post.submission,)),
    Index("post_comment", (Post.comment,)),
    Index("post_remark", (Post.remark,)),
    Index("practice_mentor", (Practice.mentor,)),
]
