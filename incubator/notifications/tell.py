"""Telling people what happened: events of the journal become notifications and mails, once each, by the table of audiences."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from incubator.core.clock import now
from incubator.core.languages import current_locale
from incubator.db import StorageFull, Unavailable, writing
from incubator.history.tables import Event
from incubator.history.waiting import wait_for_events
from incubator.mail.tables import Message
from incubator.notifications.audiences import Audience, NothingLeft, Reader, said_in
from incubator.notifications.send import write_to
from incubator.notifications.tables import Notification
from incubator.people.tables import Person

log = structlog.get_logger()

#: Events told in one round.
_AT_ONCE = 100
#: After a mail about a project, further mails of the same kind wait this long for the digest instead of following each other.
QUIET = timedelta(hours=1)
#: How long to try again when telling fails.
PATIENCE = timedelta(hours=1)


async def tell_waiting(audiences: Sequence[Audience]) -> int:
    """Tell everything that was recorded and not told yet; return how many mails were queued."""
    concerned = sorted({audience.happened.value for audience in audiences})
    count = 0
    after = 0
    while rows := await _untold(after):
        uninteresting = [row.id for row in rows if row.happened not in concerned]
        await _mark(uninteresting)
        for row in rows:
            if row.happened in concerned:
                count += await _tell_safely(row, audiences)
        after = rows[-1].id
    return count


async def _untold(after: int) -> list[Event]:
    rows: list[Event] = (
        await Event.objects().where(Event.told_at.is_null() & (Event.id > after)).order_by(Event.id).limit(_AT_ONCE)
    )
    return rows


async def _mark(ids: list[int]) -> list[int]:
    """Mark events as told; return those that nobody had marked before."""
    if not ids:
        return []
    rows = (
        await Event.update({Event.told_at: now()})
        .where(Event.id.is_in(ids) & Event.told_at.is_null())
        .returning(Event.id)
    )
    return [row["id"] for row in rows]


async def _tell_safely(event: Event, audiences: Sequence[Audience]) -> int:
    """Tell one event; a failure is tried again later and does not hold up the others."""
    try:
        return await _tell(event, audiences)
    except Exception:
        log.exception("an event could not be told", event_id=event.id, happened=event.happened)
        if event.at < now() - PATIENCE:
            await _mark([event.id])
        return 0


async def _tell(event: Event, audiences: Sequence[Audience]) -> int:
    """Write the event's notifications and mails in one transaction with the mark, so that each is written once."""
    async with writing():
        if not await _mark([event.id]):
            return 0
        count = 0
        told = await readers_of(event, audiences)
        await _notify(event, told)
        for audience, reader in told:
            if not audience.is_mailed:
                continue
            may_wait = bool(audience.kind) and not audience.is_urgent
            is_repeated = may_wait and await _was_told_lately(event, reader)
            count += await write_to(
                reader.person, audience.mail, *reader.paragraphs, kind=audience.kind, link=reader.link, event=event.id,
                is_quiet=is_repeated, **reader.values,
            ) is not None  # fmt: skip
        return count


async def _notify(event: Event, told: Sequence[tuple[Audience, Reader]]) -> None:
    """Write for each reader what the bell will show, whichever mails they want."""
    at = now()
    rows = [
        Notification(person=reader.person.id, event_id=event.id, mail=audience.mail, created_at=at)
        for audience, reader in told
    ]
    if rows:
        await Notification.insert(*rows)


async def tell_now(readers: Sequence[Reader], mail: str, kind: str = "") -> None:
    """Queue a mail about what is deleted in this transaction, so that nothing of it could be read later."""
    for reader in readers:
        await write_to(reader.person, mail, *reader.paragraphs, kind=kind, link=reader.link, **reader.values)


_joined: list[Audience] = []


def tell_by(audiences: Sequence[Audience]) -> None:
    """Set the table for verbs that must tell before they delete, and for the bell."""
    _joined[:] = audiences


async def tell_rest_of(project_id: int) -> None:
    """Tell what was recorded of a project and not told yet. Call inside the transaction that then deletes it."""
    mine = Event.told_at.is_null() & (Event.project_id == project_id)
    for event in await Event.objects().where(mine).order_by(Event.id):
        await _tell(event, _joined)


async def readers_of(event: Event, audiences: Sequence[Audience]) -> list[tuple[Audience, Reader]]:
    """Return each person whom the event concerns now, once, by the first row that names them.

    Nobody is told of their own deeds, except where a row says so.
    """
    told: dict[int, tuple[Audience, Reader]] = {}
    for audience in audiences:
        if audience.happened.value != event.happened:
            continue
        for reader in await _whom(audience, event):
            person = reader.person
            if audience.tells_doer or person.id != event.actor_id:
                told.setdefault(person.id, (audience, reader))
    return list(told.values())


async def said_now(event: Event, mail: str, person: Person) -> Reader | None:
    """Return what the event says to the person by the rows with this mail, in the current language; None once it is over."""
    with said_in(current_locale()):
        found = await readers_of(event, [audience for audience in _joined if audience.mail == mail])
    return next((reader for _audience, reader in found if reader.person.id == person.id), None)


async def _whom(audience: Audience, event: Event) -> Sequence[Reader]:
    try:
        return await audience.whom(event)
    except NothingLeft:
        return []


async def _was_told_lately(event: Event, reader: Reader) -> bool:
    """Return whether the reader has just had a mail about the same kind of event of the same project."""
    if event.project_id is None:
        return False
    rows = await Message.select(Message.event_id).where(
        (Message.to == reader.person.email) & (Message.created_at > now() - QUIET) & Message.event_id.is_not_null()
    )
    return bool(rows) and await Event.exists().where(
        Event.id.is_in([row["event_id"] for row in rows])
        & (Event.happened == event.happened)
        & (Event.project_id == event.project_id)
    )


async def tell_forever(audiences: Sequence[Audience]) -> None:
    """Tell beside the server: at once after a commit in this process, otherwise every half minute."""
    while True:
        try:
            await tell_waiting(audiences)
        except (Unavailable, StorageFull) as error:
            log.warning("telling waits for the database", error=type(error).__name__)
        except Exception:
            log.exception("telling stumbled")
        await wait_for_events(30)
