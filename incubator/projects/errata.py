"""Corrections of typos in a submitted version: what was reviewed stays, and readers get the corrected text."""

from collections.abc import Sequence

import msgspec

from incubator.projects.document import Frozen, content_of, frozen_parts
from incubator.projects.tables import Erratum, Submission

#: The key under which a corrected title is kept; sections have keys of their own.
TITLE = ""


async def errata_of(submission: Submission) -> list[Erratum]:
    """Return the corrections of a version, oldest first."""
    return await Erratum.objects().where(Erratum.submission == submission.id).order_by(Erratum.id)


def corrected_parts(submission: Submission, errata: Sequence[Erratum]) -> list[Frozen]:
    """Return the sections of the version with its corrections."""
    latest = {row.key: row for row in errata}
    return [
        msgspec.structs.replace(part, text=latest[part.key].after, html=latest[part.key].html)
        if part.key in latest
        else part
        for part in frozen_parts(submission)
    ]


def corrected_title(submission: Submission, errata: Sequence[Erratum]) -> str:
    return next((row.after for row in reversed(errata) if row.key == TITLE), submission.title)


async def corrected(submission: Submission) -> Submission:
    """Return the version as it is read now: an unsaved copy with its corrections."""
    errata = await errata_of(submission)
    if not errata:
        return submission
    copy = Submission(**submission.to_dict())
    copy.title, copy.content = corrected_title(submission, errata), content_of(corrected_parts(submission, errata))
    return copy
