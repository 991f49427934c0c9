"""Where people study and work: stated, confirmed by somebody else, ended; and the effect on reviewing."""

from datetime import timedelta

import pytest

from incubator.core.clock import today
from incubator.core.refusals import Refusal
from incubator.people.affiliations import (
    AffiliationCapacity,
    affiliate,
    affiliations_of,
    confirm_affiliation,
    end_affiliation,
)
from incubator.people.tables import Affiliation
from incubator.reference.merging import merge
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Organisation
from incubator.reviews.assignment.candidates import candidate_for
from tests.cast import Cast, submitted

YESTERDAY = today() - timedelta(days=1)


async def test_the_same_place_is_changed_and_not_doubled(cast: Cast) -> None:
    school = await organisation_named("Школа № 5")
    first = await affiliate(cast.captain, school, AffiliationCapacity.STUDENT, by=cast.captain, course="9", group="А")
    again = await affiliate(cast.captain, school, AffiliationCapacity.STUDENT, by=cast.captain, course="10", group="А")
    other = await affiliate(cast.captain, school, AffiliationCapacity.EMPLOYEE, by=cast.captain)
    assert first.id == again.id != other.id
    assert [(a.organisation.name, a.capacity, a.course) for a in await affiliations_of(cast.captain.id)] == [
        ("Школа № 5", "student", "10"), ("Школа № 5", "employee", ""),
    ]  # fmt: skip


async def test_somebody_else_confirms(cast: Cast) -> None:
    row = await affiliate(
        cast.captain, await organisation_named("Школа № 5"), AffiliationCapacity.STUDENT, by=cast.captain
    )
    with pytest.raises(Refusal):
        await confirm_affiliation(row.id, by=cast.captain)
    await confirm_affiliation(row.id, by=cast.teacher)
    (known,) = await affiliations_of(cast.captain.id)
    assert (known.confirmed_by, known.confirmed_at is not None) == (cast.teacher.id, True)


async def test_who_left_is_there_to_the_end_of_their_last_day(cast: Cast) -> None:
    row = await affiliate(
        cast.captain, await organisation_named("Школа № 5"), AffiliationCapacity.STUDENT, by=cast.captain
    )
    await end_affiliation(row.id, by=cast.captain)
    assert [a.id for a in await affiliations_of(cast.captain.id)] == [row.id]
    await end_affiliation(row.id, by=cast.captain, on=YESTERDAY)
    assert await affiliations_of(cast.captain.id) == []
    assert await Affiliation.exists().where(Affiliation.id == row.id), "what was, stays on record"


async def test_what_is_gone_is_said_to_be_gone(cast: Cast) -> None:
    for verb in (confirm_affiliation, end_affiliation):
        with pytest.raises(Refusal):
            await verb(0, by=cast.teacher)


async def test_a_colleague_of_the_teams_teacher_does_not_review_it(cast: Cast) -> None:
    submission = await submitted(cast)
    enterprise = (await affiliations_of(cast.mentor.id))[0].organisation.id

    async def codes() -> list[str]:
        candidate = await candidate_for(submission, cast.mentor)
        assert candidate
        return [conflict.code for conflict in candidate.conflicts if conflict.is_hard]

    assert await codes() == []
    row = await affiliate(cast.teacher, enterprise, AffiliationCapacity.EMPLOYEE, by=cast.teacher)
    assert await codes() == ["organisation"]
    await end_affiliation(row.id, by=cast.teacher, on=YESTERDAY)
    assert await codes() == []


async def test_organisations_that_became_one_are_one(cast: Cast) -> None:
    submission = await submitted(cast)  # of «Школа № 1»
    enterprise = (await affiliations_of(cast.mentor.id))[0].organisation.id
    await merge(Organisation, await organisation_named("Школа № 1"), enterprise, by=cast.organiser)
    candidate = await candidate_for(submission, cast.mentor)
    assert candidate
    assert [conflict.code for conflict in candidate.conflicts if conflict.is_hard] == ["organisation"]
