"""Who is asked to review what, what they said, and what was decided."""

from piccolo.columns import Boolean, Date, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from incubator.people.tables import Person
from incubator.programme.tables import Criterion, Organisation
from incubator.projects.tables import Project, Submission


class Mentor(Table):
    """What makes a person a mentor: where they work and how much they can read."""

    id: Serial
    person = ForeignKey(Person, null=False, unique=True, on_delete=OnDelete.cascade)
    organisation = ForeignKey(Organisation, null=True, default=None, on_delete=OnDelete.set_null)
    capacity = SmallInt(default=5)
    """Reviews that may wait for them at one time."""


class Conflict(Table):
    """A declared conflict of interest; those that facts show are computed."""

    id: Serial
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    is_hard = Boolean(default=True)
    reason = Varchar(length=300, default="")
    declared_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    at = Timestamptz()


class Assignment(Table):
    """A mentor asked to review a submission."""

    id: Serial
    submission = ForeignKey(Submission, null=False, on_delete=OnDelete.cascade)
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    assigned_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    assigned_at = Timestamptz()
    due_on = Date(null=True, default=None)
    declined_at = Timestamptz(null=True, default=None)
    decline_reason = Varchar(length=500, default="")
    cancelled_at = Timestamptz(null=True, default=None)
    """Taken away by the organiser, or the team took its submission back."""


class Review(Table):
    """What a mentor thinks of a submission: a draft until it is sent."""

    id: Serial
    assignment = ForeignKey(Assignment, null=False, unique=True, on_delete=OnDelete.cascade)
    submission = ForeignKey(Submission, null=False, on_delete=OnDelete.cascade)
    mentor = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    advice = Text(default="")
    advice_html = Text(default="")
    note = Text(default="")
    """For the organiser alone."""
    recommendation = Varchar(length=10, default="")
    version = Integer(default=1)
    changed_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)


class ReviewScore(Table):
    """The level that a review gives on one criterion; null: not applicable."""

    id: Serial
    review = ForeignKey(Review, null=False, on_delete=OnDelete.cascade)
    criterion = ForeignKey(Criterion, null=False, on_delete=OnDelete.restrict)
    level = SmallInt(null=True, default=None)


class Decision(Table):
    """Advance, return or stop: pending until the organiser releases it."""

    id: Serial
    submission = ForeignKey(Submission, null=False, unique=True, on_delete=OnDelete.restrict)
    outcome = Varchar(length=10)
    reason = Text()
    reason_html = Text(default="")
    override_reason = Text(default="")
    """Why it was taken without the reviews that the season requires."""
    decided_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    decided_at = Timestamptz()
    released_at = Timestamptz(null=True, default=None)
    released_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)


class Remark(Table):
    """One item of a return's checklist, anchored to a section."""

    id: Serial
    decision = ForeignKey(Decision, null=False, on_delete=OnDelete.cascade)
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    key = Varchar(length=40)
    text = Text()
    addressed_at = Timestamptz(null=True, default=None)
    addressed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    confirmed_at = Timestamptz(null=True, default=None)
    confirmed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)


TABLES = [Mentor, Conflict, Assignment, Review, ReviewScore, Decision, Remark]
