"""Writing to a person in their language, with the mail's text, at the rhythm that they chose."""

from typing import Any

from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.notifications.mail_templates import worded
from incubator.notifications.preferences import DAILY, KINDS, NEVER, NOW, rhythm_of
from incubator.people.hashing import new_secret
from incubator.people.tables import Person


async def write_to(
    person: Person, key: str, *paragraphs: str, kind: str = "", link: str = "", event: int | None = None,
    is_quiet: bool = False, **values: Any,
) -> Message | None:  # fmt: skip
    """Queue the mail ``key`` with ``values`` filled in; return None if the person wants no mail of its kind.

    Nothing but mail about the account goes to an address that nobody has confirmed: it may be a stranger's.

    ``kind`` is one of KINDS, or empty for mail that cannot be refused. ``paragraphs`` follow
    the body, in the reader's language. ``event``: the event of the journal that it is about. A quiet
    mail waits for the digest whatever the reader chose. Call inside the transaction of its cause.
    """
    if person.email_confirmed_at is None:
        return None
    rhythm = await rhythm_of(person.id, kind) if kind else NOW
    if rhythm == NEVER:
        return None
    words = await worded(key, person.locale, values)
    return await queue(
        person.email, words.subject, words.body, *paragraphs, link=link, locale=person.locale,
        is_bundled=is_quiet or rhythm == DAILY, event=event,
        unsubscribe=path_to_fewer(kind, person) if kind else "",
        is_refusable=not kind or NEVER in KINDS[kind],
    )  # fmt: skip


def path_to_fewer(kind: str, person: Person) -> str:
    """Return a new link by which a person gets fewer mails of the kind. It names them, since their address may change hands."""
    return f"/mail/{kind}/off/{person.id}-{new_secret()}"


def kind_in(unsubscribe: str) -> str:
    """Return the kind of the mail with this link to get fewer; empty for mail that cannot be refused."""
    return unsubscribe.split("/")[2] if unsubscribe else ""


async def reader_of(path: str) -> Person | None:
    """Return the person to whom the mail with this link was written; None for a link that was never sent, or if they are gone.

    The account with which theirs was merged since has the mailbox of the mail, and is older than that.
    """
    message = await Message.select(Message.to, Message.created_at).where(Message.unsubscribe == path).first()
    if message is None:
        return None
    number = path.rpartition("/")[2].partition("-")[0]
    person = await Person.objects().get(Person.id == int(number)) if number.isdecimal() else None
    is_theirs = (Person.email == message["to"]) & (Person.created_at <= message["created_at"])
    return person or await Person.objects().where(is_theirs).first()
