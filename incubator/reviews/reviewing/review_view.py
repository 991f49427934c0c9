"""The data for the page of one review, as far as its mentor may see it."""

from dataclasses import dataclass

from incubator.http.lookup import get_or_404
from incubator.http.prose import Prose, prose_of
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of
from incubator.programme.tables import Criterion
from incubator.projects.diff import diff
from incubator.projects.document import Frozen, frozen_parts, frozen_texts
from incubator.projects.tables import Project, Submission
from incubator.reviews.access.masking import NO_MASK, Mask
from incubator.reviews.access.masks import masked, masks_for
from incubator.reviews.access.review_access import Seen, review_access_of, seen_reviews
from incubator.reviews.access.visibility import Field, ReviewAccess
from incubator.reviews.reviewing.desk import usual_for
from incubator.reviews.reviewing.discussion import ShownPost, people_to_call, posts_of_submission
from incubator.reviews.reviewing.remarks import remarks_on
from incubator.reviews.rubric import Anchored, anchored
from incubator.reviews.scoring.scores import Mark, coverage
from incubator.reviews.tables import Answered, Assignment, Decision, Remark, Review

#: Word diffs by section.
Changes = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """The subject of a review page."""

    assignment: Assignment
    submission: Submission
    rubric: list[Criterion]
    review: Review | None
    levels: dict[int, int | None]
    """The review's levels by criterion id, as ``Opinion.levels``."""

    @property
    def coverage(self) -> float:
        """Return how much of the rubric's weight the review answers, 0–1."""
        return coverage(Mark(c.weight, c.highest, self.levels.get(c.id), c.lowest) for c in self.rubric)

    @property
    def is_sent(self) -> bool:
        return self.review is not None and self.review.is_sent

    @property
    def is_over(self) -> bool:
        """Return whether the mentor declined, or the team withdrew the submission."""
        return self.assignment.declined_at is not None or self.submission.is_taken_back


@dataclass(frozen=True)
class ReviewView:
    """Its fields are the variables of ``reviews/review.html``."""

    case: ReviewCase
    submission: Submission
    project: Project
    access: ReviewAccess
    hide: Mask
    """Masks the team in what others write; returns it unchanged where mentors may know the team."""
    title: str
    is_closed: bool
    """The review can no longer change."""
    parts: list[Frozen]
    changes: Changes
    remarks: list[Remark]
    rubric: list[Anchored]
    confidence: str
    """Whether the season asks how sure the mentor is: a value of ``Confidence``."""
    minutes: int
    others: list[Seen]
    decision: Decision | None
    answered: Answered | None
    posts: list[ShownPost] | None
    """None if the reader may not see the discussion."""
    people: list[str]
    """Names of those whom the reader can call in it."""
    prose: Prose
    """HTML of the decision and the team's reply."""


async def review_view(case: ReviewCase, reader: Person) -> ReviewView:
    """Return what ``reader``, the mentor of the case, may currently see of it."""
    submission = case.submission
    project = get_or_404(
        await Project.objects(Project.season, Project.cluster, Project.municipality).get(
            Project.id == submission.project
        )
    )
    decision = await Decision.objects().where(Decision.standing_on(submission.id)).first()
    access = await review_access_of(reader, submission)
    hide = (await masks_for([project.id])).get(project.id, NO_MASK)
    parts, changes, remarks = await _text(submission, reader, hide) if access.sees(Field.TEXT) else ([], {}, [])
    answered = await _answered(submission) if access.sees(Field.ANSWER) else None
    return ReviewView(
        case=case,
        submission=submission,
        project=project,
        access=access,
        hide=hide,
        title=hide(submission.title),
        is_closed=case.is_over or decision is not None,
        parts=parts,
        changes=changes,
        remarks=remarks,
        rubric=[anchored(criterion) for criterion in case.rubric],
        confidence=project.season.confidence,
        minutes=await usual_for(reader) or (await rules_of(project.season.id))[submission.stage].review_minutes,
        others=[seen for seen in await seen_reviews(submission, access, reader) if not seen.is_own],
        decision=decision if access.sees(Field.DECISION) else None,
        answered=answered,
        posts=await _posts(submission, reader, access, hide),
        people=[person.name for person in await people_to_call(submission, reader)],
        prose=await prose_of([decision.reason if decision else "", answered.text if answered else ""]),
    )


async def _text(submission: Submission, reader: Person, hide: Mask) -> tuple[list[Frozen], Changes, list[Remark]]:
    """Return the sections, their changes, and the remarks that they had to address."""
    parts = masked(frozen_parts(submission), hide)
    return parts, await changes_since_seen(submission, reader, hide), await remarks_on(submission)


async def _posts(submission: Submission, reader: Person, access: ReviewAccess, hide: Mask) -> list[ShownPost] | None:
    if not access.sees(Field.DISCUSSION):
        return None
    return await posts_of_submission(submission.id, reader, names=access.sees(Field.REVIEWERS), hide=hide)


async def _answered(submission: Submission) -> Answered | None:
    return (
        await Answered.objects()
        .where(Answered.submission == submission.id)
        .order_by(Answered.id, ascending=False)
        .first()
    )


async def changes_since_seen(submission: Submission, mentor: Person, hide: Mask) -> Changes:
    """Return word diffs by section against the version that ``mentor`` reviewed before, else the previous one."""
    earlier = (
        await Submission.objects()
        .where(
            (Submission.project == submission.project) & (Submission.number < submission.number) & Submission.standing()
        )
        .order_by(Submission.number, ascending=False)
    )
    if not earlier:
        return {}
    mine = {
        r["submission"]
        for r in await Review.select(Review.submission).where(
            (Review.mentor == mentor.id) & Review.submission.is_in([s.id for s in earlier])
        )
    }
    seen = next((s for s in earlier if s.id in mine), earlier[0])
    before = frozen_texts(seen)
    return {
        key: diff(hide(before[key]), hide(text))
        for key, text in frozen_texts(submission).items()
        if key in before and before[key] != text
    }
