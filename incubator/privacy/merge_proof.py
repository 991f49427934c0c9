"""Proving that a second account is one's own: a link after its password, or to its mailbox."""

from datetime import timedelta

from incubator.core.languages import _, override_locale
from incubator.db import writing
from incubator.mail.outbox import queue
from incubator.people import tokens
from incubator.people.accounts import person_by_email
from incubator.people.locking import lock_as_proved
from incubator.people.mail_limits import MailCause, allow_mail
from incubator.people.tables import Person

#: Who has just shown the password goes on at once.
AT_ONCE = timedelta(hours=2)


async def proof_of(person: Person) -> str:
    """Return the secret of a link that proves ``person``, who has just shown the password. Raises Stale if it changed since."""
    async with writing():
        return await tokens.issue(await lock_as_proved(person), tokens.MERGE, lasts=AT_ONCE)


async def mail_merge_link(email: str, *, by: Person, address: str) -> None:
    """Mail the link, as ``by`` asks; nothing if there is no such account, which counts as well. Raises TooOften."""
    async with writing():
        await allow_mail(MailCause.MERGE, to=email, by=by, address=address)
        person = await person_by_email(email)
        if person is None:
            return
        secret = await tokens.issue(person, tokens.MERGE)
        with override_locale(person.locale):
            await queue(
                person.email,
                _("Объединить две учётные записи?"),
                _("Кто-то попросил присоединить эту учётную запись к другой. Если это вы, войдите в ту запись, которая останется, и откройте ссылку. Она действует сутки."),
                _("Если это были не вы, ничего делать не нужно."),
                link=f"/profile/merging/{secret}",
                locale=person.locale,
            )  # fmt: skip
