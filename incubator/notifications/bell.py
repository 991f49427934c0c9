"""The bell: what happened for one person, newest first. A row says that; its words follow from the event when it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from incubator.core import limits
from incubator.core.clock import day_of, end_of_day, now, today
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.tables import Event
from incubator.http.keyset import After, after_row
from incubator.notifications.sentences import kind_in_words, sentence
from incubator.notifications.tables import Notification
from incubator.notifications.tell import said_now
from incubator.people.tables import Person

PER_PAGE = 20
#: How much of what is new stands below what waits on a page of somebody's work; the rest is behind the bell.
_SHOWN = 5
#: How many the header counts; more are «99+».
MOST_COUNTED = 99
#: For the query of every request (people/sessions.py): how many the person ``p`` has not read.
UNREAD = """SELECT count(*) FROM (SELECT 1 FROM "notification" n WHERE n."person" = p."id" AND n."read_at" IS NULL
LIMIT MOST) u""".replace("MOST", str(MOST_COUNTED + 1))
_KEPT = timedelta(days=limits.NOTIFICATION_DAYS)


@dataclass(frozen=True, slots=True)
class BellEntry:
    """One line of the list."""

    id: int
    at: datetime
    is_unread: bool
    text: str
    link: str
    """Where it happened; empty if there is nothing to see."""
    is_over: bool
    """It does not concern the person any more, or they may not see it: only its kind is named."""


@dataclass(frozen=True, slots=True)
class BellDay:
    on: date
    entries: list[BellEntry]


@dataclass(frozen=True, slots=True)
class BellPage:
    days: list[BellDay]
    newest: int
    """The newest one of this page; 0 if it is empty."""
    next: After | None


async def page_of_notifications(person: Person, after: After | None) -> BellPage:
    """Return the page that follows ``after``, in the current language. Two queries, and those of each event's audience."""
    mine: Condition = Notification.person == person.id
    if after is not None:
        mine &= Notification.id < after.id
    rows = await Notification.objects().where(mine).order_by(Notification.id, ascending=False).limit(PER_PAGE + 1)
    shown = rows[:PER_PAGE]
    days: list[BellDay] = []
    for entry in await _entries(shown, person):
        on = day_of(entry.at)
        if not days or days[-1].on != on:
            days.append(BellDay(on, []))
        days[-1].entries.append(entry)
    following = after_row(shown[-1].id) if len(rows) > PER_PAGE else None
    return BellPage(days, shown[0].id if shown else 0, following)


async def unread_since_yesterday(person: Person, *, unread: int) -> list[BellEntry]:
    """Return what happened for the person today and yesterday and they have not read, newest first, without what is over.

    No query if nothing is ``unread``; otherwise one, and for what it finds one more and those of each event's audience.
    """
    if not unread:
        return []
    since = end_of_day(today() - timedelta(days=2))
    new = (Notification.person == person.id) & Notification.unread() & (Notification.created_at > since)
    rows = await Notification.objects().where(new).order_by(Notification.id, ascending=False).limit(_SHOWN)
    return [entry for entry in await _entries(rows, person) if not entry.is_over]


async def _entries(rows: Sequence[Notification], person: Person) -> list[BellEntry]:
    """Return the lines of ``rows``. One query, none without rows, and those of each event's audience."""
    if not rows:
        return []
    ids = [row.event_id for row in rows]
    events = {event.id: event for event in await Event.objects().where(Event.id.is_in(ids))}
    return [await _entry(row, events.get(row.event_id), person) for row in rows]


async def _entry(row: Notification, event: Event | None, person: Person) -> BellEntry:
    said = await said_now(event, row.mail, person) if event else None
    text = sentence(row.mail, said.values) if said else kind_in_words(row.mail)
    return BellEntry(row.id, row.created_at, row.read_at is None, text, said.link if said else "", said is None)


async def open_notification(notification_id: int, *, by: Person) -> str | None:
    """Note that the person has read it; return where it happened, empty if that is over, None if it is not theirs."""
    async with writing():
        mine = (Notification.id == notification_id) & (Notification.person == by.id)
        row = await Notification.objects().where(mine).first()
        if row is None:
            return None
        await Notification.update({Notification.read_at: now()}).where(mine & Notification.unread())
    event = await Event.objects().get(Event.id == row.event_id)
    said = await said_now(event, row.mail, by) if event else None
    return said.link if said else ""


async def mark_read(*, through: int, by: Person) -> None:
    """Note that the person has read everything up to this one: what came meanwhile stays unread."""
    async with writing():
        await Notification.update({Notification.read_at: now()}).where(
            (Notification.person == by.id) & (Notification.id <= through) & Notification.unread()
        )


async def forget_notifications() -> int:
    """Delete what happened long ago; return how many. A periodic job."""
    gone = await Notification.delete().where(Notification.created_at < now() - _KEPT).returning(Notification.id)
    return len(gone)
