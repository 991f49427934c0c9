"""Concurrent calls of every verb on PostgreSQL: the same call twice at the same moment.

Each of the two returns a value or raises one of the errors for "somebody was faster"; the journal
says exactly what happened, and no row is duplicated. SQLite has only one writer, so there
the calls come one after the other (test_every_verb).
"""

import asyncio
from collections import Counter
from typing import Any

import pytest

from incubator.core.limits import STUDENTS
from incubator.core.refusals import Refusal
from incubator.db import AlreadyThere, TryAgain
from incubator.history.tables import Event
from incubator.people.tables import Consent, Grant, Session
from incubator.projects.permissions import STUDENT_ROLES
from incubator.projects.tables import Answer, Member, Project, Submission
from incubator.publication.tables import AwardGiven, Passage, Publication, PublicVersion
from incubator.reviews.tables import Assignment, Bid, Conflict, Decision, Proposed, Review
from tests.cast import Cast, make_cast
from tests.scale import scaled
from tests.stories.verbs import accounts, arranging, classroom, gate, programme, team
from tests.stories.verbs.table import Call, Room, Row

ROOMS = {
    "accounts": accounts,
    "classroom": classroom,
    "programme": programme,
    "team": team,
    "arranging": arranging,
    "gate": gate,
}
HONEST = (Refusal, AlreadyThere, TryAgain)


@pytest.mark.parametrize("lag", range(scaled(10)))
@pytest.mark.parametrize("name", ROOMS)
async def test_every_verb_against_itself(postgres: Any, name: str, lag: int) -> None:
    """``lag``: iterations of the event loop between the first and the second call."""
    cast = await make_cast()
    room: Room = ROOMS[name].room
    assert room.rows
    faults = [fault for row in room.rows for fault in await _faults(row, cast, lag)]
    assert not faults, "\n".join(faults)


async def _faults(row: Row, cast: Cast, lag: int) -> list[str]:
    """Return what went wrong when the verb of this row was called twice at once."""
    call = await row.prepare(cast)
    before = await _last_event()
    outcomes = await asyncio.gather(call(), _after(lag, call), return_exceptions=True)
    new = await Event.select(Event.happened).where(Event.id > before).order_by(Event.id)
    told, expected = Counter(each["happened"] for each in new), Counter(each.value for each in row.told)
    faults = [
        f"{row.name}: {outcome!r}"
        for outcome in outcomes
        if isinstance(outcome, BaseException) and not isinstance(outcome, HONEST)
    ]
    if told != expected:
        faults.append(f"{row.name}: the journal says {dict(told)}, not {dict(expected)}; {outcomes!r}")
    if all(isinstance(outcome, BaseException) for outcome in outcomes):
        faults.append(f"{row.name}: neither came through: {outcomes!r}")
    return faults + [f"{row.name}: {broken}" for broken in await _broken()]


async def _after(turns: int, call: Call) -> Any:
    for _turn in range(turns):
        await asyncio.sleep(0)
    return await call()


async def _last_event() -> int:
    row = await Event.select(Event.id).order_by(Event.id, ascending=False).first()
    return row["id"] if row else 0


#: Table, columns that must be unique, and among which rows.
ONLY_ONE: list[tuple[Any, tuple[Any, ...], Any]] = [
    (Member, (Member.project, Member.person), Member.id > 0),
    (Member, (Member.project,), Member.role == "captain"),
    (Member, (Member.project,), Member.role == "teacher"),
    (Consent, (Consent.person, Consent.purpose), Consent.holding()),
    (Grant, (Grant.person, Grant.role, Grant.scope, Grant.scope_id), Grant.holding()),
    (Session, (Session.token_hash,), Session.id > 0),
    (Answer, (Answer.project, Answer.key), Answer.id > 0),
    (Submission, (Submission.project, Submission.number), Submission.id > 0),
    (Assignment, (Assignment.submission, Assignment.mentor), Assignment.open()),
    (Review, (Review.assignment,), Review.id > 0),
    (Decision, (Decision.submission,), Decision.standing()),
    (Conflict, (Conflict.project, Conflict.mentor, Conflict.declared_by), Conflict.in_force()),
    (Proposed, (Proposed.submission, Proposed.mentor), Proposed.id > 0),
    (Bid, (Bid.mentor, Bid.project), Bid.id > 0),
    (Publication, (Publication.project,), Publication.id > 0),
    (PublicVersion, (PublicVersion.submission,), PublicVersion.id > 0),
    (Passage, (Passage.project, Passage.text, Passage.key, Passage.person), Passage.id > 0),
    (AwardGiven, (AwardGiven.project, AwardGiven.award), AwardGiven.id > 0),
]


async def _broken() -> list[str]:
    """Return the violated invariants."""
    found = []
    for table, columns, among in ONLY_ONE:
        rows = await table.select(*columns).where(among)
        doubled = {key: n for key, n in Counter(tuple(row.values()) for row in rows).items() if n > 1}
        if doubled:
            found.append(f"{table.__name__} by {[column._meta.name for column in columns]}: {doubled}")
    students = await Member.select(Member.project).where(Member.role.is_in([role.value for role in STUDENT_ROLES]))
    found += [
        f"{n} students in {project}" for project, n in Counter(r["project"] for r in students).items() if n > STUDENTS
    ]
    captains = {row["project"] for row in await Member.select(Member.project).where(Member.role == "captain")}
    found += [
        f"project {row['id']} has no captain"
        for row in await Project.select(Project.id).where(Project.own())
        if row["id"] not in captains
    ]
    return found
