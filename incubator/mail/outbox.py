"""Queueing a mail in the transaction that causes it."""

import secrets
from typing import Any

from piccolo.columns import Column

from incubator import config
from incubator.core.clock import now
from incubator.core.languages import _, override_locale
from incubator.core.logins import is_login
from incubator.core.text import clean_line
from incubator.db import on_commit
from incubator.mail.delivery import wake
from incubator.mail.sender import own_domain
from incubator.mail.tables import Message


async def queue(
    to: str, subject: str, *paragraphs: str, link: str = "", locale: str = "", is_bundled: bool = False,
    unsubscribe: str = "", is_refusable: bool = True, event: int | None = None,
) -> Message:  # fmt: skip
    """Queue a plain-text mail; texts are already in the reader's language.

    ``link`` and ``unsubscribe`` are paths on this site. A bundled mail waits for its recipient's
    daily digest. ``is_refusable``: the link ``unsubscribe`` ends such mails, otherwise it makes them fewer.
    Returns the queued row; one for an account without a mailbox is not queued.
    """
    with override_locale(locale or "ru"):
        closing = _("Программа «От идеи – к проекту, от проекта – к предпринимательству»")
        fewer = (
            _("Получать такие письма реже или совсем не получать:")
            if is_refusable
            else _("Получать такие письма реже:")
        )
    parts = [*paragraphs]
    if link:
        parts.append(config.settings.base_url + link)
    footer = [f"– \n{closing}\n{config.settings.base_url}"]
    if unsubscribe:
        footer.append(f"{fewer}\n{config.settings.base_url}{unsubscribe}")
    at = now()
    message = Message(
        to=to,
        subject=clean_line(subject)[:300],
        body="\n\n".join(parts),
        footer="\n\n".join(footer),
        message_id=f"<{secrets.token_hex(12)}@{own_domain(config.settings)}>",
        created_at=at,
        next_attempt_at=None if is_bundled else at,
        is_bundled=is_bundled,
        unsubscribe=unsubscribe,
        event_id=event,
    )
    if is_login(to):
        return message
    await message.save()
    on_commit(wake)
    return message


async def readdress(old: str, new: str, *, was_proved: bool, **held: Any) -> None:
    """Let what is not sent yet go to another address of its reader, with ``held`` changed as well. Call inside the transaction that changes it.

    What was written to a mailbox that its account has never proved stays with that mailbox: a guardian's link, an invitation
    and the like are for whoever owns it. Only what is about the account itself moves: what the journal has told, and what
    waits for a digest, as also does what came along from a mailbox that was proved.
    """
    waiting = (Message.to == old) & Message.sent_at.is_null()
    if not was_proved:
        waiting = waiting & (Message.event_id.is_not_null() | Message.is_bundled.eq(True))
    values: dict[Column | str, Any] = {"to": new}
    values.update(held)
    await Message.update(values).where(waiting)
