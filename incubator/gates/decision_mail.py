"""The mail to a team about a decision."""

from typing import Any

from incubator.core.languages import _, override_locale
from incubator.programme.stages import stage_title
from incubator.projects.deadline import Deadline
from incubator.projects.deadlines import deadline_in_words
from incubator.projects.document import frozen_parts
from incubator.projects.tables import Submission
from incubator.reviews.tables import Decision, Remark


async def letter_of(
    state: str, stage: str, submission: Submission, decision: Decision, deadline: Deadline | None, locale: str
) -> tuple[str, list[str], dict[str, Any]]:
    """Return the mail's key, the paragraphs after its body, and the values of its placeholders.

    ``state`` and ``stage`` are the project's after the release, ``deadline`` is for the round
    that begins then. Written for a fifteen-year-old: what is good, what is missing, remark by
    remark, until when, and what to do next.
    """
    key = "graduated" if state == "graduated" else decision.outcome
    with override_locale(locale):
        titles = {part.key: part.title for part in frozen_parts(submission)}
        remarks = await Remark.objects().where(Remark.decision == decision.id).order_by(Remark.id)
        lines = [f"• {titles.get(r.key, '')}: {r.text}" for r in remarks]
        paragraphs = [decision.reason]
        if lines:
            paragraphs.append("\n".join([_("Что поправить:"), *lines]))
        if decision.next_step:
            paragraphs.append(_("Что дальше: %(step)s", step=decision.next_step))
        if until := deadline_in_words(stage, deadline):
            paragraphs.append(until)
        return key, paragraphs, {"title": submission.title, "stage": stage_title(stage)}
