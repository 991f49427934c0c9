"""The data for the page of one review, as far as its mentor may see it."""

from collections.abc import Iterator
from dataclasses import dataclass

from incubator.http.lookup import get_or_404
from incubator.http.prose import Prose, prose_of
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of
from incubator.programme.tables import Criterion
from incubator.projects.details import competencies_in_words
from incubator.projects.differences import Difference, differences
from incubator.projects.document import Frozen, frozen_parts
from incubator.projects.tables import Project, Submission
from incubator.reviews.access.files import with_files_seen
from incubator.reviews.access.masking import NO_MASK, Mask
from incubator.reviews.access.masks import masked, masks_for
from incubator.reviews.access.review_access import Seen, review_access_of, seen_reviews
from incubator.reviews.access.visibility import Field, ReviewAccess
from incubator.reviews.assignment.endings import ending_for_mentors
from incubator.reviews.reviewing.desk import usual_for
from incubator.reviews.reviewing.discussion import ShownPost, people_to_call, posts_of_submission
from incubator.reviews.reviewing.remarks import remarks_on
from incubator.reviews.reviewing.review import notes_in
from incubator.reviews.reviewing.threads_shown import Threads, threads_for_mentor
from incubator.reviews.rubric import Anchored, anchored
from incubator.reviews.scoring.scores import Mark, coverage
from incubator.reviews.tables import DECLINED, Answered, Assignment, Decision, Remark, Review

#: Word diffs by section.
Changes = dict[str, Difference]


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
    def marks(self) -> dict[int, Mark]:
        """Return the criteria that the review answers, also as not applicable, by id."""
        return {
            c.id: Mark(c.weight, c.highest, self.levels[c.id], c.lowest) for c in self.rubric if c.id in self.levels
        }

    @property
    def coverage(self) -> float:
        """Return how much of the rubric's weight the review answers, 0–1."""
        return coverage(Mark(c.weight, c.highest, self.levels.get(c.id), c.lowest) for c in self.rubric)

    @property
    def is_sent(self) -> bool:
        return self.review is not None and self.review.is_sent

    @property
    def is_over(self) -> bool:
        """Return whether the assignment has ended, or the team withdrew the submission."""
        return not self.assignment.is_open or self.submission.is_taken_back

    @property
    def why_over(self) -> str:
        """Return why the submission left review while it waited for this review; empty if it did not, or nothing is known."""
        code = self.assignment.cancel_code
        return ending_for_mentors(code) if self.submission.is_taken_back and code else ""

    @property
    def may_reconsider(self) -> bool:
        """Return whether the mentor declined a submission that may still need them."""
        return self.assignment.ended == DECLINED and not self.submission.is_taken_back


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
    competencies: list[str]
    """What the project exercises, in the reader's language."""
    is_closed: bool
    """The review can no longer change."""
    parts: list[Frozen]
    changes: Changes
    remarks: list[Remark]
    threads: Threads
    """What was said below them."""
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
    own_notes: list[tuple[str, str]]
    """Titles of sections and the mentor's notes on them, if the assignment has ended."""
    prose: Prose
    """HTML of the decision and the team's reply, and of the mentor's own words if the assignment has ended."""


async def review_view(case: ReviewCase, reader: Person) -> ReviewView:
    """Return what ``reader``, the mentor of the case, may currently see of it."""
    submission = case.submission
    project = get_or_404(
        await Project.objects(Project.season, Project.cluster, Project.municipality, Project.organisation).get(
            Project.id == submission.project
        )
    )
    decision = await Decision.objects().where(Decision.standing_on(submission.id)).first()
    access = await review_access_of(reader, submission)
    hide = (await masks_for([project.id])).get(project.id, NO_MASK)
    parts, changes, remarks = await _text(submission, reader, access, hide) if access.sees(Field.TEXT) else ([], {}, [])
    answered = await _answered(submission) if access.sees(Field.ANSWER) else None
    own_notes = await _own_notes(submission, case.review) if case.is_over else []
    return ReviewView(
        case=case,
        submission=submission,
        project=project,
        access=access,
        hide=hide,
        title=hide(submission.title),
        competencies=await competencies_in_words(project.id),
        is_closed=case.is_over or decision is not None,
        parts=parts,
        changes=changes,
        remarks=remarks,
        threads=await threads_for_mentor(submission, reader, access, hide, remarks),
        rubric=[anchored(criterion) for criterion in case.rubric],
        confidence=project.season.confidence,
        minutes=await usual_for(reader) or (await rules_of(project.season.id))[submission.stage].review_minutes,
        others=[seen for seen in await seen_reviews(submission, access, reader) if not seen.is_own],
        decision=decision if access.sees(Field.DECISION) else None,
        answered=answered,
        posts=await _posts(submission, reader, access, hide),
        people=[person.name for person in await people_to_call(submission, reader, access)],
        own_notes=own_notes,
        prose=await prose_of([*_said(decision, answered), *_own_words(case, own_notes)]),
    )


async def _text(
    submission: Submission, reader: Person, access: ReviewAccess, hide: Mask
) -> tuple[list[Frozen], Changes, list[Remark]]:
    """Return the sections, their changes, and the remarks that they had to address."""
    parts = _read(submission, access, hide)
    return parts, await changes_since_seen(submission, reader, access, hide), await remarks_on(submission)


def _read(submission: Submission, access: ReviewAccess, hide: Mask) -> list[Frozen]:
    return with_files_seen(masked(frozen_parts(submission), hide), access)


def _said(decision: Decision | None, answered: Answered | None) -> Iterator[str]:
    if decision:
        yield decision.reason
    if answered:
        yield answered.text


def _own_words(case: ReviewCase, notes: list[tuple[str, str]]) -> Iterator[str]:
    if case.is_over and case.review:
        yield case.review.advice
        yield from (text for _title, text in notes)


async def _own_notes(submission: Submission, review: Review | None) -> list[tuple[str, str]]:
    notes = await notes_in(review) if review else {}
    return [(part.title, notes[part.key]) for part in frozen_parts(submission) if part.key in notes]


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


async def changes_since_seen(submission: Submission, mentor: Person, access: ReviewAccess, hide: Mask) -> Changes:
    """Return what changed, by section, since the version that ``mentor`` reviewed before, else the previous one."""
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
    return differences(_read(seen, access, hide), _read(submission, access, hide))
