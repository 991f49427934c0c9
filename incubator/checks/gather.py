"""Collecting the facts that the checks judge."""

import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import aiosmtplib

from incubator.checks.facts import (
    DatabaseFacts,
    FolderFacts,
    Installation,
    OutsideFacts,
    ProviderFacts,
    SettingFacts,
)
from incubator.checks.last_folder import DATABASE, used_before
from incubator.config import Settings, SignInProvider, provider_setting
from incubator.core.clock import now
from incubator.core.disk import free_bytes, temporary_room
from incubator.db import StorageFull, Unavailable, connected, current_engine, run_sql
from incubator.db.migrating import pending
from incubator.files.store import store_at
from incubator.history.tables import Event
from incubator.mail.server_address import mail_server
from incubator.people.oidc.errors import ProviderAway
from incubator.people.oidc.provider import keys_for

#: Seconds to wait for a mail server.
_PATIENCE = 10
_PROBE = b"incubator check"


async def gather(settings: Settings, *, outside: bool) -> Installation:
    """Collect the facts; with ``outside``, also those that need another server to answer."""
    folder = folder_facts(settings)
    return Installation(
        settings=SettingFacts(
            base_url=settings.base_url, trusted_proxies=settings.trusted_proxies, smtp_url=settings.smtp_url,
            mail_from=settings.mail_from, given_data=settings.given_data, is_data_relative=settings.is_data_relative, is_dev=settings.dev,
            uses_sqlite=not settings.database_url, is_database_unreadable=settings.is_database_unreadable,
            second_factor=settings.second_factor, sign_in_providers=tuple(map(_provider_facts, settings.sign_in_providers)),
        ),
        folder=folder,
        database=await database_facts() if _has_database(settings, folder) else DatabaseFacts(),
        outside=await outside_facts(settings) if outside else OutsideFacts(),
    )  # fmt: skip


def _provider_facts(provider: SignInProvider) -> ProviderFacts:
    needed = {"ISSUER": provider.issuer, "CLIENT_ID": provider.client_id}
    missing = tuple(provider_setting(provider.key, name) for name, value in needed.items() if not value)
    return ProviderFacts(provider.key, provider.issuer, missing)


def _has_database(settings: Settings, folder: FolderFacts) -> bool:
    return not settings.is_database_unreadable and (bool(settings.database_url) or folder.has_database)


def folder_facts(settings: Settings) -> FolderFacts:
    folder = settings.data
    exists = folder.is_dir()
    return FolderFacts(
        folder=folder,
        exists=exists,
        is_writable=exists and os.access(folder, os.W_OK | os.X_OK),
        free_mb=free_bytes(folder) // 2**20,
        open_to_others=tuple(path.name for path in _private(folder) if _is_open(path)),
        has_database=(folder / DATABASE).exists(),
        used_before=used_before(folder),
        temporary=temporary_room(),
    )


def tighten(folder: Path) -> None:
    """Take the rights of other users to the data away, where it is ours; what stays open is reported by ``rights``."""
    for path in _private(folder):
        with suppress(OSError):
            if _is_open(path):
                path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)


def _private(folder: Path) -> Iterator[Path]:
    """Return what only the site may read. Stored files and mails are in folders, which protect them."""
    yield from (path for path in (folder, folder / "files", folder / "mail") if path.is_dir())
    yield from folder.glob(f"{DATABASE}*")


def _is_open(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)


async def database_facts() -> DatabaseFacts:
    try:
        async with connected():
            waiting = await pending()
            return DatabaseFacts(pending=len(waiting), seconds_ahead=0.0 if waiting else await _seconds_ahead())
    except (Unavailable, StorageFull) as error:
        return DatabaseFacts(problem=str(error.__cause__ or error).split("\n")[0])


async def _seconds_ahead() -> float:
    """Compare with the database server's clock, and with the latest event, which cannot lie ahead of us."""
    ahead = 0.0
    if current_engine().engine_type == "postgres":
        (row,) = await run_sql("SELECT clock_timestamp() AS at")
        ahead = _seconds_since(row["at"])
    latest = await Event.select(Event.at).order_by(Event.id, ascending=False).limit(1).first()
    since = _seconds_since(latest["at"]) if latest else 0.0
    return min(ahead, since) if since < 0 else ahead


def _seconds_since(at: datetime) -> float:
    return (now() - at).total_seconds()


async def outside_facts(settings: Settings) -> OutsideFacts:
    problem, knows_utf8 = await try_mail_server(settings.smtp_url) if settings.smtp_url else ("", None)
    return OutsideFacts(
        mail_problem=problem, knows_utf8=knows_utf8, files_problem=await _try_files(settings),
        sign_in_problems=tuple([line async for line in _try_providers(settings)]),
    )  # fmt: skip


async def _try_providers(settings: Settings) -> AsyncIterator[str]:
    """Ask each provider for its description and its keys; yield what is wrong."""
    for provider in settings.sign_in_providers:
        if not provider.issuer:
            continue
        try:
            if not await keys_for(provider, None):
                yield f"{provider.key}: no keys"
        except ProviderAway as error:
            yield f"{provider.key}: {error.detail}"


async def try_mail_server(address: str) -> tuple[str, bool | None]:
    """Greet the mail server and sign in; return what is wrong, and whether it takes addresses in any script."""
    try:
        server = mail_server(address)
    except ValueError:
        return "", None  # the rule says so itself
    client = aiosmtplib.SMTP(
        hostname=server.host, port=server.port, use_tls=server.is_tls, timeout=_PATIENCE, username=server.user,
        password=server.password,
    )  # fmt: skip
    try:
        async with client:
            await client.ehlo()
            return "", client.supports_extension("smtputf8")
    except (aiosmtplib.SMTPException, OSError) as error:
        return str(error).split("\n")[0] or type(error).__name__, None


async def _try_files(settings: Settings) -> str:
    """Store something, read it again and remove it; return what is wrong."""
    try:
        store = store_at(settings.files, settings.data / "files")
        digest = await store.put(_PROBE)
        is_right = await store.get(digest) == _PROBE
        await store.delete(digest)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the store or its address
        return str(error).split("\n")[0][:300] or type(error).__name__
    return "" if is_right else "?"
