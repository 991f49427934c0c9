"""How many mails people may cause: to one mailbox, by one sender, from one address. A stranger's box is not flooded.

Nor may a stranger use up what the owner of a mailbox needs. So mails to one mailbox are never refused for a whole day: they
have to wait for each other, longer each time, and no pause lasts longer than the link in them. Whoever reads the
mailbox finds a link there that still works, or may ask for one. What strangers cause is counted apart from what one asks for
with the account itself or in a browser where its owner signed in before, and from what organisers send.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from incubator.core.languages import _
from incubator.core.networks import network_of
from incubator.people.rate_limits import DAY, HOUR, Limit, Pauses, has_room, key_of, take
from incubator.people.tables import Attempt, Person


class MailCause(StrEnum):
    """Why a mail goes to somebody who did not ask for it, or who may not have."""

    CONFIRM = "confirm"
    """Asked for with the account that has the address."""
    ADDRESS = "address"
    """Asked for by another account, which wants to have the address."""
    RESET = "reset"
    MERGE = "merge"
    """Counted apart from RESET: whoever asks for it on another's behalf must not use up the owner's way back in."""
    INVITATION = "invitation"
    CONSENT = "consent"
    """A teacher asks a child's family; a class has many."""
    HELP = "help"
    FOLLOW = "follow"
    """A visitor wants the news of a project, by an address that may be anybody's."""


#: Before another mail to one mailbox, after none, one, two, … in a day; the last one repeats. Their links last at least a day.
PAUSES = tuple(timedelta(minutes=m) for m in (0, 0, 0, 10, 360, 720))


@dataclass(frozen=True, slots=True)
class _Allowed:
    """Mails in an hour and in a day; 0: the sender does not count."""

    to: tuple[int, int] | None = None
    """To one recipient, whoever sends them; None: they have to wait for each other (PAUSES)."""
    each: tuple[int, int] = (0, 0)
    """To one recipient by one sender."""
    by: tuple[int, int] = (0, 0)
    address: tuple[int, int] = (200, 1000)
    """A whole school may share an address."""


#: The limits to one mailbox are the same whether it has an account, so that none of them tells.
ALLOWED = {
    MailCause.CONFIRM: _Allowed(),
    MailCause.ADDRESS: _Allowed(each=(3, 5), by=(5, 10)),
    MailCause.RESET: _Allowed(),
    MailCause.MERGE: _Allowed(each=(3, 5), by=(5, 10)),
    MailCause.INVITATION: _Allowed(each=(3, 5), by=(20, 40)),
    MailCause.CONSENT: _Allowed(each=(4, 8), by=(80, 160)),
    MailCause.FOLLOW: _Allowed(address=(60, 200)),
    MailCause.HELP: _Allowed(to=(20, 60), each=(5, 20), by=(5, 10), address=(20, 60)),
}
#: Organisers invite whole juries.
OFFICE = (200, 500)
#: Domains of one provider, and how it reads a dot in front of them.
_YANDEX = frozenset({"yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz"})
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def mailbox_of(email: str) -> str:
    """Return one name for the addresses that are delivered to one mailbox, such as «maria+1@ya.ru» and «maria@yandex.ru».

    Only mails are counted by it: which account an address has is asked by its full spelling.
    """
    local, _at, domain = email.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _YANDEX:
        return f"{local.replace('.', '-')}@yandex.ru"
    return f"{local.replace('.', '')}@gmail.com" if domain in _GMAIL else f"{local}@{domain}"


async def allow_mail(
    cause: MailCause, *, to: str = "", by: Person | str = "", address: str = "", is_office: bool = False,
    is_own: bool = False,
) -> None:  # fmt: skip
    """Count one mail; raise TooOften, for the sender to read, if there were too many. Call inside its transaction.

    ``by`` is the sender's account, or the address that a visitor typed; ``address`` the client's address, if known.
    Without ``to`` only who asks is counted. ``is_own``: the account's owner signed in before in the browser that asks.
    """
    message = _("Таких писем было уже много, больше пока не отправляем.")
    if cause not in {MailCause.HELP, MailCause.INVITATION, MailCause.CONSENT}:
        message += " " + _("Ссылка в последнем ещё действует: поищите его и в папке «Спам».")
    sender = f"person {by.id}" if isinstance(by, Person) else by
    whose = "-office" if is_office else "-own" if is_own else ""
    await take(_limits(cause, to=mailbox_of(to) if to else "", sender=sender, address=address, whose=whose), message)


async def may_have_mail(cause: MailCause, to: str) -> bool:
    """Return whether a mailbox need not wait for its next mail. Call inside the transaction that then sends it."""
    return await has_room(_to_mailbox(cause, mailbox_of(to)))


async def forget_mails(cause: MailCause, to: str) -> None:
    """Count from none again, after the mailbox's owner used the link of such a mail. Call inside a transaction."""
    mailbox = mailbox_of(to)
    keys = [_to_mailbox(cause, mailbox, whose=whose).key for whose in ("", "-own")]
    await Attempt.delete().where(Attempt.key.is_in(keys))


def _to_mailbox(cause: MailCause, mailbox: str, *, whose: str = "") -> Pauses:
    return Pauses(key_of(f"mail-{cause}-to{whose}", mailbox), PAUSES)


def _limits(cause: MailCause, *, to: str, sender: str, address: str, whose: str) -> Iterator[Limit | Pauses]:
    allowed = ALLOWED[cause]
    if to and allowed.to is None:
        yield _to_mailbox(cause, to, whose=whose)
    if whose == "-office":
        yield from _both(f"mail-{cause}-by", sender, OFFICE)
        return
    yield from _both(f"mail-{cause}-to", to, allowed.to or (0, 0))
    network = network_of(address)
    one = network if cause is MailCause.HELP else sender
    yield from _both(f"mail-{cause}-each", f"{to} {one}" if to and one else "", allowed.each)
    yield from _both(f"mail-{cause}-by", sender, allowed.by)
    yield from _both(f"mail-{cause}-from", network, allowed.address)


def _both(kind: str, value: str, most: tuple[int, int]) -> Iterator[Limit]:
    """Yield the limit of an hour and the limit of a day; none without ``value`` or for a pair of 0."""
    if value and any(most):
        for number, window in zip(most, (HOUR, DAY), strict=True):
            yield Limit(key_of(kind, value), number, window)
