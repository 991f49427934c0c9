"""Email addresses: one stored spelling for each mailbox, however its owner types it."""

from email_validator import SPECIAL_USE_DOMAIN_NAMES, validate_email

from incubator.core.text import clean_line

#: The longest address that a column holds and SMTP allows (RFC 5321, erratum 1690).
LONGEST = 254

#: Reserved domains that are accepted all the same: imported mentors, demos, tests, a school's own network.
_MET = {"invalid", "test", "local"}
SPECIAL_USE_DOMAIN_NAMES[:] = [name for name in SPECIAL_USE_DOMAIN_NAMES if name not in _MET]


def normalised(text: str) -> str:
    """Return the form in which an address is stored and compared. Raises ValueError for an invalid address.

    The address is casefolded and its domain converted to ASCII (IDNA 2008): every server accepts «имя@xn--…», and
    почта.рф is the same account whether it was typed in Cyrillic or copied from a mail header. The local part has no
    ASCII form; an address such as «мария@почта.рф» is kept as it is and needs a server that supports SMTPUTF8 (RFC 6531).
    """
    if len(text) > 4 * LONGEST:  # decomposed letters and surrounding spaces: nothing longer normalises to an address
        raise ValueError(f"{len(text)} characters, at most {LONGEST}")
    found = validate_email(clean_line(text).casefold(), check_deliverability=False)
    address = f"{found.local_part}@{found.ascii_domain}"
    if len(address) > LONGEST:  # the library counts the domain in characters when the local part is not ASCII
        raise ValueError(f"{len(address)} characters, at most {LONGEST}")
    return address


def readable(address: str) -> str:
    """Return a stored address as people write it: «мария@почта.рф» for «мария@xn--80a1acny.xn--p1ai»."""
    if "xn--" not in address:
        return address
    try:
        return validate_email(address, check_deliverability=False).normalized
    except ValueError:  # in an imported table
        return address


def masked(address: str) -> str:
    """Return what a stranger may see of an address, enough for its owner to recognise it: «м…@почта.рф»."""
    local, _at, domain = readable(address).rpartition("@")
    return f"{local[:1]}…@{domain}"
