"""Whom it concerns what becomes of a submission and its assignments: mentors and organisers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from incubator.core.formatting import day
from incubator.core.languages import _, override_locale
from incubator.db.conditions import Condition
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, NothingLeft, Reader, Whom, data_of, language_for, readers
from incubator.people.tables import Person
from incubator.projects.audiences import office_of
from incubator.projects.tables import Submission
from incubator.reviews.access.masks import title_for_mentors
from incubator.reviews.assignment.endings import Ending, ending_for_mentors
from incubator.reviews.assignment.reminders import MAILS
from incubator.reviews.outcomes import outcome_in_words
from incubator.reviews.tables import Assignment, Decision, Review
from incubator.reviews.told_decisions import since_told


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


async def who_is_asked(event: Event) -> Sequence[Reader]:
    """The mentor who was asked for a review, with its last day, as long as it is awaited."""
    asked = data_of(event).get("assignment")
    assignment = (
        await Assignment.objects(Assignment.mentor).where((Assignment.id == asked) & Assignment.waiting()).first()
    )
    if assignment is None:
        return []
    title, due = await title_for_mentors(await submission_of(event)), assignment.due_on
    return readers([assignment.mentor], f"/reviews/{assignment.id}", title=title, day=lambda: day(due))


async def whose_days_moved(event: Event) -> Sequence[Reader]:
    """The mentor whose last days moved with the season's, with each review that is awaited and has that day still."""
    days_said = {int(assignment): day_said for assignment, day_said in data_of(event).get("days", {}).items()}
    rows = await Assignment.objects(Assignment.mentor, Assignment.submission).where(
        Assignment.id.is_in([*days_said] or [0]) & Assignment.waiting()
    ).order_by(Assignment.due_on, Assignment.id)  # fmt: skip
    asked = [row for row in rows if row.due_on.isoformat() == days_said[row.id]]
    titled = [(await title_for_mentors(row.submission), row.due_on) for row in asked]

    def days() -> list[str]:
        return [_("«%(title)s» – до %(day)s", title=title or _("без названия"), day=day(due)) for title, due in titled]

    return readers([row.mentor for row in asked[:1]], "/desk", days)


def who_was_reminded(number: int) -> Whom:
    """Return the audience of reminder ``number``: its mentor, as long as the review is awaited."""

    async def who_is_reminded(event: Event) -> Sequence[Reader]:
        return await who_is_asked(event) if data_of(event).get("number") == number else []

    return who_is_reminded


async def who_was_taken_off(event: Event) -> Sequence[Reader]:
    """The mentor whose assignment ended, with the cause and the way to their draft, unless they are asked again."""
    data = data_of(event)
    mentor = data.get("former", event.subject_id)
    return await _taken_off(await submission_of(event), Assignment.mentor == mentor, ended=data.get("ended"))


def who_waited(ending: Ending) -> Whom:
    """Return the audience of a submission that left review undecided: the mentors who still owed a review."""

    async def who_is_free(event: Event) -> Sequence[Reader]:
        submission = await _closed_by(event)
        return await mentors_set_free(submission, ending) if submission else []

    return who_is_free


async def _closed_by(event: Event) -> Submission | None:
    """Return the submission that left review with ``event``, if there was one."""
    closed = data_of(event).get("closed", event.submission_id)
    return await Submission.objects().get(Submission.id == closed) if closed else None


async def mentors_set_free(submission: Submission, ending: Ending) -> list[Reader]:
    """Return the mentors whose assignments ended with the submission's review before they had sent theirs.

    Of a deleted project, all: what they sent is gone as well.
    """
    everybody = await _taken_off(submission, Assignment.cancel_code == ending.value)
    if ending is Ending.DELETED:
        return [replace(reader, link="") for reader in everybody]
    sent = {assignment.mentor.id for assignment in await _asked(submission, has_sent=True)}
    return [reader for reader in everybody if reader.person.id not in sent]


async def _taken_off(submission: Submission, which: Condition, *, ended: int | None = None) -> list[Reader]:
    """Return the mentors whose last assignment is among ``which`` and over; ``ended``: the one that is meant."""
    rows = (
        await Assignment.objects(Assignment.mentor)
        .where((Assignment.submission == submission.id) & Assignment.declined_at.is_null() & which)
        .order_by(Assignment.id)
    )
    last = {row.mentor.id: row for row in rows}
    drafts = {
        row["assignment"]
        for row in await Review.select(Review.assignment).where(Review.assignment.is_in([r.id for r in rows] or [0]))
    }
    title = await title_for_mentors(submission)
    return [
        reader
        for row in last.values()
        if not row.is_open and ended in (None, row.id)
        for reader in readers(
            [row.mentor], _draft_page(row, drafts), title=title,
            reason=lambda code=row.cancel_code: ending_for_mentors(code),
        )
    ]  # fmt: skip


def _draft_page(assignment: Assignment, drafts: set[int]) -> str:
    """Return where the mentor reads their draft; empty if there is none, or the page is not theirs any more."""
    is_shown = assignment.id in drafts and assignment.cancel_code != Ending.ROLE_TAKEN
    return f"/reviews/{assignment.id}" if is_shown else ""


def who_reviewed(ending: Ending) -> Whom:
    """Return the audience of a submission that left review undecided: the mentors who had sent their review."""

    async def who_is_thanked(event: Event) -> Sequence[Reader]:
        submission = await _closed_by(event)
        if submission is None or not submission.is_taken_back:
            return []
        title = await title_for_mentors(submission)
        return [
            reader
            for assignment in await _asked(submission, has_sent=True)
            if assignment.cancel_code == ending.value
            for reader in readers(
                [assignment.mentor], f"/reviews/{assignment.id}", title=title, reason=lambda: ending_for_mentors(ending)
            )
        ]  # fmt: skip

    return who_is_thanked


async def who_helped_to_decide(event: Event) -> Sequence[Reader]:
    """Mentors who had sent their review, with the announced outcome, as long as it stands."""
    submission = await submission_of(event)
    decision = (
        await Decision.objects().where((Decision.id == data_of(event).get("decision")) & Decision.released()).first()
    )
    if decision is None:
        return []
    if event.happened == Happened.DECISION_CORRECTED and (await since_told(decision))[0] == decision.outcome:
        return []
    title, outcome = await title_for_mentors(submission), decision.outcome
    return [
        reader
        for assignment in await _asked(submission, has_sent=True)
        for reader in readers(
            [assignment.mentor], f"/reviews/{assignment.id}", title=title, outcome=lambda: outcome_in_words(outcome)
        )
    ]


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


async def office(event: Event, **values: Any) -> Sequence[Reader]:
    """Return the organisers outside the team, at the submission of the event."""
    submission = await submission_of(event)
    return readers(
        await office_of(submission.project), f"/organiser/submissions/{submission.id}", title=submission.title, **values
    )


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
    return await office(event, name=mentor.name, reason=str(data_of(event).get("reason") or "–"))


async def office_until_asked_again(event: Event) -> Sequence[Reader]:
    """Organisers, with the mentor who declined and why, until the decision or until the mentor reviews it after all."""
    return [] if await _is_asked(event) else await office_until_decided(event)


async def office_while_reviewing(event: Event) -> Sequence[Reader]:
    """Organisers, with the mentor who reviews it after all, until the decision."""
    return await office_until_decided(event) if await _is_asked(event) else []


async def _is_asked(event: Event) -> bool:
    """Return whether the event's mentor is asked to review its submission now."""
    return await Assignment.exists().where(
        (Assignment.submission == event.submission_id)
        & (Assignment.mentor == (event.subject_id or event.actor_id))
        & Assignment.open()
    )


async def office_without_mentor(event: Event) -> Sequence[Reader]:
    """Organisers, with the mentor who was taken off without them and why, until the decision or until they are asked again."""
    code = str(data_of(event).get("code", ""))
    if await _is_asked(event):
        return []
    return [
        Reader(reader.person, reader.link, reader.values | {"reason": _in_language_of(reader.person, code)})
        for reader in await office_until_decided(event)
    ]


def _in_language_of(person: Person, code: str) -> str:
    with override_locale(language_for(person)):
        return ending_for_mentors(code)


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

#: Events with which a submission leaves review undecided.
_CLOSED = {
    Happened.TAKEN_BACK: Ending.TAKEN_BACK,
    Happened.LEFT: Ending.LEFT,
    Happened.WITHDRAWN: Ending.WITHDRAWN,
    Happened.DELETION_PLANNED: Ending.WITHDRAWN,
    Happened.PROJECTS_MERGED: Ending.MERGED,
    Happened.DECISION_CORRECTED: Ending.CORRECTED,
}

#: What changes about a review is told at once: its mentor would go on with what is over.
AUDIENCES = (
    Audience(Happened.ASSIGNED, who_is_asked, "assignment", "assignments", is_urgent=True),
    Audience(Happened.REASSIGNED, who_is_asked, "assignment", "assignments", is_urgent=True),
    *(
        Audience(Happened.REMINDED, who_was_reminded(number), mail, "reminders", is_urgent=True)
        for number, mail in enumerate(MAILS, start=1)
    ),
    Audience(Happened.DUE_DATES_MOVED, whose_days_moved, "due_dates_moved", "assignments", is_urgent=True),
    *(
        Audience(happened, who_waited(ending), "withdrawn", "assignments", is_urgent=True)
        for happened, ending in _CLOSED.items()
    ),
    *(
        Audience(
            happened, who_reviewed(ending),
            "taken_back" if ending is Ending.TAKEN_BACK else "closed_after_review", "assignments", is_urgent=True,
        )
        for happened, ending in _CLOSED.items()
    ),
    *(
        Audience(happened, who_helped_to_decide, "outcome", "assignments", is_urgent=True)
        for happened in _RELEASED
    ),
    Audience(
        Happened.DECISION_CORRECTED, who_helped_to_decide, "outcome_corrected", "assignments", is_urgent=True
    ),
    *(
        Audience(happened, who_need_not_review, "decided_without", "assignments", is_urgent=True)
        for happened in _RELEASED
    ),
    Audience(Happened.ASSIGNMENT_CANCELLED, who_was_taken_off, "withdrawn", "assignments", is_urgent=True),
    Audience(Happened.ASSIGNMENT_WITHDRAWN, who_was_taken_off, "withdrawn", "assignments", is_urgent=True),
    Audience(Happened.REASSIGNED, who_was_taken_off, "withdrawn", "assignments", is_urgent=True),
    Audience(Happened.SUBMITTED, office_until_assigned, "submitted", "submissions"),
    Audience(Happened.DECLINED, office_until_asked_again, "declined", "organising"),
    Audience(Happened.RECONSIDERED, office_while_reviewing, "reconsidered", "organising"),
    Audience(Happened.ASSIGNMENT_WITHDRAWN, office_without_mentor, "unassigned", "organising"),
    Audience(Happened.REMINDED, office_about_late_review, "review_late", "organising"),
)  # fmt: skip
