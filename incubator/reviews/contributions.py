"""What reviews contribute elsewhere: due dates, evidence of gates passed and reviews given, and personal data."""

from typing import Any, cast

from incubator.core.contributions import EvidenceEntry, PersonalData
from incubator.people.tables import Person
from incubator.projects.permissions import STUDENT_ROLES
from incubator.projects.tables import Member
from incubator.reviews.reviewing.due_dates import due_reviews_of
from incubator.reviews.tables import Decision, Review


async def gates_passed_by(person: Person) -> list[EvidenceEntry]:
    """Return the released advances of projects in which the person is a student. Two queries."""
    rows = await Member.select(Member.project).where(
        (Member.person == person.id) & Member.role.is_in([role.value for role in STUDENT_ROLES])
    )
    project: Any = cast(Any, Decision.submission).project
    passed = (
        await Decision.select(Decision.released_at, project.as_alias("project"))
        .where(
            project.is_in([row["project"] for row in rows] or [0])
            & Decision.released()
            & (Decision.outcome == "advance")
        )
        .order_by(Decision.released_at)
    )
    return [EvidenceEntry("gate_passed", row["released_at"], row["project"]) for row in passed]


async def reviews_given_by(person: Person) -> list[EvidenceEntry]:
    """Return the reviews that the person sent. One query."""
    project: Any = cast(Any, Review.submission).project
    rows = (
        await Review.select(Review.sent_at, project.as_alias("project"))
        .where((Review.mentor == person.id) & Review.sent())
        .order_by(Review.sent_at)
    )
    return [EvidenceEntry("review_given", row["sent_at"], row["project"]) for row in rows]


DATED = (due_reviews_of,)

EVIDENCE = (gates_passed_by, reviews_given_by)

PERSONAL_DATA = (
    PersonalData("mentor", "person"),
    PersonalData("mentor_cluster", "mentor"),
    PersonalData("mentor_competency", "mentor"),
    PersonalData("away", "mentor"),
    PersonalData("bid", "mentor"),
    PersonalData("conflict", "mentor"),
    PersonalData("conflict", "declared_by", is_record=True),
    PersonalData("assignment", "mentor", is_record=True),
    PersonalData("assignment", "assigned_by", is_record=True),
    PersonalData("assignment", "cancelled_by", is_record=True),
    PersonalData("proposed", "mentor"),
    PersonalData("review", "mentor", is_record=True),
    PersonalData("decision", "decided_by", is_record=True),
    PersonalData("decision", "released_by", is_record=True),
    PersonalData("remark", "addressed_by", is_record=True),
    PersonalData("remark", "confirmed_by", is_record=True),
    PersonalData("remark", "doubted_by", is_record=True),
    PersonalData("answered", "author", is_record=True),
    PersonalData("post", "author", is_record=True),
    PersonalData("post", "removed_by", is_record=True),
    PersonalData("post_mention", "person"),
    PersonalData("practice", "mentor"),
)
