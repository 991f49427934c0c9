"""What the merging of two accounts means for classes: a pupil who was enrolled twice stays once, nobody stands in for themselves."""

from incubator.core.clock import now
from incubator.people.tables import AccessCard, Enrolment, Substitution


async def same_classes(kept_id: int, ended_id: int) -> None:
    """End what would be there twice. Call inside the transaction that merges the accounts and records it."""
    at, both = now(), [kept_id, ended_id]
    rows = await Enrolment.select(Enrolment.teacher).where((Enrolment.person == kept_id) & Enrolment.holding())
    await Enrolment.update({Enrolment.ended_at: at}).where(
        (Enrolment.person == ended_id) & Enrolment.teacher.is_in([row["teacher"] for row in rows] or [0]) & Enrolment.holding()
    )  # fmt: skip
    # Its login opens nothing any more.
    await AccessCard.update({AccessCard.ended_at: at}).where((AccessCard.person == ended_id) & AccessCard.working())
    await Substitution.update({Substitution.ended_at: at}).where(
        Substitution.teacher.is_in(both) & Substitution.substitute.is_in(both) & Substitution.holding()
    )
