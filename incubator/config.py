"""Settings of one installation, read once from the environment."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_PACKAGE = Path(__file__).resolve().parent
_ASSETS = _PACKAGE / "_assets"

#: Where templates/, static/ and migrations/ are: beside the package in a
#: checkout, inside it in an installed wheel.
ROOT = _ASSETS if _ASSETS.is_dir() else _PACKAGE.parent


@dataclass(frozen=True, slots=True)
class SignInProvider:
    """Another site whose accounts people sign in with (an OpenID provider)."""

    key: str
    """Its name in addresses on this site, and in the names of its settings."""
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    """Empty for a client without one: PKCE alone protects the code."""
    name_ru: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that differ between a laptop, a demo and the programme's server."""

    data: Path
    """Folder of the SQLite file, stored files, and mails written as files."""
    given_data: str
    """The folder as the environment names it, or empty; a relative one is refused (checks/rules.py)."""
    database_url: str
    """``postgres://…``, or empty for the SQLite file in ``data``."""
    files: str
    """``s3://bucket/prefix`` for stored files, or empty for the folder ``files`` in ``data``."""
    base_url: str
    """Public address of the site, without a trailing slash; used in mails."""
    smtp_url: str
    """``smtp://user:password@host:587``; empty: mails are written as files."""
    mail_from: str
    dev: bool
    """Show the mailbox and the pattern page; never on a public server."""
    trusted_proxies: tuple[str, ...]
    """Proxies whose X-Forwarded-For header is trusted."""
    second_factor: str = "required"
    """``required`` of organisers, or ``offered`` to everybody and required of nobody."""
    sign_in_providers: tuple[SignInProvider, ...] = ()
    """In the order of their buttons."""

    @property
    def is_second_factor_required(self) -> bool:
        """Whatever else was written there, as a slip of the pen, takes no protection away."""
        return self.second_factor != "offered"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def is_data_relative(self) -> bool:
        """Return whether the data folder would be another one wherever the command is started."""
        return bool(self.given_data) and not Path(self.given_data).is_absolute()

    @property
    def is_database_unreadable(self) -> bool:
        """Return whether nothing can be made of DATABASE_URL, or it names a file by a relative path."""
        return bool(self.database_url) and not _is_database(self.database_url)

    @property
    def database(self) -> str:
        """Return the URL, or the path of the SQLite file."""
        return self.database_url or str(self.data / "incubator.sqlite")


#: A server in DATABASE_URL, with or without a port. Whatever a password hides in front of it makes it none.
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::[0-9]{1,5})?")


def _is_database(url: str) -> bool:
    scheme, is_url, path = url.partition("://")
    if scheme not in {"postgres", "postgresql"}:
        return Path(path.removeprefix("/") if is_url else url).is_absolute() and scheme in {"sqlite", url}
    try:
        servers = urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return False
    return all(map(_HOST.fullmatch, servers.split(",")))


def state_folder() -> Path:
    """Return where this user's or service's data belongs if nothing else is said.

    The same wherever the command is started: a folder below the current one would be another each time.
    """
    env = os.environ
    if service := env.get("STATE_DIRECTORY"):  # systemd: StateDirectory=
        return Path(service.split(":")[0])
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/incubator")
    return Path(env.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "incubator"


def load() -> Settings:
    """Read the environment; every name begins with ``INCUBATOR_``, except DATABASE_URL."""
    env = os.environ
    return Settings(
        data=Path(env.get("INCUBATOR_DATA") or state_folder()).resolve(),
        given_data=env.get("INCUBATOR_DATA", ""),
        database_url=env.get("DATABASE_URL", ""),
        files=env.get("INCUBATOR_FILES", ""),
        base_url=env.get("INCUBATOR_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        smtp_url=env.get("INCUBATOR_SMTP_URL", ""),
        mail_from=env.get("INCUBATOR_MAIL_FROM", "incubator@localhost"),
        dev=env.get("INCUBATOR_DEV", "") == "1",
        trusted_proxies=_listed(env.get("INCUBATOR_TRUSTED_PROXIES", "")),
        second_factor=env.get("INCUBATOR_SECOND_FACTOR") or "required",
        sign_in_providers=tuple(map(_sign_in_provider, _listed(env.get("INCUBATOR_OIDC", "")))),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(","))))


#: What is set for each provider.
PROVIDER_SETTINGS = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "NAME_EN")


def provider_setting(key: str, name: str) -> str:
    """Return the name of the environment variable with one of a provider's settings."""
    return f"INCUBATOR_OIDC_{key.upper().replace('-', '_')}_{name}"


def _sign_in_provider(key: str) -> SignInProvider:
    env = os.environ
    issuer = env.get(provider_setting(key, "ISSUER"), "")
    given = env.get(provider_setting(key, "NAME"), "") or urlsplit(issuer).hostname or key
    return SignInProvider(
        key=key,
        issuer=issuer,
        client_id=env.get(provider_setting(key, "CLIENT_ID"), ""),
        client_secret=env.get(provider_setting(key, "CLIENT_SECRET"), ""),
        name_ru=given,
        name_en=env.get(provider_setting(key, "NAME_EN"), "") or given,
    )


settings = load()
