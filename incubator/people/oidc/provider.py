"""What a provider publishes of itself: where to go, and the keys with which it signs. Asked over HTTP, kept for an hour."""

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from incubator.config import SignInProvider
from incubator.core.clock import now
from incubator.core.networks import is_local_host
from incubator.people.oidc.errors import ProviderAway

if (
    TYPE_CHECKING
):  # the libraries of this folder need twelve megabytes: they are loaded when somebody comes from a provider
    from joserfc.jwk import Key

#: Seconds for a connection, and for a whole answer.
_CONNECT, _PATIENCE = 5, 10
#: Bytes of an answer.
_LONGEST = 256 * 1024
_KEPT = timedelta(hours=1)
#: A token with an unknown key may make us ask for new keys so often.
_ASKED_AGAIN = timedelta(seconds=30)
#: Signatures that need the provider's private key. None of them can be made with what it publishes.
SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


@dataclass(slots=True)
class Published:
    """A provider's own description, and its keys."""

    document: dict[str, Any]
    at: datetime
    keys: "list[Key]" = field(default_factory=list)
    keys_at: datetime | None = None

    def address(self, name: str) -> str:
        return str(self.document.get(name) or "")


_known: dict[str, Published] = {}


async def published(provider: SignInProvider) -> Published:
    """Return what the provider publishes. Raises ProviderAway."""
    known = _known.get(provider.issuer)
    if known is not None and now() - known.at < _KEPT:
        return known
    from authlib.oidc.discovery import get_well_known_url

    document = await asked("GET", get_well_known_url(provider.issuer, external=True))
    if document.get("issuer") != provider.issuer:
        raise ProviderAway(f"calls itself {str(document.get('issuer'))[:200]!r}")
    fresh = Published(document, now())
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_safe(fresh.address(name), provider.issuer):
            raise ProviderAway(f"{name} is missing or not https")
    _known[provider.issuer] = fresh
    return fresh


def is_safe(address: str, issuer: str) -> bool:
    """Return whether passwords may go there: by https, or on this machine if the provider itself is there (for trying it out)."""
    try:
        url = urlsplit(address)
    except ValueError:
        return False
    if url.scheme == "https":
        return bool(url.hostname)
    return url.scheme == "http" and all(is_local_host(urlsplit(each).hostname or "") for each in (address, issuer))


async def keys_for(provider: SignInProvider, kid: str | None) -> "list[Key]":
    """Return the provider's keys with this id, or all of them if a token names none. Raises ProviderAway.

    A provider may change its keys at any time: an unknown id makes us ask once more.
    """
    known = await published(provider)
    age = now() - known.keys_at if known.keys_at else timedelta.max
    if age > _KEPT or (age > _ASKED_AGAIN and not _named(known.keys, kid)):
        known.keys = _keys_in(await asked("GET", known.address("jwks_uri")))
        known.keys_at = now()
    return _named(known.keys, kid)


def _named(keys: "list[Key]", kid: str | None) -> "list[Key]":
    return [key for key in keys if kid is None or key.kid == kid]


def _keys_in(document: dict[str, Any]) -> "list[Key]":
    """Return the keys that sign; those of kinds that we do not know are no mistake."""
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key

    found: list[Key] = []
    given = document.get("keys")
    for each in given if isinstance(given, list) else []:
        try:
            if each.get("kty") != "oct" and each.get("use") in {None, "sig"}:
                found.append(import_key(each))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return found


async def asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    """Ask a provider and return the JSON object that it answers. Raises ProviderAway."""
    import httpx

    body = b""
    try:
        async with (
            asyncio.timeout(_PATIENCE),
            httpx.AsyncClient(verify=_trust(), timeout=httpx.Timeout(_PATIENCE, connect=_CONNECT)) as client,
            client.stream(method, address, headers={"accept": "application/json"} | more.pop("headers", {}), **more) as answer,
        ):  # fmt: skip
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LONGEST:
                    raise ProviderAway(f"{address}: too long")
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:  # TimeoutError is an OSError
        raise ProviderAway(f"{address}: {str(error)[:200] or type(error).__name__}") from error
    if status != 200:
        raise ProviderAway(f"{address}: status {status}, {_reason_in(body)}", answered=status)
    return _object(body, address)


def _object(body: bytes, address: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderAway(f"{address}: no JSON object")
    return found


def _reason_in(body: bytes) -> str:
    """Return the error's own name, and nothing else of an answer."""
    try:
        return str(_object(body, "").get("error", ""))[:60]
    except ProviderAway:
        return ""


@cache
def _trust() -> ssl.SSLContext:
    """Return the certificates of the machine; reading them takes some hundredths of a second."""
    return ssl.create_default_context()
