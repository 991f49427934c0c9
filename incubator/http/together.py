"""Several forms of one page, sent together where no script runs.

A browser sends one form, and what was typed into the others is gone with the page. So a page with a long form, such as a
document or a review, lends the fields of its other forms to that one (``lent``), under names of their own, and each button
says whose it is. What arrives is taken apart here: the long form is saved first, then the form of the button is carried out.

Scripts give every field back to its own form as soon as they run (static/js/apart.js), because they save by themselves.
"""

import hashlib
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar import Request
from markupsafe import Markup

from incubator.db.writing import at_first
from incubator.http.csrf import FIELD
from incubator.http.failure import has_failed
from incubator.http.form_body import TOO_LARGE, Body, above, body_of, header, is_from_here, is_script
from incubator.http.inside import REFUSED, location_of, page_as_seen
from incubator.http.once import Reply, captured
from incubator.http.refill import OWN, Attributes, Edit, Refilled, Tags, edited, main_of, refill, tag_of
from incubator.http.requests import came_from
from incubator.http.templating import address_of, render, safe_path

#: The name of every lent button. Its value: whose it is, where that form goes, and its own name and value.
PRESSED = "then"
#: The name of a lent field: whose it is, a mark, and its own name. The marks: ``.`` a text, empty at first; ``-`` a choice, or
#: what has a value from the beginning, so that it may be as nobody wrote it; ``_`` hidden.
_LENT = re.compile(r"([0-9a-f]{8})([._-])(.*)", re.DOTALL)
_LENT_IN_BODY = re.compile(rb"(?:^|&)(?:[0-9a-f]{8}[._-]|then=)")
_CHOICES = {"checkbox", "radio"}
_URLENCODED = b"application/x-www-form-urlencoded"

Pairs = list[tuple[str, str]]


class _Lendable(Tags):
    """The forms of a piece of a page: the tags of their fields and buttons."""

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.forms: list[tuple[str, list[tuple[str, Attributes, int, int]]]] = []
        self._controls: list[tuple[str, Attributes, int, int]] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form" and a.get("method") == "post" and "enctype" not in a:
            self._controls = []
            self.forms.append((a.get("action") or "", self._controls))
        elif self._controls is not None and _is_lendable(tag, a):
            self._controls.append((tag, a, *self.span()))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._controls = None


def _is_lendable(tag: str, a: Attributes) -> bool:
    if tag == "button":
        return a.get("type") != "button"
    return tag in {"input", "textarea", "select"} and a.get("name") not in {None, FIELD} and "form" not in a


def lent(html: str, main: str) -> Markup:
    """Return the forms in ``html``, lent to the form whose id is ``main``, if there is one: a filter for templates."""
    html = str(html)  # not Markup, which would escape what is put into it
    if not main:
        return Markup(html)  # noqa: S704 - our own template has rendered it
    edits = []
    for action, controls in _Lendable(html).forms:
        key = _key(action, [a for tag, a, _start, _end in controls if tag != "button"])
        for tag, a, start, end in controls:
            new = _button(a, key, action) if tag == "button" else _field(tag, a, key)
            edits.append(
                Edit(start, end, tag_of(tag, {"form": main, **new, **{k: v for k, v in a.items() if k not in new}}))
            )
    return Markup(edited(html, edits))  # noqa: S704 - our own template has rendered it


def _key(action: str, fields: list[Attributes]) -> str:
    """Return what tells this form from the others of its page, the same whenever the page is shown."""
    names = [(a.get("name"), a.get("value") if a.get("type") == "hidden" else "") for a in fields]
    return hashlib.sha256(repr((action, names)).encode()).hexdigest()[:8]


def _field(tag: str, a: Attributes, key: str) -> Attributes:
    is_chosen = tag == "select" or a.get("type") in _CHOICES or a.get("value")
    mark = "_" if a.get("type") == "hidden" else "-" if is_chosen else "."
    return {"name": f"{key}{mark}{a.get('name')}", OWN: a.get("name")}


def _button(a: Attributes, key: str, action: str) -> Attributes:
    name, value = a.get("name") or "", a.get("value") or ""
    own = urlencode({name: value}) if name else ""
    return {"name": PRESSED, "value": f"{key} {action} {own}", OWN: name, f"{OWN}-value": value}


@dataclass(slots=True)
class FormsSent:
    """What arrived, taken apart."""

    main: Pairs = field(default_factory=list)
    action: str = ""
    """Where the form goes whose button was pressed; empty if the main form's own was."""
    own: Pairs = field(default_factory=list)
    """The fields of that form."""
    typed: Pairs = field(default_factory=list)
    """What was typed into it, under the names as lent."""
    beside: Pairs = field(default_factory=list)
    """What was typed into forms whose buttons were not pressed, under the names as lent."""


def taken_apart(pairs: Pairs) -> FormsSent:
    """Return the forms in what arrived."""
    given = next((value for name, value in pairs if name == PRESSED), "")
    whose, action, button = [*given.split(" ", 2), "", "", ""][:3]
    sent = FormsSent(action=safe_path(action, ""), own=parse_qsl(button, keep_blank_values=True))
    for name, value in pairs:
        found = _LENT.fullmatch(name)
        if found and found[1] == whose:
            sent.own.append((found[3], value))
        if found and found[2] != "_" and value.strip():
            (sent.typed if found[1] == whose else sent.beside).append((name, value))
        if not found and name != PRESSED:
            sent.main.append((name, value))
    return sent


class Together:
    """ASGI middleware around the site's app, inside the one that keeps forms; ``site`` answers GET requests."""

    def __init__(self, app: Any, site: Any, largest: int) -> None:
        self.app = app
        self._site = site
        self._largest = largest

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or is_script(scope) or has_failed(scope):
            await self.app(scope, receive, send)
            return
        body = await body_of(receive, self._largest)
        is_form = body.is_whole and header(scope, b"content-type").startswith(_URLENCODED)
        # Whoever is not signed in is asked to sign in first, and what they typed waits for them as it is.
        if not is_form or not scope.get("user") or not is_from_here(scope) or not _LENT_IN_BODY.search(body.content):
            await self.app(scope, body, send)
            return
        pairs = parse_qsl(body.content.decode("utf-8", "replace"), keep_blank_values=True)
        await (await self._answer(scope, taken_apart(pairs))).send(send)

    async def _answer(self, scope: Any, sent: FormsSent) -> Reply:
        """Save the main form, then carry out the one whose button was pressed; give back what is not sent yet."""
        if all(name == FIELD for name, _value in sent.main):  # the main form only brings the others together
            return await (self._carry_out(scope, sent) if sent.action else self._stays(scope, sent.beside))
        saved = await self._save(scope, sent)
        if scope["state"].get(REFUSED) or saved.status == 403:
            return saved  # all of it is given back (people/kept_forms.py)
        if not saved.is_redirect:
            return _beside(scope, saved, [*sent.typed, *sent.beside], is_saved=False) or saved
        if sent.action:
            return await self._carry_out(scope, sent)
        return await self._with_unsent(scope, saved, sent.beside)

    async def _carry_out(self, scope: Any, sent: FormsSent) -> Reply:
        csrf = [pair for pair in sent.main if pair[0] == FIELD]
        answer = await self._post(scope, sent.action, [*csrf, *sent.own])
        if answer.status == 413 and (again := await self._too_large(scope, [*sent.typed, *sent.beside])):
            scope["state"].pop(TOO_LARGE, None)
            return again
        unsent = [*sent.typed, *sent.beside] if scope["state"].pop(REFUSED, None) else sent.beside
        return await self._with_unsent(scope, answer, unsent)

    async def _save(self, scope: Any, sent: FormsSent) -> Reply:
        if not sent.action:
            return await self._post(scope, scope["path"], sent.main)
        # The other form is the one that must not be carried out twice; saving twice changes nothing.
        token = at_first.set(None)
        try:
            return await self._post(scope, scope["path"], sent.main)
        finally:
            at_first.reset(token)

    async def _post(self, scope: Any, address: str, pairs: Pairs) -> Reply:
        path, _mark, query = address.partition("?")
        content, state = urlencode(pairs).encode(), dict(scope["state"])
        headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        asked = {
            **scope, "path": path, "raw_path": path.encode(), "query_string": query.encode(), "state": state,
            "headers": [*headers, (b"content-length", str(len(content)).encode())],
        }  # fmt: skip
        answer = await captured(self.app, asked, Body.of(content))
        scope["state"].update({name: value for name, value in state.items() if not name.startswith("_")})
        return answer

    async def _with_unsent(self, scope: Any, answer: Reply, unsent: Pairs) -> Reply:
        if not (unsent and answer.is_redirect):
            return _beside(scope, answer, unsent, is_saved=True) or answer
        place, shown = await self._page(scope, location_of(answer), told=answer)
        return _beside(scope, shown, unsent, is_saved=True, place=place) or answer

    async def _stays(self, scope: Any, unsent: Pairs) -> Reply:
        """Show the page as it is, with what was typed."""
        place, shown = await self._page(scope, came_from(Request(scope)))
        back = Reply(303, [(b"location", place.encode())], b"")
        return _beside(scope, shown, unsent, is_saved=True, place=place) or back

    async def _too_large(self, scope: Any, unsent: Pairs) -> Reply | None:
        """Return the page as it is now: the main form is saved, and goes on from there."""
        place, shown = await self._page(scope, came_from(Request(scope)))
        again = _beside(scope, shown, unsent, is_saved=True, is_too_large=True, place=place)
        return again and replace(again, status=413)

    async def _page(self, scope: Any, place: str, *, told: Reply | None = None) -> tuple[str, Reply]:
        """Return the page at this place or above the form: the place may have been the answer to a form itself."""
        path = place.partition("#")[0].partition("?")[0]
        for each in dict.fromkeys(filter(None, (place, *above(path), *above(scope["path"])))):
            shown = await page_as_seen(self._site, scope, each, told=told)
            if shown.status == 200:
                return each, shown
        return "/", Reply(404, [], b"")


def _beside(
    scope: Any, answer: Reply, unsent: Pairs, *, is_saved: bool, is_too_large: bool = False, place: str = ""
) -> Reply | None:
    """Return the page with what was typed beside the form that it is about: in its fields, or else above them.

    None if nothing was typed.
    """
    if not unsent or not answer.body:
        return None
    html = answer.body.decode()
    filled = refill(html, address_of(Request(scope)), unsent, is_part=True) or Refilled(
        html, main_of(html), [value for _name, value in unsent], False
    )
    rest = [value for value in filled.rest if value in _texts(unsent)]
    if not (rest or filled.is_typed):
        return None
    notice = render(
        Request(scope),
        "components/_unsent.html",
        rest=rest,
        is_saved=is_saved,
        is_too_large=is_too_large,
        address=place,
    )
    headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]
    return Reply(answer.status, headers, filled.with_notice(notice).encode())


def _texts(unsent: Pairs) -> set[str]:
    """Return what somebody has certainly written."""
    found = ((_LENT.fullmatch(name), value) for name, value in unsent)
    return {value for name, value in found if name and name[2] == "."}
