"""The form of a review: reading it, checking it before it is sent, and filling it from a draft."""

from dataclasses import replace
from typing import Any

from incubator.core import limits
from incubator.core.languages import localized
from incubator.http.forms import Form
from incubator.programme.tables import Criterion
from incubator.reviews.outcomes import OUTCOMES
from incubator.reviews.reviewing.advice_check import Concerns, JudgedCriterion, concerns
from incubator.reviews.reviewing.review import CONFIDENCES, NOT_APPLICABLE, Opinion, notes_in
from incubator.reviews.reviewing.review_view import ReviewCase
from incubator.reviews.scoring.scores import Mark, coverage


def opinion_from(form: Form, rubric: list[Criterion]) -> Opinion:
    """Read the form; levels that the rubric does not have are ignored."""
    levels: dict[int, int | None] = {}
    for criterion in rubric:
        value = form.value(f"level-{criterion.key}")
        if value == NOT_APPLICABLE:
            levels[criterion.id] = None
        elif value in {str(v) for v in range(criterion.lowest, criterion.highest + 1)}:
            levels[criterion.id] = int(value)
    return Opinion(
        levels=levels,
        advice=form.text("advice", longest=limits.ADVICE, lines=True),
        note=form.text("note", longest=limits.REVIEW_NOTE, lines=True),
        recommendation=form.choice("recommendation", OUTCOMES, required=False),
        confidence=int(form.choice("confidence", CONFIDENCES, required=False) or 0) or None,
        notes={
            name.removeprefix("note-"): form.text(name, longest=limits.SECTION_NOTE, lines=True)
            for name in form.names()
            if name.startswith("note-")
        },
    )


def concerns_about(opinion: Opinion, rubric: list[Criterion]) -> Concerns:
    """Return concerns before sending: would the team know what to do next, and is the score about the whole rubric?"""
    found = concerns(
        opinion.advice,
        opinion.notes.values(),
        [
            JudgedCriterion(
                localized(c, "title"), f"{c.title_ru} {c.title_en} {c.hint_ru} {c.hint_en}",
                opinion.levels.get(c.id), c.lowest, c.highest,
            )
            for c in rubric
        ],
    )  # fmt: skip
    gaps = gaps_in(opinion, rubric)
    return replace(found, unanswered=gaps.unanswered, coverage=gaps.coverage)


def gaps_in(opinion: Opinion, rubric: list[Criterion]) -> Concerns:
    """Return only which criteria the review answers "not applicable", and how much of the weight it answers."""
    levels = opinion.levels
    return Concerns(
        is_empty_praise=False,
        unexplained=(),
        unanswered=tuple(localized(c, "title") for c in rubric if c.id in levels and levels[c.id] is None),
        coverage=coverage(Mark(c.weight, c.highest, levels.get(c.id), c.lowest) for c in rubric),
    )


async def form_of(case: ReviewCase) -> Form:
    review = case.review
    if review is None:
        return Form(version=0)
    keys = {c.id: c.key for c in case.rubric}
    given: dict[str, Any] = {
        f"level-{keys[i]}": NOT_APPLICABLE if v is None else v for i, v in case.levels.items() if i in keys
    }
    given |= {f"note-{key}": text for key, text in (await notes_in(review)).items()}
    return Form(
        version=review.version, advice=review.advice, note=review.note, recommendation=review.recommendation,
        confidence=review.confidence or "", **given,
    )  # fmt: skip
