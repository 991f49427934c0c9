"""Reminding mentors three days before a review is due, on the day, and three days after; never while they are away."""

from datetime import date, timedelta

from incubator.core.clock import today
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.tables import Submission
from incubator.reviews.tables import Assignment, Away

BEFORE, AFTER = timedelta(days=3), timedelta(days=3)
#: Mail templates of the first, second and third reminder.
MAILS = ("reminder_before", "reminder_due", "reminder_late")


def due_reminder(due_on: date, on: date) -> int:
    """Return how many reminders should have been sent by ``on``: 0–3."""
    if on >= due_on + AFTER:
        return 3
    if on >= due_on:
        return 2
    return 1 if on >= due_on - BEFORE else 0


async def remind() -> int:
    """Remind whoever is due, by events that ``audiences.py`` turns into mails; return how many. Safe to run anywhere at any time: each is sent once.

    After a delay only the reminder that is right today is sent, not all three.
    """
    on = today()
    rows = await Assignment.objects(Assignment.submission, Assignment.mentor).where(
        Assignment.waiting() & (Assignment.due_on <= on + BEFORE) & (Assignment.reminders < len(MAILS))
    )
    away = {r["mentor"] for r in await Away.select(Away.mentor).where((Away.starts_on <= on) & (Away.ends_on >= on))}
    count = 0
    for a in rows:
        number = due_reminder(a.due_on, on)
        if a.mentor.id not in away and number > a.reminders:
            count += await _send(a, a.submission, a.mentor, number)
    return count


async def _send(assignment: Assignment, submission: Submission, mentor: Person, number: int) -> bool:
    async with writing():
        claimed = (
            await Assignment.update({Assignment.reminders: number})
            .where(
                (Assignment.id == assignment.id) & (Assignment.reminders == assignment.reminders) & Assignment.open()
            )
            .returning(Assignment.id)
        )
        if not claimed:
            return False
        await record(
            Happened.REMINDED, by=None, project=submission.project, submission=submission.id, subject=mentor.id,
            number=number, assignment=assignment.id,
        )  # fmt: skip
        return True
