"""Who our mail comes from: a name beside the address, and the domain of its identifiers."""

from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from incubator.config import Settings

#: Shown by mail programs where the setting gives an address alone; a name, the same in every language.
_NAME = "От идеи – к проекту"


def sender(settings: Settings) -> str:
    """Return the From header: the setting, with the programme's name if it has none."""
    name, address = parseaddr(settings.mail_from)
    local, _at, domain = address.rpartition("@")
    return settings.mail_from if name or not local else formataddr((_NAME, f"{local}@{_ascii(domain)}"))


def own_domain(settings: Settings) -> str:
    """Return the domain that our mail comes from, else the site's (RFC 5322, 3.6.4: Message-ID is unique by its domain)."""
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    if "." not in domain:
        domain = urlsplit(settings.base_url).hostname or "localhost"
    return _ascii(domain)


def _ascii(domain: str) -> str:
    """Return the domain as mail servers know it; raises UnicodeError for what is none."""
    return domain if domain.isascii() else domain.encode("idna").decode()
