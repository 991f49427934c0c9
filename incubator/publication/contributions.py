"""What publication contributes elsewhere: awards as evidence, and personal data."""

from incubator.core.contributions import EvidenceEntry, PersonalData
from incubator.people.tables import Person
from incubator.projects.permissions import STUDENT_ROLES
from incubator.projects.tables import Member
from incubator.publication.tables import AwardGiven


async def awards_won_by(person: Person) -> list[EvidenceEntry]:
    """Return awards of the projects in which the person is a student. Two queries."""
    rows = await Member.select(Member.project).where(
        (Member.person == person.id) & Member.role.is_in([role.value for role in STUDENT_ROLES])
    )
    given = (
        await AwardGiven.select(AwardGiven.given_at, AwardGiven.project)
        .where(AwardGiven.project.is_in([row["project"] for row in rows] or [0]))
        .order_by(AwardGiven.given_at)
    )
    return [EvidenceEntry("award_won", row["given_at"], row["project"]) for row in given]


EVIDENCE = (awards_won_by,)

PERSONAL_DATA = (
    PersonalData("public_version", "offered_by", is_record=True),
    PersonalData("public_version", "approved_by", is_record=True),
    PersonalData("public_version", "ended_by", is_record=True),
    PersonalData("passage", "person"),
    PersonalData("passage", "made_by", is_record=True),
    PersonalData("award_given", "given_by", is_record=True),
    PersonalData("follower", "person"),
    PersonalData("follower", "email", is_address=True),
    PersonalData("content_report", "email", is_address=True),
    PersonalData("content_report", "hidden_by", is_record=True),
    PersonalData("content_report", "closed_by", is_record=True),
)
