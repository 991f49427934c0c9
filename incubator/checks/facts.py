"""What the checks look at: facts about this installation. ``gather.py`` collects them, ``rules.py`` judges them."""

from dataclasses import dataclass, field
from pathlib import Path

from incubator.core.disk import LEAST_FREE, TemporaryRoom


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """One site whose accounts people sign in with."""

    key: str
    issuer: str
    missing: tuple[str, ...] = ()
    """Environment variables that are not set."""


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """What the environment says."""

    base_url: str
    trusted_proxies: tuple[str, ...]
    smtp_url: str
    mail_from: str
    given_data: str
    is_data_relative: bool
    is_dev: bool
    uses_sqlite: bool
    is_database_unreadable: bool = False
    second_factor: str = "required"
    sign_in_providers: tuple[ProviderFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """The data folder and the disk."""

    folder: Path
    exists: bool
    is_writable: bool
    free_mb: int
    open_to_others: tuple[str, ...] = ()
    """Names of files and folders that other users of this machine may read."""
    has_database: bool = True
    """False for a folder without an SQLite file."""
    used_before: Path | None = None
    """Another folder that was used last, and still has a database."""
    temporary: TemporaryRoom = field(default_factory=lambda: TemporaryRoom("", True, LEAST_FREE))
    """Where uploads arrive first."""


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """The database and its clock."""

    problem: str = ""
    """Why it does not answer; empty if it does."""
    pending: int = 0
    """Migrations that have not run."""
    seconds_ahead: float = 0.0
    """How far our clock is ahead of the database's, or (negative) behind the latest recorded event."""


@dataclass(frozen=True, slots=True)
class OutsideFacts:
    """What a try has shown."""

    mail_problem: str = ""
    """Why the mail server cannot be used; empty if it can, or was not tried."""
    knows_utf8: bool | None = None
    """Whether the mail server takes addresses in any script; None: not tried."""
    files_problem: str = ""
    sign_in_problems: tuple[str, ...] = ()
    """A line for each provider that does not answer as it should."""


@dataclass(frozen=True, slots=True)
class Installation:
    settings: SettingFacts
    folder: FolderFacts
    database: DatabaseFacts = field(default_factory=DatabaseFacts)
    outside: OutsideFacts = field(default_factory=OutsideFacts)
