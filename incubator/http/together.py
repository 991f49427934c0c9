"""Several forms of one page, sent together where no script runs.

A browser sends one form, and what was typed into the others is gone with the page. So every page lends the fields of its
forms to one of them, under names of their own, and each button says whose it is (lending.py). What arrives is taken apart here:
the long form is saved first, if the page has one, then the form of the button is carried out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from urllib.parse import urlencode

from litestar import Request

from incubator.db.writing import at_first
from incubator.http.csrf import FIELD, OWNER, SIGN_OUT, owner_in
from incubator.http.failure import has_failed
from incubator.http.form_body import (
    TOO_LARGE,
    URLENCODED,
    Body,
    above,
    body_of,
    header,
    is_from_here,
    is_script,
)
from incubator.http.form_request import fields_in
from incubator.http.inside import REFUSED, cookies_of, first_page, location_of
from incubator.http.lending import LENT, PRESSED, STAYS
from incubator.http.refill import Changed, Refilled, changed_in, is_version, main_of, refill, unticked_in
from incubator.http.reply import Reply, captured
from incubator.http.requests import came_from
from incubator.http.templating import address_of, render, safe_path

_LENT_IN_BODY = re.compile(rb"(?:^|&)(?:[0-9a-f]{8}[._-]|then=)")

Pairs = list[tuple[str, str]]


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
    lent: Pairs = field(default_factory=list)
    """All fields of other forms than the main one."""
    whose: str = ""
    """The key of the form whose button was pressed."""
    unticked: list[str] = field(default_factory=list)
    """The names of boxes that were ticked and are not any more: browsers send nothing of them."""
    written: set[str] = field(default_factory=set)
    """The texts among them that somebody has certainly written."""
    main_stays: bool = False
    """Whether the main form is not saved, since another button was pressed than its own (lending.py)."""

    @property
    def has_main(self) -> bool:
        """Return whether there is a main form that does more than bring the others together."""
        return any(name != FIELD for name, _value in self.main)

    def set_main_aside(self) -> None:
        """Let the main form be one of those whose buttons were not pressed."""
        self.beside = [*(pair for pair in self.main if pair[0] != FIELD), *self.beside]
        self.main = [pair for pair in self.main if pair[0] == FIELD]

    def untick(self, names: Iterable[str]) -> None:
        """Note what was unticked, with what was typed into the same form; of the main form, if it is set aside."""
        for name in names:
            found = LENT.fullmatch(name)
            if found or not self.has_main:
                (self.typed if found and found[1] == self.whose else self.beside).append((name, ""))
                self.unticked.append(name)

    def leave_unchanged(self, changed: Changed | None) -> None:
        """Keep of the other forms only what was changed; None: the page cannot tell."""
        if changed is None:
            lent = ((LENT.fullmatch(name), value) for name, value in [*self.typed, *self.beside])
            self.written = {value for name, value in lent if name and name[2] == "."}
        else:
            self.written = {value for _name, value in changed.texts}
            self.beside = [pair for pair in self.beside if pair[0] in changed.names or is_version(pair[0])]


def taken_apart(pairs: Pairs) -> FormsSent:
    """Return the forms in what arrived."""
    given = next((value for name, value in pairs if name == PRESSED), "")
    whose, action, button = [*given.split(" ", 2), "", "", ""][:3]
    sent = FormsSent(action=safe_path(action, ""), own=fields_in(button.encode()), whose=whose)
    for name, value in pairs:
        if found := LENT.fullmatch(name):
            _sort(sent, found, value, is_pressed=found[1] == whose)
        elif name not in {PRESSED, STAYS}:
            sent.main.append((name, value))
    sent.main_stays = bool(sent.action) and any(name == STAYS for name, _value in pairs)
    return sent


def _sort(sent: FormsSent, name: re.Match[str], value: str, *, is_pressed: bool) -> None:
    """Put a lent field where it belongs."""
    sent.lent.append((name[0], value))
    if is_pressed:
        sent.own.append((name[3], value))
    if name[2] == "-" or (name[2] == "." and value.strip()):
        (sent.typed if is_pressed else sent.beside).append((name[0], value))


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
        is_form = body.is_whole and header(scope, b"content-type").startswith(URLENCODED)
        if not is_form or not is_from_here(scope) or not _LENT_IN_BODY.search(body.content):
            await self.app(scope, body, send)
            return
        sent = taken_apart(fields_in(body.content))
        if not scope.get("user"):
            await (await self._of_nobody(scope, sent) or await captured(self.app, scope, body)).send(send)
        elif _is_own(scope, sent):
            await (await self._answer(scope, sent)).send(send)
        else:  # nobody else sees what was typed
            await self.app(scope, body, send)

    async def _of_nobody(self, scope: Any, sent: FormsSent) -> Reply | None:
        """Send the form of the button alone; None if that is the main one.

        Whoever must sign in is asked to, and all that they typed waits for them (people/kept_forms.py); a public page may
        take the form as it is.
        """
        keys = {name[:8] for name, _value in sent.lent}
        if not (sent.has_main or sent.action) and len(keys) == 1:  # Enter
            sent = taken_apart([*sent.main, *sent.lent, (PRESSED, f"{keys.pop()} {scope['path']} ")])
        is_alone = sent.action == SIGN_OUT or (sent.action and not sent.has_main)
        return await self._send(scope, sent) if is_alone else None

    async def _answer(self, scope: Any, sent: FormsSent) -> Reply:
        """Save the main form, then carry out the one whose button was pressed; give back what is not sent yet."""
        if sent.main_stays or sent.action == SIGN_OUT:
            sent.set_main_aside()
        await self._sift(scope, sent)
        if sent.action == SIGN_OUT:
            return await self._leaves(scope, sent)
        if sent.has_main:
            return await self._save_first(scope, sent)
        return await (self._carry_out(scope, sent) if sent.action else self._enters(scope, sent))

    async def _save_first(self, scope: Any, sent: FormsSent) -> Reply:
        saved = await self._save(scope, sent)
        if scope["state"].get(REFUSED) or saved.status == 403:
            return saved  # all of it is given back (people/kept_forms.py)
        if not saved.is_redirect:
            return _beside(scope, saved, [*sent.typed, *sent.beside], sent.written, is_saved=False) or saved
        if sent.action:
            return await self._carry_out(scope, sent)
        return await self._with_unsent(scope, saved, sent.beside, sent.written)

    async def _sift(self, scope: Any, sent: FormsSent) -> None:
        """Find out what somebody has written, and leave of the other forms what is not as the page itself would show it."""
        at, action = came_from(Request(scope)), address_of(Request(scope))
        place, shown = await self._page(scope, at)
        html = shown.body.decode() if shown.is_page else ""
        everything = [*sent.main, *sent.lent, *sent.beside]
        sent.leave_unchanged(changed_in(html, action, [*sent.typed, *sent.beside]))
        if place == at:  # another page has other boxes
            sent.untick(sorted(unticked_in(html, action, everything)))

    async def _send(self, scope: Any, sent: FormsSent) -> Reply:
        csrf = [pair for pair in sent.main if pair[0] == FIELD]
        return await self._post(scope, sent.action, [*csrf, *sent.own])

    async def _carry_out(self, scope: Any, sent: FormsSent) -> Reply:
        answer = await self._send(scope, sent)
        if answer.status == 413 and (again := await self._too_large(scope, [*sent.typed, *sent.beside], sent.written)):
            scope["state"].pop(TOO_LARGE, None)
            return again
        unsent = [*sent.typed, *sent.beside] if scope["state"].pop(REFUSED, None) else sent.beside
        return await self._with_unsent(scope, answer, unsent, sent.written)

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
        content = urlencode(pairs).encode()
        # Litestar keeps what it has read of a request under names of its own; this is another request.
        state = {name: value for name, value in scope["state"].items() if not name.startswith("_")}
        headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        asked = {
            **scope, "path": path, "raw_path": path.encode(), "query_string": query.encode(), "state": state,
            "headers": [*headers, (b"content-length", str(len(content)).encode())],
        }  # fmt: skip
        answer = await captured(self.app, asked, Body.of(content))
        scope["state"].update({name: value for name, value in state.items() if not name.startswith("_")})
        return answer

    async def _with_unsent(self, scope: Any, answer: Reply, unsent: Pairs, written: set[str]) -> Reply:
        if not (unsent and answer.is_redirect):
            return _beside(scope, answer, unsent, written) or answer
        place, shown = await self._page(scope, location_of(answer), told=answer)
        again = _beside(scope, shown, unsent, written, place=place)
        return replace(again, headers=[*again.headers, *cookies_of(answer)]) if again else answer

    async def _enters(self, scope: Any, sent: FormsSent) -> Reply:
        """Carry out the form in which Enter was pressed: the only one that was typed into, if it has one button.

        Otherwise show the page as it is, with what was typed.
        """
        place, shown = await self._page(scope, came_from(Request(scope)))
        if pressed := _only_button(shown.body.decode(), address_of(Request(scope)), sent.beside):
            again = taken_apart([*sent.main, *sent.lent, (PRESSED, pressed)])
            again.untick(sent.unticked)
            return await self._carry_out(scope, again)
        back = Reply(303, [(b"location", place.encode())], b"")
        return _beside(scope, shown, sent.beside, sent.written, place=place) or back

    async def _leaves(self, scope: Any, sent: FormsSent) -> Reply:
        """Sign out, unless something that was typed would be lost: then the page comes back and asks."""
        place, shown = await self._page(scope, came_from(Request(scope)))
        asked = _beside(scope, shown, sent.beside, sent.written, is_leaving=True, place=place)
        return asked or await self._send(scope, sent)

    async def _too_large(self, scope: Any, unsent: Pairs, written: set[str]) -> Reply | None:
        """Return the page as it is now: the main form is saved, and goes on from there."""
        place, shown = await self._page(scope, came_from(Request(scope)))
        again = _beside(scope, shown, unsent, written, is_too_large=True, place=place)
        return again and replace(again, status=413)

    async def _page(self, scope: Any, place: str, *, told: Reply | None = None) -> tuple[str, Reply]:
        """Return the page at this place or above the form: the place may have been the answer to a form itself."""
        path = place.partition("#")[0].partition("?")[0]
        return await first_page(self._site, scope, (place, *above(path), *above(scope["path"])), told=told)


def _is_own(scope: Any, sent: FormsSent) -> bool:
    """Return whether the page was made for whoever is signed in now."""
    return owner_in(dict(sent.main).get(FIELD, "")) == str(scope[OWNER])


def _only_button(html: str, action: str, beside: Pairs) -> str:
    """Return the value of the button that belongs to what was typed; empty if several may, or nothing was typed."""
    changed = changed_in(html, action, beside)
    keys = {name[:8] for name, _value in changed.texts} if changed else set()
    found = re.findall(rf' name="{PRESSED}" value="({min(keys)} [^"]*)"', html) if len(keys) == 1 else []
    return unescape(found[0]) if len(found) == 1 else ""


def _beside(
    scope: Any,
    answer: Reply,
    unsent: Pairs,
    written: set[str],
    *,
    is_saved: bool = True,
    is_too_large: bool = False,
    is_leaving: bool = False,
    place: str = "",
) -> Reply | None:
    """Return the page with what was typed beside the form that it is about: in its fields, or else above them.

    None if nothing was typed or chosen.
    """
    if not unsent or not answer.is_page:
        return None
    filled = _filled(answer.body.decode(), address_of(Request(scope)), unsent, takes_focus=not is_leaving)
    rest = [value for value in filled.rest if value in written]
    if not (rest or filled.is_typed or filled.is_chosen):
        return None
    notice = render(
        Request(scope),
        "components/_unsent.html",
        rest=rest,
        is_in_fields=filled.is_typed or filled.is_chosen,
        is_saved=is_saved,
        is_too_large=is_too_large,
        is_leaving=is_leaving,
        address=place,
    )
    headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]
    return Reply(answer.status, headers, filled.with_notice(notice).encode())


def _filled(html: str, action: str, unsent: Pairs, *, takes_focus: bool) -> Refilled:
    nowhere = Refilled(html, main_of(html), [value for _name, value in unsent], False)
    return refill(html, action, unsent, is_part=True, takes_focus=takes_focus) or nowhere
