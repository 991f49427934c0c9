"""What was typed comes back: after a session ended, when somebody signed in again in another tab, or when a verb refused it.

Nothing of it is stored, but for minutes, sealed, while somebody signs in at another site (oidc/visits.py). The page that asks to sign in carries the posted fields along, and after signing in the page with the form
is shown as it was, with every field filled in. Nothing is sent before the person presses the button again.

Only where a form asked for a fresh proof (guards.py: freshly_proved) does it go on by itself: the same person has pressed its
button a moment ago, in the same session.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, cast
from urllib.parse import quote, urlencode

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from incubator.core.refusals import Stale
from incubator.http.csrf import FIELD as TOKEN
from incubator.http.csrf import OUTDATED, OWNER, is_genuine, owner_in
from incubator.http.failure import has_failed
from incubator.http.form_body import (
    TOO_LARGE,
    URLENCODED,
    Body,
    Posted,
    body_of,
    header,
    is_from_here,
    is_script,
    posted_of,
    secret_of,
)
from incubator.http.form_request import fields_in
from incubator.http.forms import Form
from incubator.http.inside import REFUSED, location_of, page_as_seen, posting
from incubator.http.once import CARRIED_OUT
from incubator.http.refill import main_of, refill
from incubator.http.reply import Reply, captured
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, render

#: In a request's state: sign in first; or, after signing in, what was kept and the session's secret.
SIGN_IN_FIRST, SIGNED_IN = "sign_in_first", "signed_in_with"
#: In a request's state: prove first who you are; or, after that, what was kept.
PROVE_FIRST, PROVED = "prove_first", "proved_with"
FIELD = "kept"
#: The page that asks for a second factor, or for the password.
ASKS_FOR_PROOF = "/second-factor"
#: A text without a field that is shorter than this is a choice rather than something written.
_A_LINE = 40
_REASONS = {SIGN_IN_FIRST, PROVE_FIRST, OUTDATED, TOO_LARGE}


#: Where a browser comes back that signed in at another site (oidc_pages.py).
_RETURN = re.compile(r"/sign-in/with/[^/]+/return")


@dataclass(frozen=True, slots=True)
class SignedInWith:
    kept: str
    secret: str
    page: str = ""
    """Where the session asks for the second factor before it opens anything; empty: it is open."""


def proof_page(to: str) -> str:
    """Return the address of the page that asks for proof and then leads to ``to``."""
    return f"{ASKS_FOR_PROOF}?next={quote(to, safe='')}"


class KeptForms:
    """ASGI middleware around the site's app.

    ``site`` answers a GET request like any browser's, ``again`` a form that goes on after a proof.
    """

    def __init__(self, app: Any, site: Any, again: Any, largest: int) -> None:
        self.app = app
        self._site = site
        self._again = again
        self._largest = largest

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        is_return = scope["type"] == "http" and scope["method"] == "GET" and bool(_RETURN.fullmatch(scope["path"]))
        if not (is_return or _is_form(scope)):
            await self.app(scope, receive, send)
            return
        body = await body_of(receive, self._largest)
        answer = await captured(self.app, scope, body)
        if is_return and SIGNED_IN not in scope["state"]:
            await answer.send(send)
            return
        await (await self._instead(scope, body, answer) or answer).send(send)

    async def _instead(self, scope: Any, body: Body, answer: Reply) -> Reply | None:
        """Return what the person gets instead of the app's answer, where a text would be lost otherwise."""
        state = scope["state"]
        if known := state.get(SIGNED_IN):
            return await self._signed_in(scope, known, answer)
        if kept := Posted.from_json(state.get(PROVED, "")):
            return await self._go_on_with(scope, kept)
        if state.get(REFUSED):
            return await self._refused(scope, body, answer)
        if not body.is_whole or not is_from_here(scope):
            return None
        if _REASONS & state.keys():
            return await self._of_no_session(scope, body, await _posted(scope, body))
        is_refilled = answer.status == 422 and answer.is_page
        return _with_lost_words(scope, answer, await _posted(scope, body)) if is_refilled else None

    async def _of_no_session(self, scope: Any, body: Body, posted: Posted) -> Reply | None:
        if scope["state"].get(PROVE_FIRST):
            token = await _token(scope, body)
            kept = replace(posted, values=[*posted.values, (TOKEN, token)]).as_json()
            is_ours = is_genuine(token, secret_of(scope))
            return await self._asked_for_proof(scope, kept, proof_page(posted.page)) if is_ours else None
        if scope["state"].get(SIGN_IN_FIRST):
            return await self._asked_to_sign_in(scope, posted) if posted.texts else None
        return await self._of_another_session(scope, posted)

    async def _signed_in(self, scope: Any, known: SignedInWith, answer: Reply) -> Reply | None:
        """Show the form again, after the second factor if that is still missing."""
        if known.page:
            return await self._asked_for_proof(scope, known.kept, known.page, secret=known.secret, told=answer)
        kept = Posted.from_json(known.kept)
        shown = await self._shown_again(scope, kept, secret=known.secret) if kept else None
        return shown and replace(shown, headers=[*shown.headers, *_cookies_of(answer)])

    async def _asked_to_sign_in(self, scope: Any, posted: Posted) -> Reply | None:
        if scope.get("awaits_factor"):
            return await self._asked_for_proof(scope, posted.as_json(), proof_page(posted.page))
        return await _asked_to_sign_in(scope, posted)

    async def _asked_for_proof(
        self, scope: Any, kept: str, place: str, *, secret: str = "", told: Reply | None = None
    ) -> Reply | None:
        """Return the page that asks for proof, with what was typed in each of its forms."""
        shown = await page_as_seen(self._site, scope, place, secret=secret, state={FIELD: kept})
        if shown.status != 200:
            return None
        return replace(
            shown, status=200 if told else 401, headers=[*shown.headers, *(_cookies_of(told) if told else ())]
        )

    async def _go_on_with(self, scope: Any, kept: Posted) -> Reply | None:
        """Send the form that asked for proof, as its browser would; None if it is not of this very session."""
        token = _first(TOKEN, kept.values)
        if owner_in(token) != scope[OWNER] or not is_genuine(token, secret_of(scope)):
            return None
        body = Body.of(urlencode(kept.values).encode())
        asked = posting(scope, kept.action, kept.page or "/", body.content)
        answer = await captured(self._again, asked, body)
        if asked["state"].get(REFUSED):
            return await self._refused(asked, body, answer) or answer
        scope["state"][CARRIED_OUT] = body.content if answer.is_redirect else b""
        return answer

    async def _refused(self, scope: Any, body: Body, answer: Reply) -> Reply | None:
        """Show a form that a verb refused as it was typed; None if nothing was typed: the page itself then says why."""
        refusal, place = scope["state"][REFUSED], location_of(answer)
        if not (place and body.is_whole and is_from_here(scope)):
            return None
        posted = await _posted(scope, body)
        shown = await page_as_seen(self._site, scope, place, told=answer)
        # Whoever is told that somebody else has changed it decides on top of what stands there now.
        values = posted.without_versions if isinstance(refusal, Stale) else posted.values
        filled = refill(shown.body.decode(), posted.action, values) if shown.status == 200 else None
        if filled and filled.is_typed:
            notice = render(Request(scope), "people/_refused.html", address=place)
            return Reply(refusal.status, shown.headers, filled.with_notice(notice).encode())
        is_lost = filled is None and any(len(text) > _A_LINE for text in posted.texts)
        return await _for_copying(scope, posted, answer) if is_lost else None

    async def _of_another_session(self, scope: Any, posted: Posted) -> Reply | None:
        if not posted.texts:
            return _go_on(posted) if scope.get("user") and scope["state"].get(OUTDATED) else None
        if posted.owner not in {"", scope[OWNER]}:
            return None
        return await self._shown_again(scope, posted, status=413 if scope["state"].get(TOO_LARGE) else 403)

    async def _shown_again(self, scope: Any, posted: Posted, *, secret: str = "", status: int = 200) -> Reply:
        request: AnyRequest = Request(scope)
        back = "/"
        for place in posted.places:
            answer = await page_as_seen(self._site, scope, place, secret=secret)
            back = place if back == "/" and answer.status == 200 else back
            filled = refill(answer.body.decode(), posted.action, posted.values) if answer.status == 200 else None
            if filled:
                notice = render(
                    request, "people/_typed_again.html", rest=filled.rest, address=place, is_too_large=status == 413
                )
                return Reply(status, answer.headers, filled.with_notice(notice).encode())
        shown = page(request, "people/typed.html", status=status, texts=posted.texts, back=back)
        return await captured(shown.to_asgi_response(None, request), scope, None)


def _is_form(scope: Any) -> bool:
    return scope["type"] == "http" and scope["method"] == "POST" and not is_script(scope) and not has_failed(scope)


def _with_lost_words(scope: Any, answer: Reply, posted: Posted) -> Reply | None:
    """Return the page with the texts that it does not show: its form may be gone, as somebody else was faster."""
    # It waits in the form for signing in, unseen by whoever is there.
    if posted.action.partition("?")[0] != scope["path"]:
        return None
    html = answer.body.decode()
    shown = _words(unescape(html))
    lost = [text for text in posted.texts if len(text) > _A_LINE and _words(text) not in shown]
    if not lost:
        return None
    at = main_of(html)
    notice = render(
        Request(scope), "components/_unsent.html", rest=lost, is_in_fields=False, is_saved=False, is_too_large=False,
        is_leaving=False, address="",
    )  # fmt: skip
    headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]
    return replace(answer, headers=headers, body=(html[:at] + notice + html[at:]).encode())


def _words(text: str) -> str:
    return " ".join(text.split())


async def _for_copying(scope: Any, posted: Posted, answer: Reply) -> Reply:
    """Return a page with the texts; the refusal's own message stands on the page to which it leads."""
    request: AnyRequest = Request(scope)
    status = scope["state"][REFUSED].status
    typed = page(request, "people/typed.html", status=status, texts=posted.texts, back=location_of(answer))
    shown = await captured(typed.to_asgi_response(None, request), scope, None)
    return replace(shown, headers=[*shown.headers, *_cookies_of(answer)])


async def _token(scope: Any, body: Body) -> str:
    """Return the token that came with the form."""
    request: AnyRequest = Request(cast(Any, {**scope, "state": {}}), body.again)
    return _first(TOKEN, await _fields(request, body))


def _first(name: str, fields: Iterable[tuple[str, Any]]) -> str:
    return next((value for given, value in fields if given == name and isinstance(value, str)), "")


def _cookies_of(answer: Reply) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in answer.headers if name == b"set-cookie"]


async def _posted(scope: Any, body: Body) -> Posted:
    """Return what was typed: into this form, or into one before it, if this is the form for signing in."""
    request: AnyRequest = Request(cast(Any, {**scope, "state": {}}), body.again)
    fields = await _fields(request, body)
    return Posted.from_json(_first(FIELD, fields)) or posted_of(request, fields)


async def _fields(request: AnyRequest, body: Body) -> list[tuple[str, Any]]:
    if header(request.scope, b"content-type").startswith(URLENCODED):
        return list(fields_in(body.content))  # whatever its size
    try:
        fields = list((await request.form()).multi_items())
    except (HTTPException, ValueError):  # a body that is no form
        return []
    for _name, value in fields:
        if isinstance(value, UploadFile):  # nobody wants it here, and the framework closes only its own request's
            await value.close()
    return fields


def _go_on(posted: Posted) -> Reply:
    """Return a redirect: whoever is signed in already need not sign in."""
    there = dict(posted.values).get("next", "")
    return Reply(303, [(b"location", f"/sign-in?next={quote(there, safe='')}".encode())], b"")


async def _asked_to_sign_in(scope: Any, posted: Posted) -> Reply:
    request: AnyRequest = Request(scope)
    form = Form(next=posted.page or "/", kept=posted.as_json())
    shown = page(request, "people/sign_in.html", status=401, form=form)
    return await captured(shown.to_asgi_response(None, request), scope, None)
