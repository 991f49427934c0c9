"""Visits to a provider: a browser goes there with a state, and comes back with it once.

Nonce and PKCE verifier follow from the state and a secret that only the browser's cookie has, so that whatever comes back is
worth nothing in another browser, and the database holds neither. What was typed before signing in is sealed with that secret.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from litestar.datastructures import Cookie

from incubator import config
from incubator.config import SignInProvider
from incubator.core.clock import now
from incubator.core.languages import _, current_locale
from incubator.core.networks import network_of
from incubator.db import writing
from incubator.http.cookies import own_cookie
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.oidc.errors import NoWayBack
from incubator.people.oidc.provider import published
from incubator.people.rate_limits import HOUR, Limit, key_of, take
from incubator.people.tables import PendingSignIn, Person

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

COOKIE = "elsewhere"
LASTS = timedelta(minutes=15)
#: Characters that are taken along; a longer text stays in the page from which the browser goes.
LONGEST_KEPT = 200_000
#: Visits begun in an hour from one address, which may be a whole school's.
_PER_ADDRESS = 300


@dataclass(frozen=True, slots=True)
class Return:
    """A browser that is back."""

    nonce: str
    verifier: str
    person: int | None
    """Whose account gets another way in."""
    next_page: str
    kept: str


def return_address(provider: SignInProvider) -> str:
    """Return where the provider sends browsers: registered there, to the letter."""
    return f"{config.settings.base_url}/sign-in/with/{provider.key}/return"


async def begin_visit(
    provider: SignInProvider, *, browser: str, address: str, next_page: str, kept: str = "", person: Person | None = None
) -> str:  # fmt: skip
    """Return the provider's address to go to. Raises ProviderAway, TooOften.

    ``browser``: the secret of the browser's cookie. ``person``: whose account gets another way in; None: somebody signs in.
    """
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    known = await published(provider)
    state = new_secret()
    async with writing():
        await take(
            [Limit(key_of("oidc-from", network_of(address)), _PER_ADDRESS, HOUR)],
            _("С этого адреса слишком часто входят через другие сайты."),
        )
        await PendingSignIn(
            state_hash=hash_secret(state), browser_hash=hash_secret(browser), provider=provider.key, person=person,
            next_page=next_page, kept=_sealed(kept, browser, state), expires_at=now() + LASTS,
        ).save()  # fmt: skip
    asked = {
        "scope": "openid email profile",
        "nonce": _derived(browser, state, "nonce"),
        "code_challenge": create_s256_code_challenge(_derived(browser, state, "verifier")),
        "code_challenge_method": "S256",
        "ui_locales": current_locale(),
    }
    return str(
        prepare_grant_uri(
            known.address("authorization_endpoint"), provider.client_id, "code",
            redirect_uri=return_address(provider), state=state, **asked,
        )
    )  # fmt: skip


async def end_visit(provider: SignInProvider, *, browser: str, state: str) -> Return:
    """Take the visit with which the browser comes back, so that it can be used once. Raises NoWayBack."""
    this = (PendingSignIn.state_hash == hash_secret(state)) & (PendingSignIn.browser_hash == hash_secret(browser))
    async with writing():
        rows = (
            await PendingSignIn.delete()
            .where(this & (PendingSignIn.provider == provider.key) & (PendingSignIn.expires_at > now()))
            .returning(PendingSignIn.person, PendingSignIn.next_page, PendingSignIn.kept)
        )
    if not (browser and state and rows):
        raise NoWayBack
    return Return(
        _derived(browser, state, "nonce"), _derived(browser, state, "verifier"), rows[0]["person"],
        rows[0]["next_page"], _opened(rows[0]["kept"], browser, state),
    )  # fmt: skip


async def forget_visits() -> int:
    """Delete visits from which nobody will come back; return their number."""
    return len(
        await PendingSignIn.delete().where(PendingSignIn.expires_at < now()).returning(PendingSignIn.id)
    )  # fmt: skip


def visit_cookie(secret: str) -> Cookie:
    return own_cookie(COOKIE, secret, max_age=int(LASTS.total_seconds()))


def _derived(browser: str, state: str, purpose: str) -> str:
    digest = hmac.digest(
        browser.encode("utf-8", "replace"), f"{purpose}:{state}".encode("utf-8", "replace"), hashlib.sha256
    )
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _box(browser: str, state: str) -> "Fernet":
    from cryptography.fernet import Fernet

    return Fernet(_derived(browser, state, "kept") + "=")


def _sealed(text: str, browser: str, state: str) -> str:
    return _box(browser, state).encrypt(text.encode("utf-8", "replace")).decode() if text else ""


def _opened(sealed: str, browser: str, state: str) -> str:
    from cryptography.fernet import InvalidToken

    try:
        return _box(browser, state).decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""
