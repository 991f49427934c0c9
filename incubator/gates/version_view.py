"""The data for the page of a version, as far as its reader may see it."""

from dataclasses import dataclass

from incubator.gates.decide import mark_of
from incubator.http.lookup import get_or_404
from incubator.http.prose import Prose, prose_of
from incubator.projects.access import Access
from incubator.projects.diff import diff
from incubator.projects.differences import Difference, differences_since
from incubator.projects.document import Frozen, submissions_of
from incubator.projects.errata import corrected_parts, corrected_title, errata_of
from incubator.projects.permissions import Action
from incubator.projects.tables import Erratum, Submission
from incubator.reviews.access.review_access import Seen, review_access_of, seen_reviews
from incubator.reviews.access.visibility import Field
from incubator.reviews.reviewing.threads_shown import Threads, threads_in
from incubator.reviews.rubric import Anchored, anchored, rubric_of
from incubator.reviews.tables import Answered, Decision, Remark


@dataclass(frozen=True, slots=True)
class ShownErratum:
    row: Erratum
    changes: list[tuple[str, str]]
    """The word diff."""


@dataclass(frozen=True)
class VersionView:
    """Its fields are the variables of ``gates/version.html``."""

    submission: Submission
    before: Submission | None
    """The previous version."""
    parts: list[Frozen]
    changes: dict[str, Difference]
    """Against the previous version, by section."""
    errata: list[ShownErratum]
    """Typos that an organiser corrected, oldest first."""
    title: str
    decision: Decision | None
    """Set once it is released."""
    superseded: list[Decision]
    """Earlier decisions that were corrected, newest first."""
    reviews: list[Seen]
    rubric: list[Anchored]
    remarks: list[Remark]
    threads: Threads
    """What was said below them."""
    answered: Answered | None
    may_answer: bool
    prose: Prose
    """HTML of the decision and the reply."""

    @property
    def mark(self) -> str:
        """Return what tells the decision from a corrected one, for the form of the reply."""
        return mark_of(self.decision) if self.decision else ""


async def version_of(project_id: int, number: int) -> Submission:
    """Return version ``number`` of a project, or raise 404."""
    return get_or_404(next((s for s in await submissions_of(project_id) if s.number == number), None))


async def version_view(submission: Submission, way: Access) -> VersionView:
    """Return what the person with this access may currently see of ``submission``."""
    decision = await Decision.objects().where(Decision.standing_on(submission.id) & Decision.released()).first()
    superseded = await superseded_on(submission)
    access = await review_access_of(way.person, submission)
    reviews = await seen_reviews(submission, access, way.person)
    answered = await _answered(submission) if access.sees(Field.ANSWER) else None
    before = await _before(submission)
    remarks = await Remark.objects().where(Remark.decision == decision.id) if decision else []
    errata = await errata_of(submission)
    parts = corrected_parts(submission, errata)
    return VersionView(
        submission=submission,
        before=before,
        parts=parts,
        changes=differences_since(before, parts),
        errata=[ShownErratum(row, diff(row.before, row.after)) for row in errata],
        title=corrected_title(submission, errata),
        decision=decision,
        superseded=superseded,
        reviews=reviews,
        rubric=[anchored(criterion) for criterion in await rubric_of(submission)] if reviews else [],
        remarks=remarks,
        threads=await threads_in(way, (), remarks),
        answered=answered,
        may_answer=decision is not None
        and way.project.season.may_answer
        and way.may(Action.REPLY)
        and not await Answered.exists().where(Answered.decision == decision.id),
        prose=await prose_of(
            [
                decision.reason if decision else "",
                answered.text if answered else "",
                *(each.reason for each in superseded),
            ]
        ),
    )


async def superseded_on(submission: Submission) -> list[Decision]:
    """Return the decisions that were corrected, newest first."""
    return (
        await Decision.objects()
        .where((Decision.submission == submission.id) & Decision.superseded_at.is_not_null())
        .order_by(Decision.id, ascending=False)
    )


async def _before(submission: Submission) -> Submission | None:
    versions = await submissions_of(submission.project)
    return next((version for version in reversed(versions) if version.number < submission.number), None)


async def _answered(submission: Submission) -> Answered | None:
    return (
        await Answered.objects(Answered.author)
        .where(Answered.submission == submission.id)
        .order_by(Answered.id, ascending=False)
        .first()
    )
