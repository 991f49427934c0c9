"""Whom it concerns what becomes of a submission and its assignments: mentors and organisers."""

from collections.abc import Sequence

from incubator.core.languages import _
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, NothingLeft, Reader, data_of, readers
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.tables import Submission
from incubator.reviews.access.masks import title_for_mentors
from incubator.reviews.assignment.reminders import MAILS
from incubator.reviews.tables import Assignment, Decision, Review


async def submission_of(event: Event) -> Submission:
    """Return the submission of ``event``."""
    submission = await Submission.objects().get(Submission.id == event.submission_id)
    if submission is None:
        raise NothingLeft
    return submission


async def _asked(submission: Submission, *, has_sent: bool) -> list[Assignment]:
    """Return the assignments of mentors who did not decline, and who have sent their review or have not."""
    rows = await Assignment.objects(Assignment.mentor).where(
        (Assignment.submission == submission.id) & Assignment.declined_at.is_null()
    )
    sent = {
        row["assignment"]
        for row in await Review.select(Review.assignment).where((Review.submission == submission.id) & Review.sent())
    }
    return [row for row in rows if (row.id in sent) is has_sent]


async def who_reviewed(event: Event) -> Sequence[Reader]:
    """Mentors who had sent their review of a version that the team then took back, also by leaving the programme."""
    if event.submission_id is None:
        return []
    submission = await submission_of(event)
    title = await title_for_mentors(submission)
    return [
        reader
        for assignment in await _asked(submission, has_sent=True)
        for reader in readers([assignment.mentor], f"/reviews/{assignment.id}", title=title)
    ]


async def who_helped_to_decide(event: Event) -> Sequence[Reader]:
    """Mentors who had sent their review, with the announced outcome."""
    submission = await submission_of(event)
    decision = await Decision.objects().where((Decision.submission == submission.id) & Decision.released()).first()
    if decision is None:
        return []
    title, outcome = await title_for_mentors(submission), decision.outcome
    return [
        reader
        for assignment in await _asked(submission, has_sent=True)
        for reader in readers(
            [assignment.mentor], f"/reviews/{assignment.id}", title=title, outcome=lambda: _announced(outcome)
        )
    ]


def _announced(outcome: str) -> str:
    return {
        "advance": _("рубеж пройден"),
        "return": _("вернуть на доработку"),
        "stop": _("проект остановлен"),
    }[outcome]


async def who_need_not_review(event: Event) -> Sequence[Reader]:
    """Mentors who were still asked when the decision was announced."""
    submission = await submission_of(event)
    title = await title_for_mentors(submission)
    return [
        reader
        for assignment in await _asked(submission, has_sent=False)
        if assignment.is_open
        for reader in readers([assignment.mentor], "/desk", title=title)
    ]


async def office(event: Event, **values: object) -> Sequence[Reader]:
    """Return every organiser, at the submission of the event."""
    submission = await submission_of(event)
    return readers(
        await people_who_may(StaffAction.ORGANISE), f"/organiser/submissions/{submission.id}",
        title=submission.title, **values,
    )  # fmt: skip


async def office_until_assigned(event: Event) -> Sequence[Reader]:
    """Organisers, as long as the version is in review and nobody is asked to review it."""
    submission = await submission_of(event)
    asked = await Assignment.exists().where((Assignment.submission == submission.id) & Assignment.open())
    if submission.is_taken_back or asked or await _is_decided(submission):
        return []
    return await office(event, number=str(submission.number))


async def office_until_decided(event: Event) -> Sequence[Reader]:
    """Organisers, with the mentor's name and reason, until the decision."""
    submission = await submission_of(event)
    mentor = await Person.objects().get(Person.id == (event.subject_id or event.actor_id))
    if submission.is_taken_back or mentor is None or await _is_decided(submission):
        return []
    return await office(event, name=mentor.name, reason=str(data_of(event).get("reason") or "—"))


async def office_about_late_review(event: Event) -> Sequence[Reader]:
    """Organisers, after the last reminder, while the review is still awaited."""
    is_awaited = await Assignment.exists().where(
        (Assignment.submission == event.submission_id) & (Assignment.mentor == event.subject_id) & Assignment.waiting()
    )
    if data_of(event).get("number") != len(MAILS) or not is_awaited:
        return []
    return await office_until_decided(event)


async def _is_decided(submission: Submission) -> bool:
    return await Decision.exists().where(Decision.submission == submission.id)


_RELEASED = (Happened.ADVANCED, Happened.RETURNED, Happened.STOPPED, Happened.GRADUATED)

AUDIENCES = (
    *(Audience(happened, who_helped_to_decide, "outcome", "assignments") for happened in _RELEASED),
    Audience(Happened.DECISION_CORRECTED, who_helped_to_decide, "outcome", "assignments"),
    *(Audience(happened, who_need_not_review, "decided_without", "assignments") for happened in _RELEASED),
    Audience(Happened.TAKEN_BACK, who_reviewed, "taken_back", "assignments"),
    Audience(Happened.LEFT, who_reviewed, "taken_back", "assignments"),
    Audience(Happened.WITHDRAWN, who_reviewed, "taken_back", "assignments"),
    Audience(Happened.SUBMITTED, office_until_assigned, "submitted", "submissions"),
    Audience(Happened.DECLINED, office_until_decided, "declined", "organising"),
    Audience(Happened.RECONSIDERED, office_until_decided, "reconsidered", "organising"),
    Audience(Happened.ASSIGNMENT_WITHDRAWN, office_until_decided, "unassigned", "organising"),
    Audience(Happened.REMINDED, office_about_late_review, "review_late", "organising"),
)
