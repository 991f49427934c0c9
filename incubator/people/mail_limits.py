"""How many mails people may cause: to one mailbox, by one sender, from one address. A stranger's box is not flooded."""

from dataclasses import dataclass
from enum import StrEnum

from incubator.core.languages import _
from incubator.people.rate_limits import DAY, HOUR, Limit, key_of, network_of, take
from incubator.people.tables import Person


class MailCause(StrEnum):
    """Why a mail goes to somebody who did not ask for it, or who may not have."""

    CONFIRM = "confirm"
    RESET = "reset"
    MERGE = "merge"
    """Counted apart from RESET: whoever asks for it on another's behalf must not use up the owner's way back in."""
    INVITATION = "invitation"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class _Allowed:
    """Mails in an hour and in a day."""

    to: tuple[int, int]
    by: tuple[int, int] = (0, 0)
    """0: the sender does not count."""
    address: tuple[int, int] = (200, 1000)
    """A whole school may share an address."""


#: The limits to one mailbox are the same whether it has an account, so that none of them tells.
ALLOWED = {
    MailCause.CONFIRM: _Allowed(to=(3, 5), by=(5, 10)),
    MailCause.RESET: _Allowed(to=(3, 5)),
    MailCause.MERGE: _Allowed(to=(3, 5), by=(5, 10)),
    MailCause.INVITATION: _Allowed(to=(3, 5), by=(20, 40)),
    MailCause.HELP: _Allowed(to=(20, 60), by=(5, 10), address=(20, 60)),
}
#: Organisers invite whole juries.
OFFICE = (200, 500)


def _mailbox(email: str) -> str:
    """Return what most providers deliver «maria+1@…» and «maria+2@…» to."""
    local, _at, domain = email.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


async def allow_mail(
    cause: MailCause, *, to: str, by: Person | str = "", address: str = "", is_office: bool = False
) -> None:
    """Count one mail; raise TooOften, for the sender to read, if there were too many. Call inside its transaction.

    ``by`` is the sender's account, or the address that a visitor typed; ``address`` the client's address, if known.
    """
    allowed = ALLOWED[cause]
    sender = f"person {by.id}" if isinstance(by, Person) else by
    counted = [(f"mail-{cause}-to", _mailbox(to), allowed.to)]
    if sender:
        counted.append((f"mail-{cause}-by", sender, OFFICE if is_office else allowed.by))
    if address and not is_office:
        counted.append((f"mail-{cause}-from", network_of(address), allowed.address))
    message = _("Таких писем было уже много, больше пока не отправляем.")
    if cause in {MailCause.CONFIRM, MailCause.RESET, MailCause.MERGE}:
        message += " " + _("Посмотрите в папке «Спам»: возможно, письмо там.")
    await take(
        (
            Limit(key_of(kind, value), most, window)
            for kind, value, pair in counted
            for most, window in zip(pair, (HOUR, DAY), strict=True)
        ),
        message,
    )
