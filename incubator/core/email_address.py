"""Email addresses: one stored spelling for each mailbox, however its owner types it."""

import re
import unicodedata

from email_validator import SPECIAL_USE_DOMAIN_NAMES, validate_email

from incubator.core.logins import is_login, login_in
from incubator.core.text import clean_line

#: The longest address that a column holds and SMTP allows (RFC 5321, erratum 1690).
LONGEST = 254

#: Reserved domains that are accepted all the same: imported mentors, demos, tests, a school's own network.
_MET = {"invalid", "test", "local"}
SPECIAL_USE_DOMAIN_NAMES[:] = [name for name in SPECIAL_USE_DOMAIN_NAMES if name not in _MET]


#: Characters that show nothing, in categories besides Cf: fillers, variation selectors, the combining grapheme joiner.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
#: Full stops of other scripts, between the labels of a domain.
_DOTS = str.maketrans("。｡．", "...")


#: A Latin letter beside a Cyrillic one: typed in the wrong keyboard layout, and looks like an address that exists.
_MIXED = re.compile("[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]")
#: Bytes of the part before «@» that SMTP carries (RFC 5321, 4.5.3.1.1).
_LONGEST_LOCAL = 64


class MixedAlphabets(ValueError):
    """A word of the address has Latin and Cyrillic letters."""


def normalised(text: str) -> str:
    """Return the form in which an address is stored and compared. Raises ValueError for an invalid address.

    Invisible characters are dropped, widths and ligatures folded (NFKC), letters lowered, a dot at the end removed. The
    domain is converted to ASCII (IDNA 2008): every server accepts «имя@xn--…», and почта.рф is the same account whether it
    was typed in Cyrillic or copied from a mail header. The local part has no ASCII form; an address such as
    «мария@почта.рф» is kept as it is and needs a server that supports SMTPUTF8 (RFC 6531). Letters are not casefolded:
    that would change the mailbox, «ß» to «ss».
    """
    if len(text) > 4 * LONGEST:  # decomposed letters and surrounding spaces: nothing longer normalises to an address
        raise ValueError(f"{len(text)} characters, at most {LONGEST}")
    folded = _folded(text)
    if _MIXED.search(folded):
        raise MixedAlphabets("Latin and Cyrillic letters in one word")
    found = validate_email(folded, check_deliverability=False)
    if len(found.local_part.encode()) > _LONGEST_LOCAL:  # the library lets longer ones pass
        raise ValueError(f"more than {_LONGEST_LOCAL} bytes before @")
    address = f"{_folded(found.local_part)}@{found.ascii_domain}"
    if is_login(address):
        raise ValueError("there is no mailbox at this domain")
    if len(address) > LONGEST:  # the library counts the domain in characters when the local part is not ASCII
        raise ValueError(f"{len(address)} characters, at most {LONGEST}")
    return address


def _folded(text: str) -> str:
    """Return one spelling for texts that look the same, whatever keyboard or program they come from."""
    text = "".join(c for c in clean_line(text).translate(_DOTS) if unicodedata.category(c) != "Cf")
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).lower()
    return (
        unicodedata.normalize("NFKC", text.replace("i\u0307", "i")).strip().removesuffix(".")
    )  # «İ» is lowered to two


def is_for_smtputf8(address: str) -> bool:
    """Return whether only a mail server with SMTPUTF8 can deliver to this stored address."""
    return not address.isascii()


def readable(address: str) -> str:
    """Return a stored address as people write it: «мария@почта.рф» for «мария@xn--80a1acny.xn--p1ai», a login alone."""
    if is_login(address):
        return login_in(address)
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
