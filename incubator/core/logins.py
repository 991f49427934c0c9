"""Logins of accounts without a mailbox, and how they are stored: as addresses at a domain that has none. Pure."""

import re

#: Nothing is ever mailed there (RFC 6761).
NO_MAILBOX = "pupil.invalid"

_LOGIN = re.compile(r"[a-z0-9][a-z0-9.-]{2,59}")


def is_login(address: str) -> bool:
    """Return whether the stored address stands for a login: its owner has no mailbox."""
    return address.endswith(f"@{NO_MAILBOX}")


def address_of(login: str) -> str:
    """Return what is stored as the address of an account with this login."""
    return f"{login}@{NO_MAILBOX}"


def login_in(address: str) -> str:
    """Return the login that the stored address stands for."""
    return address.removesuffix(f"@{NO_MAILBOX}")


def typed_login(text: str) -> str:
    """Return a login as it is stored, from what somebody typed: in any case, with blanks; empty if it is none."""
    plain = re.sub(r"\s", "", text[:200]).lower().removesuffix(f"@{NO_MAILBOX}")
    return plain if _LOGIN.fullmatch(plain) else ""
