"""Writing to a person: in their language, in the words of the mail, as often as they like."""

from typing import Any

from incubator.db import writing
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.mail.wordings import worded
from incubator.people.secrets import new_secret
from incubator.people.tables import MailChoice, Person

NOW, DAILY, NEVER = "now", "daily", "never"

#: Mail that somebody may have less often: what it is about, and how it may come. Decisions on one's own work
#: and mails about one's account are none of these.
KINDS: dict[str, tuple[str, ...]] = {
    "assignments": (NOW, DAILY),
    "reminders": (NOW, DAILY, NEVER),
    "discussion": (NOW, DAILY, NEVER),
}
#: What the link in a mail changes it to.
_LEAST = {kind: ways[-1] for kind, ways in KINDS.items()}


async def rhythm_of(person: int, kind: str) -> str:
    row = await MailChoice.select(MailChoice.rhythm).where((MailChoice.person == person) & (MailChoice.kind == kind))
    return str(row[0]["rhythm"]) if row else NOW


async def choices_of(person: Person) -> dict[str, str]:
    rows = await MailChoice.select().where(MailChoice.person == person.id)
    return dict.fromkeys(KINDS, NOW) | {row["kind"]: row["rhythm"] for row in rows}


async def choose(person: int, kind: str, rhythm: str) -> None:
    """Have mail of ``kind`` now, daily or never. Call inside a transaction."""
    await MailChoice.delete().where((MailChoice.person == person) & (MailChoice.kind == kind))
    if rhythm != NOW:
        await MailChoice(person=person, kind=kind, rhythm=rhythm).save()


async def write_to(
    person: Person, key: str, *paragraphs: str, kind: str = "", link: str = "", **values: Any
) -> Message | None:
    """Queue the mail ``key`` with ``values`` filled in; None where the person wants none of its kind.

    ``kind`` is one of KINDS, or empty for what cannot be refused. ``paragraphs`` follow
    the body, in the reader's language. Call inside the transaction of its cause.
    """
    rhythm = await rhythm_of(person.id, kind) if kind else NOW
    if rhythm == NEVER:
        return None
    words = await worded(key, person.locale, values)
    return await queue(
        person.email, words.subject, words.body, *paragraphs, link=link, locale=person.locale,
        is_bundled=rhythm == DAILY, unsubscribe=f"/mail/{kind}/off/{new_secret()}" if kind else "",
    )  # fmt: skip


async def reader_of(path: str) -> Person | None:
    """Whose mail carries this link; None for a link that was never sent."""
    message = await Message.select(Message.to).where(Message.unsubscribe == path).first()
    return await Person.objects().where(Person.email == message["to"]).first() if message else None


async def have_less(person: Person, kind: str) -> str:
    """As little mail of ``kind`` as there can be; returns the rhythm."""
    async with writing():
        await choose(person.id, kind, _LEAST[kind])
    return _LEAST[kind]
