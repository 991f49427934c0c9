"""A real OpenID provider for tests: authlib's server side, over HTTP, with RS256 signatures. It can also be told to lie."""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode
from joserfc import jws, jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from incubator.config import SignInProvider, provider_setting

CLIENT, SECRET = "incubator", "s3cret-0f-the-incubator"

#: Makes the id_token of the claims with the provider's key; a test may put another in its place.
Sign = Callable[[dict[str, Any], RSAKey], str]


def sign(claims: dict[str, Any], key: RSAKey) -> str:
    return jws.serialize_compact({"alg": "RS256", "kid": key.kid}, json.dumps(claims).encode(), key)


class _Client(ClientMixin):  # type: ignore[misc]
    def __init__(self, provider: "IdentityProvider") -> None:
        self._provider = provider

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sign-in/with/school/return")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self._provider.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in self._provider.methods

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class _Code(AuthorizationCodeMixin):  # type: ignore[misc]
    code: str
    user: dict[str, Any]
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None


@cache
def _first_key() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


@dataclass
class IdentityProvider:
    """The provider, what it knows, and what it has been asked."""

    address: str
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Claims by subject."""
    key: RSAKey = field(default_factory=_first_key)
    sign: Sign = sign
    codes: dict[str, _Code] = field(default_factory=dict)
    is_single_use: bool = True
    """A code counts once, as the standard demands."""
    has_address_in_token: bool = True
    """Else the address has to be asked for with the access token."""
    secret: str = SECRET
    methods: list[str] = field(default_factory=lambda: ["client_secret_basic", "client_secret_post"])
    """How its client may prove itself."""
    is_down: bool = False
    odd: dict[str, Any] = field(default_factory=dict)
    """What it publishes instead of the truth: parts of its description, or its ``keys``."""
    asked: list[str] = field(default_factory=list)

    def environment(self, key: str = "school") -> dict[str, str]:
        """Return the settings of a server for which this is the provider."""
        values = {
            "ISSUER": self.address,
            "CLIENT_ID": CLIENT,
            "CLIENT_SECRET": self.secret,
            "NAME": "Школа",
            "NAME_EN": "School",
        }
        return {"INCUBATOR_OIDC": key} | {provider_setting(key, name): value for name, value in values.items()}

    def settings(self, key: str = "school", **changes: str) -> SignInProvider:
        values = {"client_id": CLIENT, "client_secret": self.secret, "name_ru": "Школа", "name_en": "School"} | changes
        return SignInProvider(key=key, issuer=self.address, **values)

    @property
    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": self.methods,
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
        }


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """Run a provider on a free port of this machine."""
    app = flask.Flask("provider")
    server = make_server("localhost", 0, app, threaded=True)
    provider = IdentityProvider(f"http://localhost:{server.server_port}")
    _add_pages(app, provider)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _add_pages(app: flask.Flask, provider: IdentityProvider) -> None:
    access: dict[str, dict[str, Any]] = {}

    class Codes(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            provider.codes[code] = _Code(
                code, request.user, request.payload.redirect_uri, request.payload.scope, asked.get("nonce", ""),
                asked.get("code_challenge", ""), asked.get("code_challenge_method", ""),
            )  # fmt: skip

        def query_authorization_code(self, code: str, client: Any) -> _Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: _Code) -> None:
            if provider.is_single_use:
                del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: _Code) -> dict[str, Any]:
            return authorization_code.user

    class Tokens(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return any(code.nonce == nonce for code in provider.codes.values())

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            return {"iss": provider.address, "aud": [CLIENT]}

        def get_encode_header(self, client: Any) -> dict[str, str]:
            return {"alg": "RS256", "kid": str(provider.key.kid)}

        def resolve_client_private_key(self, client: Any) -> RSAKey:
            return provider.key

        def generate_user_info(self, user: dict[str, Any], scope: str) -> dict[str, Any]:
            return user if provider.has_address_in_token else {"sub": user["sub"]}

        def encode_id_token(self, token: Any, request: Any) -> str:
            true = jwt.decode(super().encode_id_token(token, request), provider.key).claims
            return provider.sign(true, provider.key)

    def save_token(token: dict[str, Any], request: Any) -> None:
        access[token["access_token"]] = request.user

    client = _Client(provider)
    server = AuthorizationServer(app, lambda name: client if name == CLIENT else None, save_token)
    server.register_grant(Codes, [Tokens(require_nonce=True), CodeChallenge(required=True)])

    @app.before_request
    def note() -> Any:
        provider.asked.append(flask.request.path)
        return ("away", 503) if provider.is_down else None

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        return flask.jsonify(provider.document | provider.odd)

    @app.get("/keys")
    def keys() -> Any:
        return flask.jsonify(
            {"keys": [{"kty": "what", "kid": "?"}, provider.key.as_dict(private=False)]} | provider.odd
        )

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        """Show who can sign in here; whoever is chosen goes back with a code."""
        chosen = flask.request.form.get("user", "")
        grant = server.get_consent_grant(end_user=None)
        if flask.request.method == "GET":
            buttons = "".join(f'<button name="user" value="{sub}">{sub}</button>' for sub in provider.users)
            return f'<h1>Provider</h1><form method="post">{buttons}<button name="user" value="">no</button></form>'
        return server.create_authorization_response(grant_user=provider.users.get(chosen), grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Any:
        user = access.get(flask.request.headers.get("authorization", "").removeprefix("Bearer "))
        return flask.jsonify(user) if user else ("", 401)

    cast(Any, app).secret_key = secrets.token_bytes(16)
