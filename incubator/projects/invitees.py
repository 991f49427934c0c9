"""Who may accept an invitation: an open link anybody with a confirmed address, a mailed one its addressee alone. Pure."""

from enum import StrEnum


class Entrance(StrEnum):
    """What the page behind an invitation offers its reader."""

    ACCEPT = "accept"
    CONFIRM = "confirm"
    """An open link, but their own address is not confirmed."""
    OTHER = "other"
    """It was mailed to somebody else than the account that is signed in."""
    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"
    """An open link: sign up as anybody does."""
    CLAIM = "claim"
    """The mailed link proves the mailbox: choose a password, for a new account or for one that nobody has confirmed."""


def entrance(
    invited: str, *, reader: str = "", is_reader_confirmed: bool = False, has_account: bool = False,
    is_account_confirmed: bool = False,
) -> Entrance:  # fmt: skip
    """Return how an invitation to the address ``invited`` (empty: an open link) is accepted.

    ``reader`` is the address of the account that is signed in, if any. ``has_account`` and ``is_account_confirmed``
    concern the account with the address ``invited``.
    """
    if not invited:
        if not reader:
            return Entrance.SIGN_UP
        return Entrance.ACCEPT if is_reader_confirmed else Entrance.CONFIRM
    if reader and reader != invited:
        return Entrance.OTHER
    if not (has_account and is_account_confirmed):
        return Entrance.CLAIM
    return Entrance.ACCEPT if reader else Entrance.SIGN_IN
