"""Addresses of mail: one mailbox, one spelling, whatever its owner types."""

from email_validator import SPECIAL_USE_DOMAIN_NAMES, validate_email

from incubator.core.text import clean_line

#: What a column holds and SMTP allows (RFC 5321, erratum 1690).
LONGEST = 254

#: Reserved domains that are met here all the same: of imported mentors and demos, of tests, of a school's own network.
_MET = {"invalid", "test", "local"}
SPECIAL_USE_DOMAIN_NAMES[:] = [name for name in SPECIAL_USE_DOMAIN_NAMES if name not in _MET]


def normalised(text: str) -> str:
    """The form in which an address is stored and compared. Raises ValueError for what is none.

    Casefolded, and the domain in its ASCII form (IDNA 2008): every server takes «имя@xn--…», and почта.рф is the same
    account whether it was typed in Cyrillic or copied from a mail's header. What stands before the @ has no ASCII form;
    an address such as «мария@почта.рф» is taken as it is and needs a server that speaks SMTPUTF8 (RFC 6531).
    """
    if len(text) > 4 * LONGEST:  # letters in pieces, spaces around: no more than that becomes an address
        raise ValueError(f"{len(text)} characters, at most {LONGEST}")
    found = validate_email(clean_line(text).casefold(), check_deliverability=False)
    address = f"{found.local_part}@{found.ascii_domain}"
    if len(address) > LONGEST:  # the library measures the domain in letters where the other half is not ASCII
        raise ValueError(f"{len(address)} characters, at most {LONGEST}")
    return address


def readable(address: str) -> str:
    """A stored address as people write it: «мария@почта.рф» for «мария@xn--80a1acny.xn--p1ai»."""
    if "xn--" not in address:
        return address
    try:
        return validate_email(address, check_deliverability=False).normalized
    except ValueError:  # in a table that somebody else filled
        return address
