"""A mentor's review: saved as it is typed, sent when complete, editable until the decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from incubator.core.clock import now
from incubator.core.languages import _, localized
from incubator.core.refusals import Refusal
from incubator.core.visible import says_something
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.presets import Confidence
from incubator.programme.tables import Criterion
from incubator.projects.access import require
from incubator.projects.document import frozen_texts
from incubator.projects.locking import lock_project_of
from incubator.projects.tables import Member, Project, Submission
from incubator.reviews.assignment.next_best import propose_next
from incubator.reviews.outcomes import OUTCOMES
from incubator.reviews.review_statistics import store_summaries
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Decision, Review, ReviewScore, SectionNote

#: 1 a guess, 2 fairly sure, 3 an expert in this field.
CONFIDENCES = ("1", "2", "3")
#: The form value for "not applicable".
NOT_APPLICABLE = "na"


@dataclass(frozen=True, slots=True)
class Opinion:
    """The contents of a review. ``levels``: by criterion id; None: not applicable; absent: not yet scored."""

    levels: dict[int, int | None]
    advice: str
    note: str
    recommendation: str
    confidence: int | None = None
    """1–3, see ``Review.confidence``; None: not said."""
    notes: dict[str, str] = field(default_factory=dict)
    """Notes on single sections, by key; blank ones are ignored."""


class ReviewStale(Refusal):
    """Another tab or device has saved this review; ``version`` is the stored one (0: nothing)."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Эту рецензию сохранили в другой вкладке. Откройте её заново, чтобы ничего не потерять."))
        self.version = version


async def assignment_for(mentor: Person, assignment_id: int) -> Assignment | None:
    """Return the mentor's own assignment with its submission; None for others'.

    One that has ended is returned as well: its page says so, and shows the mentor what they had written.
    """
    return (
        await Assignment.objects(Assignment.submission)
        .where((Assignment.id == assignment_id) & (Assignment.mentor == mentor.id))
        .first()
    )


async def successor_of(assignment: Assignment) -> int | None:
    """Return the id of the open assignment of the same mentor to the same submission, if this one has ended."""
    if assignment.is_open:
        return None
    same = (Assignment.submission == assignment.submission.id) & (Assignment.mentor == assignment.mentor)
    row = await Assignment.select(Assignment.id).where(same & Assignment.open()).first()
    return row["id"] if row else None


async def review_of(assignment: Assignment) -> Review | None:
    return await Review.objects().where(Review.assignment == assignment.id).first()


async def levels_of(review: Review) -> dict[int, int | None]:
    rows = await ReviewScore.select(ReviewScore.criterion, ReviewScore.level).where(ReviewScore.review == review.id)
    return {row["criterion"]: row["level"] for row in rows}


async def save_review(assignment: Assignment, opinion: Opinion, *, version: int, by: Person) -> Review:
    """Save the draft, or change a sent review; ``version`` is what was read (0: none yet).

    Raises ReviewStale if it was saved elsewhere in the meantime, Refusal once it was decided.
    """
    async with writing():
        submission = await require_open(assignment, by)
        review = await review_of(assignment)
        stands = review.version if review else 0
        if stands != version:
            raise ReviewStale(stands)
        if review and review.is_sent:
            await _require_whole(submission, opinion)
        return await _store(assignment, submission, review, opinion, by)


async def send_review(assignment: Assignment, opinion: Opinion, *, version: int, by: Person) -> Review:
    """Save and send. Raises Refusal with everything that is missing."""
    async with writing():
        submission = await require_open(assignment, by)
        await _require_whole(submission, opinion)
        review = await save_review(assignment, opinion, version=version, by=by)
        if not review.is_sent:
            review.sent_at = now()
            await review.save([Review.sent_at])
            await store_summaries([submission.id])
            await propose_next(submission)  # one more reviewer if the reviews differ widely
            await record(Happened.REVIEW_SENT, by=by, project=submission.project, submission=submission.id)
        return review


async def require_open(assignment: Assignment, by: Person) -> Submission:
    """Lock the project and return the submission if ``by`` may still edit their review; else Refusal. In a transaction."""
    require(assignment.mentor == by.id)
    asked = await Assignment.select(Assignment.submission).where(Assignment.id == assignment.id)
    _project, submission = await lock_project_of(asked[0]["submission"]) if asked else (None, None)
    fresh = await Assignment.objects().get(Assignment.id == assignment.id)
    if submission is None or fresh is None or not fresh.is_open:
        raise Refusal(_("Это назначение отменено"))
    if submission.is_taken_back:
        raise Refusal(_("Эту заявку сняли с рецензии"))
    if await Member.exists().where((Member.project == submission.project) & (Member.person == by.id)):
        raise Refusal(
            _("Вы теперь в этой команде, а своих не рецензируют. То, что вы отправили раньше, осталось как было.")
        )
    if await Decision.exists().where(Decision.submission == submission.id):
        raise Refusal(_("Рецензии уже разбирает организатор: изменить эту нельзя"))
    return submission


def missing_words(opinion: Opinion, rubric: Sequence[Criterion], confidence: Confidence) -> dict[str, str]:
    """Return what a review lacks to be sent, as sentences by the name of the form's field; empty if it is whole."""
    missing = {
        f"level-{criterion.key}": _("Оцените критерий «%(title)s»", title=localized(criterion, "title"))
        for criterion in rubric
        if criterion.id not in opinion.levels
    }
    if not says_something(opinion.advice):
        missing["advice"] = _("Напишите совет команде")
    if opinion.recommendation not in OUTCOMES:
        missing["recommendation"] = _("Выберите рекомендацию")
    if opinion.confidence is None and confidence is Confidence.WEIGHED:
        missing["confidence"] = _("Отметьте, насколько вы уверены: в этом сезоне от этого зависит вес рецензии")
    return missing


async def _require_whole(submission: Submission, opinion: Opinion) -> None:
    if missing := missing_words(opinion, await rubric_of(submission), await confidence_asked(submission)):
        raise Refusal(_("Рецензия не закончена"), tuple(missing.values()))


async def confidence_asked(submission: Submission) -> Confidence:
    """Return what the season does with the mentors' confidence."""
    rows = await Project.select(cast(Any, Project.season).confidence.as_alias("confidence")).where(
        Project.id == submission.project
    )
    return Confidence(rows[0]["confidence"])


async def is_as_stored(review: Review, opinion: Opinion) -> bool:
    """Return whether the stored review is this opinion, to the letter."""
    words = (review.advice, review.note, review.recommendation, review.confidence)
    return (
        words == (opinion.advice, opinion.note, opinion.recommendation, opinion.confidence)
        and await levels_of(review) == opinion.levels
        and await notes_in(review) == {key: text for key, text in opinion.notes.items() if says_something(text)}
    )


async def _store(
    assignment: Assignment, submission: Submission, review: Review | None, opinion: Opinion, by: Person
) -> Review:
    before = await levels_of(review) if review else {}
    review = await _store_words(assignment, submission, review, opinion, by)
    await _store_notes(submission, review, opinion)
    rubric = {c.id: c for c in await rubric_of(submission)}
    levels = {i: v for i, v in opinion.levels.items() if i in rubric and _fits(rubric[i], v)}
    if levels != before:
        await _replace_levels(review, levels)
    if review.is_sent:
        await store_summaries([submission.id])
    changed = {rubric[i].key: [before.get(i), v] for i, v in levels.items() if before.get(i, ...) != v}
    await record(
        Happened.REVIEW_CHANGED if review.is_sent else Happened.REVIEW_SAVED,
        by=by, project=submission.project, submission=submission.id, levels=changed, recommendation=opinion.recommendation,
    )  # fmt: skip
    return review


async def _store_words(
    assignment: Assignment, submission: Submission, review: Review | None, opinion: Opinion, by: Person
) -> Review:
    """Insert or update the review's own row. What a season does not ask any more stays as it was said."""
    values: dict[str, Any] = {
        "advice": opinion.advice,
        "note": opinion.note,
        "recommendation": opinion.recommendation,
        "changed_at": now(),
    }
    if await confidence_asked(submission) is not Confidence.NOT_ASKED:
        values["confidence"] = opinion.confidence
    if review is None:
        review = Review(assignment=assignment.id, submission=submission.id, mentor=by.id, **values)
    else:
        for name, value in values.items():
            setattr(review, name, value)
        review.version += 1
    await review.save()
    return review


async def _replace_levels(review: Review, levels: dict[int, int | None]) -> None:
    await ReviewScore.delete().where(ReviewScore.review == review.id)
    if levels:
        await ReviewScore.insert(*(ReviewScore(review=review.id, criterion=i, level=v) for i, v in levels.items()))


async def notes_in(review: Review) -> dict[str, str]:
    """Return a review's notes on sections as typed, by key."""
    rows = await SectionNote.select(SectionNote.key, SectionNote.text).where(SectionNote.review == review.id)
    return {row["key"]: row["text"] for row in rows}


async def _store_notes(submission: Submission, review: Review, opinion: Opinion) -> None:
    sections = frozen_texts(submission)
    notes = {key: text for key, text in opinion.notes.items() if says_something(text) and key in sections}
    if notes == await notes_in(review):
        return
    await SectionNote.delete().where(SectionNote.review == review.id)
    if notes:
        await SectionNote.insert(*(SectionNote(review=review.id, key=key, text=text) for key, text in notes.items()))


def _fits(criterion: Criterion, level: int | None) -> bool:
    return level is None or criterion.lowest <= level <= criterion.highest
