"""The code that a browser brings back, exchanged for a signed statement of who it is; every part of that is checked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from incubator.config import SignInProvider
from incubator.core import limits
from incubator.core.clock import now
from incubator.core.email_address import normalised
from incubator.core.text import clean_line
from incubator.core.visible import says_something
from incubator.people.oidc.errors import NotProved, ProviderAway
from incubator.people.oidc.provider import SIGNATURES, asked, is_safe, keys_for, published

if TYPE_CHECKING:
    from joserfc.jwt import Token

#: Seconds by which the clocks of two servers may differ.
_LEEWAY = 60
_LONGEST_TOKEN = 32 * 1024


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody for whom a provider vouches."""

    issuer: str
    subject: str
    email: str
    """As accounts here have it; empty if the provider names none that can be an address."""
    is_confirmed: bool
    """The provider says that the mailbox is theirs."""
    given_name: str = ""
    family_name: str = ""


async def visitor_with(provider: SignInProvider, code: str, *, verifier: str, nonce: str, back: str) -> Visitor:
    """Exchange the code and return whom the provider names. Raises ProviderAway, NotProved."""
    known = await published(provider)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    try:
        answer = await asked("POST", known.address("token_endpoint"), **_credentials(provider, known.document, form))
    except ProviderAway as error:
        if 400 <= error.answered < 500:  # it is there, and takes the code or our secret for wrong
            raise NotProved(error.detail) from error
        raise
    token, access = answer.get("id_token"), answer.get("access_token")
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
        raise NotProved("no id_token")
    claims = await checked_claims(provider, token, nonce=nonce, access_token=access)
    return visitor_of(provider, claims | await _more(provider, claims, access))


def _credentials(provider: SignInProvider, document: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
    """Return how this site proves to the provider that it is its client, in a way that the provider knows.

    RFC 6749, section 2.3.1, has both encoded before they are joined for HTTP's own way; not every provider decodes them,
    so what encoding would change goes with the form where that is possible.
    """
    given = document.get("token_endpoint_auth_methods_supported")
    methods = given if isinstance(given, list) and given else ["client_secret_basic"]
    name, password = quote_plus(provider.client_id), quote_plus(provider.client_secret)
    is_plain = (name, password) == (provider.client_id, provider.client_secret)
    if (
        provider.client_secret
        and "client_secret_basic" in methods
        and (is_plain or "client_secret_post" not in methods)
    ):
        return {"data": form, "auth": (name, password)}
    secret = {"client_secret": provider.client_secret} if provider.client_secret else {}
    return {"data": form | {"client_id": provider.client_id} | secret}


async def checked_claims(
    provider: SignInProvider, token: str, *, nonce: str, access_token: object = None
) -> dict[str, Any]:
    """Return the claims of an id_token: signed by the provider, for us, now, for this browser. Raises NotProved, ProviderAway."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        header = jws.extract_compact(token.encode()).headers()
        signature, kid = header.get("alg"), header.get("kid")
        if signature not in SIGNATURES:
            raise NotProved(f"signed with {str(signature)[:20]!r}")
        for key in await keys_for(provider, kid if isinstance(kid, str) else None):
            if (read := _read(token, key, str(signature))) is not None:
                break
        else:
            raise NotProved("no key of the provider fits")
        claims = CodeIDToken(
            read.claims, read.header,
            options={"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": provider.client_id}},
            params={"nonce": nonce, "client_id": provider.client_id, "access_token": access_token},
        )  # fmt: skip
        claims.validate(now=int(now().timestamp()), leeway=_LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise NotProved(f"{type(error).__name__}: {str(error)[:100]}") from error
    if not nonce or not _subject(claims):
        raise NotProved("no nonce or no subject")
    return dict(claims)


def _read(token: str, key: Any, signature: str) -> "Token | None":
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        return jwt.decode(token, key, algorithms=[signature])
    except (JoseError, ValueError):
        return None


def _subject(claims: dict[str, Any]) -> str:
    """Return what the provider calls the account: at most 255 ASCII characters (OpenID Connect Core, section 2)."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or len(subject) > 255:
        return ""
    return subject if subject.isascii() and subject.isprintable() else ""


async def _more(provider: SignInProvider, claims: dict[str, Any], access: object) -> dict[str, Any]:
    """Return what the provider tells only if asked: some leave the address out of the token."""
    address = (await published(provider)).address("userinfo_endpoint")
    if (
        {"email", "email_verified"} <= claims.keys()
        or not isinstance(access, str)
        or not is_safe(address, provider.issuer)
    ):
        return {}
    told = await asked("GET", address, headers={"authorization": f"Bearer {access}"})
    if told.get("sub") != claims["sub"]:
        raise NotProved("userinfo is about somebody else")
    names = ("email", "email_verified", "given_name", "family_name")
    return {name: told[name] for name in names if name in told} if told.get("email") else {}


def visitor_of(provider: SignInProvider, claims: dict[str, Any]) -> Visitor:
    email = claims.get("email")
    try:
        address = normalised(email) if isinstance(email, str) else ""
    except ValueError:
        address = ""
    return Visitor(
        provider.issuer, _subject(claims), address if len(address) <= 254 else "",
        is_confirmed=claims.get("email_verified") is True,
        given_name=_name(claims.get("given_name")), family_name=_name(claims.get("family_name")),
    )  # fmt: skip


def _name(given: object) -> str:
    name = clean_line(given) if isinstance(given, str) else ""
    return name if len(name) <= limits.NAME and says_something(name) else ""
