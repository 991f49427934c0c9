"""Adding the next best mentor to the proposal when a reviewer is missing."""

from collections.abc import Iterable

import msgspec

from incubator.projects.tables import Submission
from incubator.reviews.assignment.candidates import matcher_for
from incubator.reviews.assignment.matching import CostTerm
from incubator.reviews.tables import REFUSED, Proposed


def why_of(terms: Iterable[CostTerm]) -> str:
    return msgspec.json.encode([(t.code, t.points) for t in terms]).decode()


async def propose_next(submission: Submission) -> None:
    """Add the next best mentor to the proposal if one is missing: somebody declined, or the reviews differ widely.

    Call inside a transaction.
    """
    matcher = await matcher_for([submission])
    case = matcher.cases[0]
    rows = await Proposed.objects().where(Proposed.submission == submission.id)
    named = sum(row.state != REFUSED for row in rows)
    if case.short <= named:
        return
    known = {r.mentor for r in rows}
    for candidate in matcher.candidates(case):
        if candidate.is_free and candidate.person.id not in known:
            await Proposed(submission=submission.id, mentor=candidate.person.id, why=why_of(candidate.terms)).save()
            return
